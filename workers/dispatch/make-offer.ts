import { and, eq, inArray } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { markets } from "#drizzle/schema/people.ts";
import { offerOf, offerTold, type RoundOf } from "#shared/domain/dispatch/offer.ts";
import type { Commit } from "#shared/domain/dispatch/round.ts";
import { PLATFORM } from "#shared/domain/order/change.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import { isUniqueViolation } from "#shared/server/db/unique-violation.ts";
import type { UnitOfWork, Work } from "#shared/server/db/unit-of-work.ts";
import { offerViews } from "#shared/server/life/courier-state.ts";
import { lockOrders } from "#shared/server/life/load-order.ts";
import { endSuggestion } from "#shared/server/life/suggestions.ts";
import { newId } from "#shared/server/new-id.ts";

/**
 * Turns one commit of a plan into an offer to its courier. Fenced: only while the round is still the market's newest, the
 * deliveries still open and in no offer, the courier without one; else nothing happens, and the next round plans anew.
 * The unique indexes hold what the checks could miss. [DSP16, DSP17]
 *
 * @param lifeMs deployment ms that the courier has to answer
 * @returns the offer's id, or undefined when it came too late
 */
export async function makeOffer(
  uow: UnitOfWork,
  of: RoundOf,
  commit: Commit,
  lifeMs: number,
): Promise<string | undefined> {
  try {
    return await uow.run(async (w) => {
      const open = await lockIfOpen(w, of, commit);
      if (!open) return undefined;
      const offerId = await insertOffer(w, of, commit, open, lifeMs);
      await endSuggestion(w, { marketId: of.marketId, id: commit.courierId }, "overtaken", PLATFORM);
      await tellOffer(w, of, commit, open, offerId);
      return offerId;
    });
  } catch (error) {
    if (isUniqueViolation(error)) return undefined;
    throw error;
  }
}

/** The orders of the added deliveries, locked; undefined when the round is no longer the newest or one of them is taken. */
async function lockIfOpen(w: Work, { marketId, round }: RoundOf, commit: Commit): Promise<LoadedOrder[] | undefined> {
  const added = await w.tx
    .select({ orderId: deliveries.orderId })
    .from(deliveries)
    .where(and(eq(deliveries.marketId, marketId), inArray(deliveries.id, [...commit.addedIds])));
  const locked = await lockOrders(
    w.tx,
    marketId,
    added.map((row) => row.orderId),
  );
  const [market] = await w.tx
    .select({ round: markets.dispatchRound })
    .from(markets)
    .where(eq(markets.id, marketId))
    .for("share");
  const pending = locked.filter(({ delivery }) => delivery?.status === "PENDING" && delivery.pinnedAtMs === null);
  return market?.round === round && pending.length === commit.addedIds.length ? locked : undefined;
}

async function insertOffer(
  w: Work,
  of: RoundOf,
  commit: Commit,
  locked: readonly LoadedOrder[],
  lifeMs: number,
): Promise<string> {
  const offerId = newId();
  await w.tx.insert(offers).values(offerOf(offerId, of, commit, locked, lifeMs, w.nowMs));
  await w.tx.insert(offerDeliveries).values(
    commit.addedIds.map((deliveryId, position) => ({
      marketId: of.marketId,
      offerId,
      deliveryId,
      position,
      open: true,
    })),
  );
  return offerId;
}

async function tellOffer(
  w: Work,
  of: RoundOf,
  commit: Commit,
  locked: readonly LoadedOrder[],
  offerId: string,
): Promise<void> {
  const [offer] = await offerViews(w.tx, of.marketId, [offerId]);
  for (const told of offerTold(of, commit, locked, offer, offerId)) w.append(told);
}
