import type { DeliveryStatus } from "../../contracts/states.ts";
import type { Point } from "../geo/point.ts";
import type { LoadedOrder } from "../order/records.ts";

/** A screen does not flicker: a new time is told when it differs by more than this. */
export const ETA_HYSTERESIS_MS = 90_000;

/** States in which a courier is on the way, so that where they are changes when they come. */
export const MOVING: readonly DeliveryStatus[] = ["ACCEPTED", "PICKUP_ONGOING", "ORDER_PICKED", "DELIVERY_ONGOING"];

/** The order with its courier at the newest place, when one is known. */
export function seenAt(loaded: LoadedOrder, place: Point | undefined): LoadedOrder {
  return place && loaded.courier
    ? { ...loaded, courier: { ...loaded.courier, lastLat: place.lat, lastLng: place.lng } }
    : loaded;
}

/** Whether a new time is worth telling. [ETA8] */
export function etaDiffers({ order }: LoadedOrder, p50AtMs: number | undefined): boolean {
  return p50AtMs !== undefined && Math.abs(p50AtMs - (order.etaP50AtMs ?? 0)) > ETA_HYSTERESIS_MS;
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
