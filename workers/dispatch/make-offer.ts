import { and, eq, inArray } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { markets } from "#drizzle/schema/people.ts";
import type { Commit, RoundPlan } from "#shared/domain/dispatch/round.ts";
import type { UnitOfWork } from "#shared/server/db/unit-of-work.ts";
import { offerViews } from "#shared/server/life/courier-state.ts";
import { lockOrders } from "#shared/server/life/load-order.ts";
import { newId } from "#shared/server/new-id.ts";

/** Postgres' code for a unique index that refuses: somebody was first, which is ordinary here. */
const UNIQUE_VIOLATION = "23505";

export interface RoundOf {
  readonly marketId: string;
  readonly round: number;
  readonly plan: RoundPlan;
}

/**
 * Turns one commit of a plan into an offer to its courier. Fenced: only while the round is still the market's newest, the
 * deliveries still open and in no offer, the courier without one; else nothing happens, and the next round plans anew.
 * The unique indexes hold what the checks could miss. [DSP20, DSP21]
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
  const { marketId, round, plan } = of;
  try {
    return await uow.run(async (w) => {
      const added = await w.tx
        .select({ id: deliveries.id, orderId: deliveries.orderId })
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
      const stillOpen =
        locked.length === commit.addedIds.length && locked.every(({ delivery }) => delivery?.status === "PENDING");
      if (market?.round !== round || !stillOpen) return undefined;

      const offerId = newId();
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
        reason: {
          version: plan.version,
          round,
          kind: commit.kind,
          numbers: commit.numbers,
          weighed: commit.weighed,
          settings: plan.settings,
        },
      });
      await w.tx
        .insert(offerDeliveries)
        .values(
          commit.addedIds.map((deliveryId, position) => ({ marketId, offerId, deliveryId, position, open: true })),
        );
      const [view] = await offerViews(w.tx, marketId, [offerId]);
      w.append({
        marketId,
        type: "offer.made",
        payload: { offer: view },
        actorRole: "platform",
        actorId: null,
        in: { courier: commit.courierId },
      });
      for (const { order, delivery } of locked) {
        const reason = {
          offerId,
          courierId: commit.courierId,
          round,
          numbers: commit.numbers,
          weighed: commit.weighed,
        };
        w.append({
          marketId,
          type: "delivery.offered",
          payload: { order: { id: order.id, status: order.status }, reason: { ...reason, deliveryId: delivery?.id } },
          actorRole: "platform",
          actorId: null,
          in: { order: order.id },
        });
      }
      return offerId;
    });
  } catch (error) {
    if (isUniqueViolation(error)) return undefined;
    throw error;
  }
}

function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return code === UNIQUE_VIOLATION || isUniqueViolation(error.cause);
}
