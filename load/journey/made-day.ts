import { seededRng } from "#shared/lib/rng.ts";

import { packProjection, planeTravel, type ReplayInstance } from "../replay/instance.ts";

export interface MadeDay {
  readonly seed: number;
  readonly orders: number;
  readonly restaurants: number;
  readonly couriers: number;
  /** Minutes in which the orders are placed. */
  readonly overMin: number;
  /** When the couriers go home. */
  readonly offMin?: number;
  readonly customers?: number;
}

const SIDE_M = 3_000;

/** A generated instance in the form of a pack: a small town and one busy hour, the same for the same seed. */
export function madeDay(made: MadeDay): ReplayInstance {
  const { seed, orders, restaurants, couriers, overMin, offMin = 240, customers } = made;
  const rng = seededRng(seed);
  const upTo = (most: number) => Math.floor(rng() * most);
  const { toPoint } = packProjection();
  const place = () => toPoint({ xM: upTo(SIDE_M), yM: upTo(SIDE_M) });
  return {
    name: `made-${seed}`,
    travel: planeTravel(320),
    pickupServiceMin: 4,
    dropoffServiceMin: 4,
    targetMin: 40,
    maxMin: 90,
    restaurants: Array.from({ length: restaurants }, (_, index) => ({ id: `r${index}`, ...place() })),
    couriers: Array.from({ length: couriers }, (_, index) => ({ id: `c${index}`, ...place(), onMin: 0, offMin })),
    ...(customers === undefined ? {} : { customers }),
    orders: Array.from({ length: orders }, (_, index) => {
      const placedMin = 2 + Math.floor((index * overMin) / orders);
      const readyMin = placedMin + 4 + upTo(9);
      return { id: `o${index}`, ...place(), restaurantId: `r${upTo(restaurants)}`, placedMin, readyMin };
    }),
  };
}
