import type { Point } from "#shared/contracts/geo.ts";
import type { DeliveryStatus } from "#shared/contracts/states.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

export type StepName =
  | "delivery.set-out"
  | "delivery.arrive-at-merchant"
  | "delivery.pick-up"
  | "delivery.leave"
  | "delivery.arrive-at-customer"
  | "delivery.hand-over"
  | "delivery.turn-back"
  | "delivery.return";

/** Where the courier is to go or to act now, with everything that is done there at once. */
export interface Stop {
  readonly at: "merchant" | "customer" | "return";
  /** All orders of this stop, in stop order; never empty. */
  readonly orders: readonly SeenOrder[];
  /** What the big button does, for those of the orders that it is for. */
  readonly step: StepName;
  readonly of: readonly SeenOrder[];
  /** The kitchen has not said ready for all of them: the step must wait. */
  readonly waiting: boolean;
}

const PICKUP: readonly DeliveryStatus[] = ["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT"];

/**
 * The stop that comes first: everything of one restaurant together, then drop by drop.
 *
 * @param work what is in hand, in stop order
 */
export function nextStop(work: readonly SeenOrder[]): Stop | undefined {
  const first = work.find((order) => !isDone(order));
  const status = first?.delivery?.status;
  if (!first || !status) return undefined;
  if (PICKUP.includes(status)) return merchantStop(first, work);
  if (status === "RETURNING_TO_MERCHANT") return stop("return", [first], "delivery.return", [first]);
  if (status === "ORDER_PICKED") return stop("customer", [first], "delivery.leave", [first]);
  if (status === "DELIVERY_ONGOING") return stop("customer", [first], "delivery.arrive-at-customer", [first]);
  return stop("customer", [first], "delivery.hand-over", [first]);
}

/** Where a stop is; undefined as long as the order does not tell it. */
export function pointOf({ at, orders: [order] }: Stop): Point | undefined {
  return at === "customer" ? order?.drop?.point : order?.restaurantPoint;
}

/** Where the courier is on the way to, or stands: the next stop from when they have said that they set out to it. [DMO14] */
export function headedFor(work: readonly SeenOrder[]): Point | undefined {
  const next = nextStop(work);
  if (!next || next.step === "delivery.set-out" || next.step === "delivery.leave") return undefined;
  return pointOf(next);
}

/** Stops after the next one: what else is in the bag, or to be fetched. */
export function laterOrders(work: readonly SeenOrder[], next: Stop | undefined): SeenOrder[] {
  return work.filter((order) => !isDone(order) && !next?.orders.some((each) => each.id === order.id));
}

/** The food is where it belongs; nothing is left to do. */
export function isDone(order: SeenOrder): boolean {
  const status = order.delivery?.status;
  return (
    status === undefined ||
    status === "PENDING" ||
    status === "ORDER_DELIVERED" ||
    status === "DELIVERY_FINISHED" ||
    status === "RETURNED_TO_MERCHANT" ||
    status === "CANCELLED"
  );
}

export function isReady(order: SeenOrder): boolean {
  return order.status === "READY" || order.status === "IN_DELIVERY" || (order.readyAtMs ?? null) !== null;
}

/** May be given back: the food is still at the restaurant. */
export function beforePickup(order: SeenOrder): boolean {
  return order.delivery !== undefined && order.delivery !== null && PICKUP.includes(order.delivery.status);
}

function merchantStop(first: SeenOrder, work: readonly SeenOrder[]): Stop {
  const here = work.filter((order) => order.restaurantId === first.restaurantId && beforePickup(order));
  const accepted = here.filter((order) => order.delivery?.status === "ACCEPTED");
  if (accepted.length > 0) return stop("merchant", here, "delivery.set-out", accepted);
  const riding = here.filter((order) => order.delivery?.status === "PICKUP_ONGOING");
  if (riding.length > 0) return stop("merchant", here, "delivery.arrive-at-merchant", riding);
  return { ...stop("merchant", here, "delivery.pick-up", here), waiting: !here.every(isReady) };
}

function stop(at: Stop["at"], orders: readonly SeenOrder[], step: StepName, of: readonly SeenOrder[]): Stop {
  return { at, orders, step, of, waiting: false };
}
