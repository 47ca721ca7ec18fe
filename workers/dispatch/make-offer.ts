import { and, eq, inArray } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { markets } from "#drizzle/schema/people.ts";
import type { Commit, RoundPlan } from "#shared/domain/dispatch/round.ts";
import { isUniqueViolation } from "#shared/server/db/unique-violation.ts";
import type { UnitOfWork, Work } from "#shared/server/db/unit-of-work.ts";
import { offerViews } from "#shared/server/life/courier-state.ts";
import { lockOrders, type LoadedOrder } from "#shared/server/life/load-order.ts";
import { newId } from "#shared/server/new-id.ts";

export interface RoundOf {
  readonly marketId: string;
  readonly round: number;
  readonly plan: RoundPlan;
}

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
  const pending = locked.filter(({ delivery }) => delivery?.status === "PENDING");
  return market?.round === round && pending.length === commit.addedIds.length ? locked : undefined;
}

async function insertOffer(
  w: Work,
  { marketId, round, plan }: RoundOf,
  commit: Commit,
  locked: readonly LoadedOrder[],
  lifeMs: number,
): Promise<string> {
  const offerId = newId();
  const { kind, numbers, weighed } = commit;
  await w.tx.insert(offers).values({
    marketId,
    id: offerId,
    courierId: commit.courierId,
    restaurantId: commit.restaurantId,
    status: "offered",
    round,
    offeredAtMs: w.nowMs,
    expiresAtMs: w.nowMs + lifeMs,
    payMinor: locked.reduce((sum, { order }) => sum + order.price.deliveryMinor + order.price.tipMinor, 0),
    reason: { version: plan.version, round, kind, numbers, weighed, settings: plan.settings },
  });
  await w.tx
    .insert(offerDeliveries)
    .values(commit.addedIds.map((deliveryId, position) => ({ marketId, offerId, deliveryId, position, open: true })));
  return offerId;
}

/** The courier is told the offer; the office, in each order's stream, why it was made. */
async function tellOffer(
  w: Work,
  { marketId, round }: RoundOf,
  commit: Commit,
  locked: readonly LoadedOrder[],
  offerId: string,
): Promise<void> {
  const by = { marketId, actorRole: "platform", actorId: null };
  const [offer] = await offerViews(w.tx, marketId, [offerId]);
  w.append({ ...by, type: "offer.made", payload: { offer }, in: { courier: commit.courierId } });
  const { courierId, numbers, weighed } = commit;
  for (const { order, delivery } of locked) {
    const reason = { offerId, deliveryId: delivery?.id, courierId, round, numbers, weighed };
    const payload = { order: { id: order.id, status: order.status }, reason };
    w.append({ ...by, type: "delivery.offered", payload, in: { order: order.id } });
  }
}
