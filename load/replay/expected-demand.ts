import { expectedDemand, PACE_MS } from "#shared/domain/dispatch/expected-demand.ts";
import type { Demand } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import type { PlacedOrder } from "./day.ts";

const MINUTE_MS = 60_000;

interface Kitchen {
  readonly pickup: Point;
  /** 0 when nobody said. */
  readonly meanPrepMin: number;
}

export interface ExpectedDemand {
  hear(order: PlacedOrder): void;
  at(nowMs: number): Demand[];
}

/** Counts a day's orders as they are placed, for what is to be expected of each restaurant. */
export function expectDemand(restaurants: ReadonlyMap<string, Kitchen>): ExpectedDemand {
  const counts = new Map<string, number>();
  const placedAtMs: number[] = [];
  const preps = { sumMs: 0, seen: 0 };
  return {
    hear({ restaurantId, placedMin, readyMin }) {
      counts.set(restaurantId, (counts.get(restaurantId) ?? 0) + 1);
      placedAtMs.push(placedMin * MINUTE_MS);
      if (readyMin === undefined) return;
      preps.sumMs += (readyMin - placedMin) * MINUTE_MS;
      preps.seen += 1;
    },
    at(nowMs) {
      const firstLate = placedAtMs.findLastIndex((atMs) => atMs <= nowMs - PACE_MS) + 1;
      const kitchens = [...restaurants].map(([restaurantId, { pickup, meanPrepMin }]) => ({
        restaurantId,
        pickup,
        orders: counts.get(restaurantId) ?? 0,
        prepMs: meanPrepMin * MINUTE_MS,
      }));
      return expectedDemand({ kitchens, lately: placedAtMs.length - firstLate, preps });
    },
  };
}
