import type { DeliveryStatus } from "../../contracts/states.ts";
import type { Point } from "../geo/point.ts";
import type { DeliveryRecord, EarlierWork, OrderRecord } from "../order/records.ts";

/** Work in a courier's hands, as far as other work waits for it. */
export interface HeldWork {
  readonly delivery: Pick<DeliveryRecord, "status" | "restaurantId">;
  readonly order: Pick<OrderRecord, "dropLat" | "dropLng">;
  readonly restaurant: Point;
}

const TO_FETCH: readonly DeliveryStatus[] = ["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT"];

/** What the courier still has to do for it. Food that is taken back has its restaurant's door. */
export function earlierWork({ delivery, order, restaurant: { lat, lng } }: HeldWork): EarlierWork {
  const { status, restaurantId } = delivery;
  const back = status === "RETURNING_TO_MERCHANT" || order.dropLat === null || order.dropLng === null;
  return {
    restaurantId,
    restaurant: { lat, lng },
    door: back ? { lat, lng } : { lat: order.dropLat, lng: order.dropLng },
    inHand: !TO_FETCH.includes(status),
  };
}

/** Where a courier stops before an order's own restaurant, and between its food and its door. */
export interface StopsBefore {
  readonly beforePickup: readonly Point[];
  readonly beforeDoor: readonly Point[];
}

/**
 * The stops that come first, as the courier's phone leads: in the order of stops, everything of one restaurant together. [ETA41]
 *
 * @param stands where the courier is with this order
 */
export function stopsBefore(
  restaurantId: string,
  stands: "coming" | "at-restaurant" | "carrying",
  earlier: readonly EarlierWork[],
): StopsBefore {
  const beforePickup: Point[] = [];
  const beforeDoor: Point[] = [];
  const fetched = new Set<string>();
  let stops = stands === "coming" ? beforePickup : beforeDoor;
  for (const work of earlier) {
    if (!work.inHand && !fetched.has(work.restaurantId)) {
      fetched.add(work.restaurantId);
      // This order's own food is fetched with it.
      if (work.restaurantId === restaurantId && stands !== "carrying") stops = beforeDoor;
      else stops.push(work.restaurant);
    }
    stops.push(work.door);
  }
  return { beforePickup, beforeDoor };
}
