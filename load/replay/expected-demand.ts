import type { Demand } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import type { PlacedOrder } from "./day.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How far back the pace of orders is taken. */
const PACE_MS = 30 * MINUTE_MS;
/** Every restaurant counts as if it had had so many orders before the day: none is ruled out, and the first do not decide all. */
const PRIOR_ORDERS = 1;
/** What kitchens take until enough of them have been seen. */
const PRIOR_PREP_MS = 15 * MINUTE_MS;
const ENOUGH_SEEN = 10;

interface Kitchen {
  readonly pickup: Point;
  /** 0 when nobody said. */
  readonly meanPrepMin: number;
}

export interface ExpectedDemand {
  hear(order: PlacedOrder): void;
  /** The pace of the last half hour, shared out as the day's orders so far have been. */
  at(nowMs: number): Demand[];
}

/** What is to be expected of each restaurant, from the orders of the day so far and nothing else. */
export function expectDemand(restaurants: ReadonlyMap<string, Kitchen>): ExpectedDemand {
  const counts = new Map<string, number>();
  const placedAtMs: number[] = [];
  let prepSumMs = 0;
  let prepsSeen = 0;
  return {
    hear({ restaurantId, placedMin, readyMin }) {
      counts.set(restaurantId, (counts.get(restaurantId) ?? 0) + 1);
      placedAtMs.push(placedMin * MINUTE_MS);
      if (readyMin === undefined) return;
      prepSumMs += (readyMin - placedMin) * MINUTE_MS;
      prepsSeen += 1;
    },
    at(nowMs) {
      const firstLate = placedAtMs.findLastIndex((atMs) => atMs <= nowMs - PACE_MS) + 1;
      const perHour = (placedAtMs.length - firstLate) * (HOUR_MS / PACE_MS);
      const usualMs = prepsSeen < ENOUGH_SEEN ? PRIOR_PREP_MS : prepSumMs / prepsSeen;
      const all = placedAtMs.length + PRIOR_ORDERS * restaurants.size;
      return [...restaurants].map(([restaurantId, { pickup, meanPrepMin }]) => ({
        restaurantId,
        pickup,
        ordersPerHour: (perHour * ((counts.get(restaurantId) ?? 0) + PRIOR_ORDERS)) / all,
        prepMs: meanPrepMin > 0 ? meanPrepMin * MINUTE_MS : usualMs,
      }));
    },
  };
}
