import type { Point } from "../geo/point.ts";
import type { Demand } from "./round.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How far back the pace of orders is taken. */
export const PACE_MS = 30 * MINUTE_MS;
/** How far back a market that never ends counts each kitchen's orders. */
export const DAY_SO_FAR_MS = 24 * HOUR_MS;
/** Every restaurant counts as if it had had so many orders before the day: none is ruled out, and the first do not decide all. */
const PRIOR_ORDERS = 1;
/** What kitchens take until enough of them have been seen. */
const PRIOR_PREP_MS = 15 * MINUTE_MS;
const ENOUGH_SEEN = 10;

/** A restaurant that may get orders, and how many it has had today. */
export interface KitchenSoFar {
  readonly restaurantId: string;
  readonly pickup: Point;
  readonly orders: number;
  /** How long it usually takes from the placing to ready; 0 when nobody said. */
  readonly prepMs: number;
}

/** What a day's orders so far tell of those to come. */
export interface DaySoFar {
  readonly kitchens: readonly KitchenSoFar[];
  /** Their orders of the last {@link PACE_MS}. */
  readonly lately: number;
  /** Preparation times that were seen, for kitchens of which nobody said one. */
  readonly preps?: { readonly sumMs: number; readonly seen: number };
}

/**
 * Where orders are to be expected, from the orders of the day so far and nothing else: the pace of the last half hour, shared
 * out as the day's orders have been.
 *
 * @returns one entry for each kitchen, in the order given
 */
export function expectedDemand({ kitchens, lately, preps }: DaySoFar): Demand[] {
  const perHour = lately * (HOUR_MS / PACE_MS);
  const usualMs = !preps || preps.seen < ENOUGH_SEEN ? PRIOR_PREP_MS : preps.sumMs / preps.seen;
  const all = kitchens.reduce((sum, { orders }) => sum + orders + PRIOR_ORDERS, 0);
  return kitchens.map(({ restaurantId, pickup, orders, prepMs }) => ({
    restaurantId,
    pickup,
    ordersPerHour: (perHour * (orders + PRIOR_ORDERS)) / all,
    prepMs: prepMs > 0 ? prepMs : usualMs,
  }));
}
