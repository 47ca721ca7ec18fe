import type { DeliveryStatus } from "../../contracts/states.ts";
import type { Point } from "../geo/point.ts";
import type { LoadedOrder } from "../order/records.ts";

/**
 * A screen does not flicker: a new time is told when it differs by more than this share of what is left. At the door
 * 45 seconds count, half an hour away two minutes do not.
 */
const WORTH_SHARE = 0.1;
const WORTH_AT_LEAST_MS = 45_000;
const WORTH_AT_MOST_MS = 180_000;

/** An order is looked at again from this long before its promise's late end: its customer hears of it before it breaks. */
export const WARNED_BEFORE_MS = 600_000;

/** States in which a courier is on the way, so that where they are changes when they come. */
export const MOVING: readonly DeliveryStatus[] = ["ACCEPTED", "PICKUP_ONGOING", "ORDER_PICKED", "DELIVERY_ONGOING"];

/** Whether an order's time is looked at again by itself: its courier moves, or its promise is near its end. [ETA8, ETA9] */
export function isLookedAtAgain({ order, delivery }: LoadedOrder, nowMs: number): boolean {
  if (!delivery || delivery.endedAtMs !== null) return false;
  const nearItsEnd = order.promisedP90AtMs !== null && order.promisedP90AtMs < nowMs + WARNED_BEFORE_MS;
  return (
    (delivery.courierId !== null && MOVING.includes(delivery.status)) || (order.confirmedAtMs !== null && nearItsEnd)
  );
}

/** The order with its courier at the newest place, when one is known. */
export function seenAt(loaded: LoadedOrder, place: Point | undefined): LoadedOrder {
  return place && loaded.courier
    ? { ...loaded, courier: { ...loaded.courier, lastLat: place.lat, lastLng: place.lng } }
    : loaded;
}

/** Whether a new time is worth telling: the nearer the food, the smaller the changes that are. [ETA8] [ETA23] */
export function etaDiffers({ order }: LoadedOrder, p50AtMs: number | undefined, nowMs: number): boolean {
  if (p50AtMs === undefined) return false;
  const told = order.etaP50AtMs ?? 0;
  // By what is nearer: what was told, or what is to be.
  const leftMs = Math.max(0, Math.min(told, p50AtMs) - nowMs);
  const worthMs = Math.min(WORTH_AT_MOST_MS, Math.max(WORTH_AT_LEAST_MS, leftMs * WORTH_SHARE));
  return Math.abs(p50AtMs - told) > worthMs;
}

/** The courier's place, the restaurant and the customer's door, as far as they are known: the ways of an estimate lie between them. */
export function stopsOf({ courier, restaurant, order }: LoadedOrder): Point[] {
  const known = (lat: number | null | undefined, lng: number | null | undefined): Point[] =>
    typeof lat === "number" && typeof lng === "number" ? [{ lat, lng }] : [];
  return [
    ...known(courier?.lastLat, courier?.lastLng),
    { lat: restaurant.lat, lng: restaurant.lng },
    ...known(order.dropLat, order.dropLng),
  ];
}
