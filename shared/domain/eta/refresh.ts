import type { DeliveryStatus } from "../../contracts/states.ts";
import type { Point } from "../geo/point.ts";
import type { LoadedOrder } from "../order/records.ts";
import { groupBy } from "../../lib/group-by.ts";
import { earlierWork } from "./earlier-work.ts";

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
  const { promisedP90AtMs, confirmedAtMs } = order;
  const nearItsEnd = confirmedAtMs !== null && promisedP90AtMs !== null && promisedP90AtMs < nowMs + WARNED_BEFORE_MS;
  if (!delivery) return nearItsEnd && order.endedAtMs === null && order.readyAtMs === null;
  if (delivery.endedAtMs !== null) return false;
  return (delivery.courierId !== null && MOVING.includes(delivery.status)) || nearItsEnd;
}

/** Orders with what their couriers have to do before, as far as it is among them. [ETA41] */
export function withEarlier(loaded: readonly LoadedOrder[]): LoadedOrder[] {
  const held = groupBy(
    loaded.filter(({ delivery }) => typeof delivery?.courierId === "string"),
    ({ delivery }) => delivery?.courierId,
  );
  const stopOf = ({ delivery }: LoadedOrder) => delivery?.stopOrder ?? 0;
  return loaded.map((each) => {
    const others = held.get(each.delivery?.courierId ?? undefined) ?? [];
    const earlier = others
      .filter((other) => stopOf(other) < stopOf(each))
      .toSorted((a, b) => stopOf(a) - stopOf(b))
      .flatMap(({ delivery, order, restaurant }) => (delivery ? [earlierWork({ delivery, order, restaurant })] : []));
    return earlier.length > 0 ? { ...each, earlier } : each;
  });
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
  // A promise that will not be kept is told at once, however small the change. [ETA42]
  if (order.promisedP90AtMs !== null && told <= order.promisedP90AtMs && p50AtMs > order.promisedP90AtMs) return true;
  // By what is nearer: what was told, or what is to be.
  const leftMs = Math.max(0, Math.min(told, p50AtMs) - nowMs);
  const worthMs = Math.min(WORTH_AT_MOST_MS, Math.max(WORTH_AT_LEAST_MS, leftMs * WORTH_SHARE));
  return Math.abs(p50AtMs - told) > worthMs;
}

/** The courier's place, other stops, the restaurant and the customer's door, as far as they are known: the ways of an estimate lie between them. */
export function stopsOf({ courier, restaurant, order, earlier = [] }: LoadedOrder): Point[] {
  const known = (lat: number | null | undefined, lng: number | null | undefined): Point[] =>
    typeof lat === "number" && typeof lng === "number" ? [{ lat, lng }] : [];
  return [
    ...known(courier?.lastLat, courier?.lastLng),
    ...earlier.flatMap((work) => [work.restaurant, work.door]),
    { lat: restaurant.lat, lng: restaurant.lng },
    ...known(order.dropLat, order.dropLng),
  ];
}
