import { planRound } from "#shared/domain/dispatch/plan-round.ts";
import type { Commit, OpenDelivery, RoundCourier, RoundInput, RoundSettings } from "#shared/domain/dispatch/round.ts";
import { routerBy } from "#shared/domain/router/router.ts";

/** What a policy says: who is offered what, in which order of drops. */
export type Sent = Pick<Commit, "courierId" | "restaurantId" | "deliveryIds" | "addedIds">;

/** Decides one round by what a round knows. */
export type Policy = (input: RoundInput, settings: RoundSettings) => readonly Sent[];

/** The live round itself. */
const live: Policy = (input, settings) => planRound(input, settings).commits;

/**
 * What is commonly called greedy: as soon as a round knows of an order, oldest first, the nearest courier with free hands
 * gets it alone, however long the kitchen takes. Nobody is waited for and nothing is bundled.
 */
const nearest: Policy = ({ nowMs, deliveries, couriers, router }, { handover }) => {
  const free = new Set(
    couriers.filter(
      ({ freeAtMs, onTheWay, activeOfferCount, capacity }) =>
        freeAtMs <= nowMs && !onTheWay && activeOfferCount === 0 && capacity > 0,
    ),
  );
  const reaches = (courier: RoundCourier, { pickup, readyAtMs, excludedCourierIds }: OpenDelivery) => {
    if (excludedCourierIds.includes(courier.id)) return Infinity;
    const { durationS } = routerBy(router, courier.vehicle).leg(courier.freePoint, pickup);
    const wayMs = durationS * 1000;
    const inHandMs = Math.max(nowMs + wayMs + handover.beforePickupMs, readyAtMs);
    return inHandMs <= courier.shiftEndsAtMs ? wayMs : Infinity;
  };
  const oldest = deliveries.toSorted((a, b) => a.placedAtMs - b.placedAtMs || (a.id < b.id ? -1 : 1));
  return oldest.flatMap((delivery) => {
    let best: RoundCourier | undefined;
    let leastMs = Infinity;
    for (const courier of free) {
      const wayMs = reaches(courier, delivery);
      if (wayMs < leastMs) [best, leastMs] = [courier, wayMs];
    }
    if (!best) return [];
    free.delete(best);
    const ids = [delivery.id];
    return [{ courierId: best.id, restaurantId: delivery.restaurantId, deliveryIds: ids, addedIds: ids }];
  });
};

export const POLICIES: Readonly<Record<string, Policy>> = { live, nearest };
