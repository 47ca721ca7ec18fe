import type { DeliveryStatus } from "#shared/contracts/states.ts";
import type { Duty, Held } from "#shared/domain/dispatch/courier-in-round.ts";
import type { Ready } from "#shared/domain/eta/order-eta.ts";

import type { Hands } from "./person.ts";
import type { StoredOrder, StoredRestaurant, StoredShift } from "./stored-day.ts";

const MINUTE_MS = 60_000;

interface Stand {
  readonly status: DeliveryStatus;
  readonly arrivedAtMs: number | null;
  readonly excluded: string[];
}

/** An order as the store would have shown it at that moment: nothing of later, no ready time before the food stood there. [WIF1] */
export function heldOf(order: StoredOrder, restaurant: StoredRestaurant, stand: Stand, nowMs: number): Held {
  const toFetch = stand.status === "PICKUP_ONGOING" || stand.status === "ARRIVED_AT_MERCHANT";
  return {
    delivery: {
      id: order.id,
      restaurantId: order.restaurantId,
      status: stand.status,
      excludedCourierIds: stand.excluded,
      pinnedAtMs: null,
      arrivedAtMerchantAtMs: toFetch ? stand.arrivedAtMs : null,
      arrivedAtCustomerAtMs: toFetch ? null : stand.arrivedAtMs,
    },
    order: {
      id: order.orderId,
      placedAtMs: order.placedAtMs,
      readyAtMs: order.readyAtMs <= nowMs ? order.readyAtMs : null,
      readyEstimateAtMs: order.words.findLast(({ atMs }) => atMs <= nowMs)?.readyAtMs ?? null,
      dropLat: order.drop.lat,
      dropLng: order.drop.lng,
    },
    restaurant: restaurant.pickup,
    prepMinutes: restaurant.prepMinutes,
  };
}

/** When its food will be ready by the kitchen's words alone: what was believed of them on the day is not kept. */
export function saidReady({ order, prepMinutes }: Held, nowMs: number): Ready {
  if (order.readyAtMs !== null) return { readyAtMs: order.readyAtMs };
  return { readyAtMs: Math.max(order.readyEstimateAtMs ?? nowMs + prepMinutes * MINUTE_MS, nowMs) };
}

/** What a courier holds, in the order of stops. */
export function heldBy(
  { dropping, fetching, later }: Hands,
  restaurantOf: (order: StoredOrder) => StoredRestaurant,
  nowMs: number,
): Held[] {
  const as = (order: StoredOrder, status: DeliveryStatus, arrivedAtMs: number | null): Held =>
    heldOf(order, restaurantOf(order), { status, arrivedAtMs, excluded: [] }, nowMs);
  return [
    ...dropping.map(({ order, arrivedAtMs }) =>
      as(order, arrivedAtMs === null ? "DELIVERY_ONGOING" : "ARRIVED_AT_CUSTOMER", arrivedAtMs),
    ),
    ...fetching.map(({ order, arrivedAtMs }) =>
      as(order, arrivedAtMs === null ? "PICKUP_ONGOING" : "ARRIVED_AT_MERCHANT", arrivedAtMs),
    ),
    ...later.map((order) => as(order, "ACCEPTED", null)),
  ];
}

/** A shift as a round sees a courier: each has an id of its own, so that who comes back in the evening is another one. */
export function dutyOf({ id, vehicle, capacity, plannedEndMs }: StoredShift, hasOffer: boolean): Duty {
  return { courier: { id, vehicle, capacity }, shiftEndsAtMs: plannedEndMs, hasOffer };
}
