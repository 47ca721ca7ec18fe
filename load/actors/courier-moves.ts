import { assert } from "#shared/lib/assert.ts";
import type { Point } from "#shared/contracts/geo.ts";
import { DELIVERY_STATUSES, type DeliveryStatus } from "#shared/contracts/states.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

/** One delivery in a courier's hands, as far as riding needs it. */
export interface Carried {
  readonly deliveryId: string;
  readonly restaurantId: string;
  readonly status: DeliveryStatus;
  readonly pickup: Point;
  readonly drop: Point;
  /** Deployment time at which the kitchen said so; undefined until then. */
  readonly readyAtMs: number | undefined;
}

export type RideKind = "ride-to-merchant" | "ride-to-customer" | "ride-back";

/** The next thing that a courier does. `key` names it: while the key stays, what is being done goes on. */
export type Move =
  | { readonly kind: "set-out" | "pick-up"; readonly key: string; readonly of: readonly Carried[] }
  | { readonly kind: "await-food"; readonly key: string }
  | { readonly kind: RideKind; readonly key: string; readonly to: Point; readonly of: readonly Carried[] }
  | { readonly kind: "leave" | "hand-over"; readonly key: string; readonly of: readonly Carried[] };

/** What a courier has in hand, in stop order, from the courier's working state. */
export function carriedOf(order: SeenOrder): Carried {
  const { delivery, restaurantId, restaurantPoint, drop } = order;
  assert(delivery && restaurantId !== undefined && restaurantPoint && drop, "a courier sees where the work is");
  return {
    deliveryId: delivery.id,
    restaurantId,
    status: delivery.status,
    pickup: restaurantPoint,
    drop: drop.point,
    readyAtMs: order.readyAtMs ?? undefined,
  };
}

/**
 * What to do next: the first stop first; everything of one restaurant is picked up together, when all of it is ready.
 *
 * @param work in stop order, without what is finished
 */
export function nextMove(work: readonly Carried[]): Move | undefined {
  const [first] = work;
  if (!first) return undefined;
  const { deliveryId, status, restaurantId } = first;
  const of = [first];
  if (PICKUP.includes(status)) {
    const group = work.filter((each) => each.restaurantId === restaurantId && PICKUP.includes(each.status));
    return pickupMove(first, group);
  }
  if (status === "ORDER_PICKED") return { kind: "leave", key: `leave ${deliveryId}`, of };
  if (status === "DELIVERY_ONGOING") return { kind: "ride-to-customer", key: `to ${deliveryId}`, to: first.drop, of };
  if (status === "ARRIVED_AT_CUSTOMER") return { kind: "hand-over", key: `hand-over ${deliveryId}`, of };
  if (status === "RETURNING_TO_MERCHANT") return { kind: "ride-back", key: `back ${deliveryId}`, to: first.pickup, of };
  return nextMove(work.slice(1));
}

const PICKUP: readonly DeliveryStatus[] = ["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT"];

function pickupMove(first: Carried, group: readonly Carried[]): Move {
  const { restaurantId } = first;
  const waiting = group.filter((each) => each.status === "ACCEPTED");
  if (waiting.length > 0) return { kind: "set-out", key: `set-out ${restaurantId}`, of: waiting };
  const riding = group.filter((each) => each.status === "PICKUP_ONGOING");
  if (riding.length > 0) {
    return { kind: "ride-to-merchant", key: `at ${restaurantId}`, to: first.pickup, of: riding };
  }
  if (group.some((each) => each.readyAtMs === undefined)) return { kind: "await-food", key: `food ${restaurantId}` };
  return { kind: "pick-up", key: `pick-up ${restaurantId}`, of: group };
}

/** What is said to the platform when a move is done. */
export const COMMAND = {
  "set-out": "delivery.set-out",
  "ride-to-merchant": "delivery.arrive-at-merchant",
  "pick-up": "delivery.pick-up",
  leave: "delivery.leave",
  "ride-to-customer": "delivery.arrive-at-customer",
  "hand-over": "delivery.hand-over",
  "ride-back": "delivery.return",
} as const satisfies Record<Exclude<Move["kind"], "await-food">, string>;
export type StepKind = keyof typeof COMMAND;
export type StepName = (typeof COMMAND)[StepKind];

/** How far a delivery has come. */
export function rank(status: DeliveryStatus): number {
  return DELIVERY_STATUSES.indexOf(status);
}
