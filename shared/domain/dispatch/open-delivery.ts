import type { OrderStatus } from "../../contracts/states.ts";
import type { Ready } from "../eta/order-eta.ts";
import { dropOf, type Duty, type Held } from "./courier-in-round.ts";
import type { OpenDelivery } from "./round.ts";

const MINUTE_MS = 60_000;
/** Everybody has said no or not answered: after this they are asked again. */
const ASK_AGAIN_AFTER_MS = 2 * MINUTE_MS;

/** States of an order in which its delivery may be looked for a courier. */
export const DISPATCHED: readonly OrderStatus[] = ["CONFIRMED", "PREPARING", "READY"];

/** Couriers who could be asked: whoever has no time or no room would never say no, so waiting for them could be for ever. */
export function askableOf(duty: readonly Duty[], holding: (courierId: string) => number, nowMs: number): string[] {
  return duty
    .filter(({ courier, shiftEndsAtMs }) => shiftEndsAtMs > nowMs && holding(courier.id) < courier.capacity)
    .map(({ courier }) => courier.id);
}

/**
 * A delivery without a courier as a round sees it.
 *
 * @param lastAnsweredAtMs when an offer for it was last closed; 0 for never
 */
export function openDeliveryOf(
  held: Held,
  ready: Ready,
  lastAnsweredAtMs: number,
  askable: readonly string[],
  nowMs: number,
): OpenDelivery {
  const { delivery, order, restaurant } = held;
  const excluded = delivery.excludedCourierIds;
  const nobodyLeft = askable.every((id) => excluded.includes(id));
  const waited = nowMs - lastAnsweredAtMs >= ASK_AGAIN_AFTER_MS;
  return {
    id: delivery.id,
    orderId: order.id,
    restaurantId: delivery.restaurantId,
    pickup: restaurant,
    drop: dropOf(held),
    placedAtMs: order.placedAtMs,
    ...ready,
    excludedCourierIds: nobodyLeft && waited ? [] : excluded,
    priority: 0,
  };
}
