import { and, asc, eq, isNull } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { restaurants } from "#drizzle/schema/restaurants.ts";
import type { Actor, Change } from "#shared/domain/order/change.ts";
import { acceptChanges, type InHand } from "#shared/domain/order/delivery-changes.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { applyChange } from "#shared/server/life/life.ts";
import { linesOf } from "#shared/server/life/load-order.ts";

import type { CourierRow } from "./courier.ts";

/**
 * Gives the deliveries to the courier, who is locked, each with a slot of its own, after what is in hand already.
 *
 * @param loaded in drop-off order
 * @param as what it is told as; without it the courier has accepted them
 * @returns the orders as they are now
 */
export async function assign(
  w: Work,
  eta: Parameters<typeof applyChange>[1],
  courier: CourierRow,
  actor: Actor,
  loaded: readonly LoadedOrder[],
  as: (change: Change) => Change = (change) => change,
): Promise<LoadedOrder[]> {
  const held = await heldBy(w, courier);
  const lines = await linesOf(
    w.tx,
    courier.marketId,
    loaded.map((each) => each.order.id),
  );
  const now: LoadedOrder[] = [];
  for (const { loaded: each, change } of acceptChanges(courier, loaded, (id) => lines.get(id) ?? [], held, w.nowMs)) {
    now.push(applyChange(w, eta, each, actor, as(change)));
  }
  return now;
}

/** What is in the courier's hands, in the order of stops. */
function heldBy(w: Work, courier: CourierRow): Promise<InHand[]> {
  const { status, restaurantId, slot, stopOrder } = deliveries;
  return w.tx
    .select({
      delivery: { status, restaurantId, slot, stopOrder },
      order: { dropLat: orders.dropLat, dropLng: orders.dropLng },
      restaurant: { lat: restaurants.lat, lng: restaurants.lng },
    })
    .from(deliveries)
    .innerJoin(orders, and(eq(orders.marketId, deliveries.marketId), eq(orders.id, deliveries.orderId)))
    .innerJoin(
      restaurants,
      and(eq(restaurants.marketId, deliveries.marketId), eq(restaurants.id, deliveries.restaurantId)),
    )
    .where(
      and(
        eq(deliveries.marketId, courier.marketId),
        eq(deliveries.courierId, courier.id),
        isNull(deliveries.endedAtMs),
      ),
    )
    .orderBy(asc(stopOrder), asc(deliveries.assignedAtMs));
}
