import type { Ready } from "../eta/order-eta.ts";
import type { Point } from "../geo/point.ts";
import type { CourierRecord, DeliveryRecord, OrderRecord } from "../order/records.ts";
import { routerBy, type Router } from "../router/router.ts";
import { groupBy } from "../../lib/group-by.ts";
import type { OnTheWay, RoundCourier, RoundSettings } from "./round.ts";

/** A courier on duty, as far as a round needs to know. */
export interface Duty {
  readonly courier: Pick<CourierRecord, "id" | "vehicle" | "capacity">;
  readonly shiftEndsAtMs: number;
  readonly hasOffer: boolean;
}

/** The same, as operators need to know. */
export interface OnDuty extends Duty {
  readonly courier: CourierRecord;
}

/** A delivery with what a round needs to know of it. */
export interface Held {
  readonly delivery: Pick<
    DeliveryRecord,
    | "id"
    | "restaurantId"
    | "status"
    | "excludedCourierIds"
    | "pinnedAtMs"
    | "arrivedAtMerchantAtMs"
    | "arrivedAtCustomerAtMs"
  >;
  readonly order: Pick<OrderRecord, "id" | "placedAtMs" | "readyAtMs" | "readyEstimateAtMs" | "dropLat" | "dropLng">;
  readonly restaurant: Point;
  readonly prepMinutes: number;
}

interface Place {
  readonly atMs: number;
  readonly point: Point;
}

/** When a delivery's food will be ready, as it is believed at the moment of the round. */
export type ReadyOf<H extends Held = Held> = (held: H) => Ready;

export function dropOf({ order, restaurant }: Pick<Held, "order" | "restaurant">): Point {
  return { lat: order.dropLat ?? restaurant.lat, lng: order.dropLng ?? restaurant.lng };
}

const TO_FETCH = ["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT"];

/**
 * A courier as a round sees one: the work in hand followed to its end, to know where and when there will be time, and what is
 * still to be fetched and can grow. What a dispatcher has pinned does not. [DSP27]
 *
 * @param held in stop order
 */
export function courierInRound<H extends Held>(
  duty: Duty,
  point: Point,
  held: readonly H[],
  readyOf: ReadyOf<H>,
  { nowMs, router, settings }: RoundAt,
): RoundCourier {
  const toFetch = held.filter(({ delivery }) => TO_FETCH.includes(delivery.status));
  const carried = held.filter((each) => !toFetch.includes(each));
  const walk = { nowMs, router: routerBy(router, duty.courier.vehicle), settings, readyOf };
  const afterCarried = carried.reduce<Place>((place, each) => afterDrop(place, each, walk), { atMs: nowMs, point });
  const fetches = [...groupBy(toFetch, ({ delivery }) => delivery.restaurantId)];
  const free = fetches.reduce<Place>((place, [, same]) => afterFetch(place, same, walk).end, afterCarried);
  const [only] = fetches;
  const pinned = held.some(({ delivery }) => delivery.pinnedAtMs !== null);
  const growing = only && fetches.length === 1 && carried.length === 0 && !pinned;
  return {
    id: duty.courier.id,
    point,
    freeAtMs: free.atMs,
    freePoint: free.point,
    ...(growing ? { onTheWay: onTheWay(only[0], only[1], afterCarried, walk) } : {}),
    shiftEndsAtMs: duty.shiftEndsAtMs,
    activeOfferCount: duty.hasOffer ? 1 : 0,
    capacity: duty.courier.capacity,
    vehicle: duty.courier.vehicle,
  };
}

/** The round for which something is reckoned. */
export interface RoundAt {
  readonly nowMs: number;
  readonly router: Router;
  readonly settings: RoundSettings;
}

/** @typeParam H what the round knows of a delivery */
interface Walk<H extends Held> extends RoundAt {
  readonly readyOf: ReadyOf<H>;
}

function wayMs(from: Point, to: Point, { router }: RoundAt): number {
  return Math.round(router.leg(from, to).durationS * 1000);
}

function afterDrop(place: Place, each: Held, walk: RoundAt): Place {
  const { beforeDropMs, afterDropMs } = walk.settings.handover;
  const to = dropOf(each);
  const thereAtMs = each.delivery.arrivedAtCustomerAtMs ?? place.atMs + wayMs(place.point, to, walk);
  return { atMs: Math.max(walk.nowMs, thereAtMs + beforeDropMs + afterDropMs), point: to };
}

function afterFetch<H extends Held>(
  place: Place,
  same: readonly H[],
  walk: Walk<H>,
): { readonly arriveAtMs: number; readonly end: Place } {
  const { beforePickupMs, afterPickupMs } = walk.settings.handover;
  const pickup = same[0]?.restaurant ?? place.point;
  const thereAtMs = same[0]?.delivery.arrivedAtMerchantAtMs ?? place.atMs + wayMs(place.point, pickup, walk);
  const arriveAtMs = thereAtMs + beforePickupMs;
  const pickupAtMs = Math.max(arriveAtMs, walk.nowMs, ...same.map((each) => walk.readyOf(each).readyAtMs));
  const start: Place = { atMs: pickupAtMs + afterPickupMs, point: pickup };
  return { arriveAtMs, end: same.reduce<Place>((at, each) => afterDrop(at, each, walk), start) };
}

function onTheWay<H extends Held>(restaurantId: string, same: readonly H[], place: Place, walk: Walk<H>): OnTheWay {
  return {
    restaurantId,
    pickup: same[0]?.restaurant ?? place.point,
    arriveAtMs: afterFetch(place, same, walk).arriveAtMs,
    deliveries: same.map((each) => ({
      id: each.delivery.id,
      drop: dropOf(each),
      placedAtMs: each.order.placedAtMs,
      ...walk.readyOf(each),
      priority: 0,
    })),
  };
}
