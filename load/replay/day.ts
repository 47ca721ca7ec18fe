import type { Point } from "#shared/contracts/geo.ts";
import type { Router } from "#shared/domain/router/router.ts";

/** What a policy is told at the start of a day. */
export interface Day {
  readonly router: Router;
  readonly pickupServiceMin: number;
  readonly dropoffServiceMin: number;
  readonly restaurants: readonly (Point & { readonly id: string; readonly meanPrepMin?: number })[];
  readonly couriers: readonly (Point & { readonly id: string; readonly onMin: number; readonly offMin: number })[];
}

export interface PlacedOrder extends Point {
  readonly id: string;
  readonly restaurantId: string;
  readonly placedMin: number;
  /** Absent when the kitchen does not know: then the restaurant's mean serves until the food is said to be ready. */
  readonly readyMin?: number;
}

/** What has become known in a minute: orders placed, food ready, food given back by couriers whose shift ended. */
export interface MinuteNews {
  readonly tMin: number;
  readonly placed: readonly PlacedOrder[];
  readonly ready: readonly string[];
  readonly returned: readonly string[];
}

/** Send a courier to one restaurant for these orders, in drop-off order, or to wait there. */
export type Instruction =
  | { readonly courier: string; readonly orders: readonly string[] }
  | { readonly courier: string; readonly moveTo: string };
