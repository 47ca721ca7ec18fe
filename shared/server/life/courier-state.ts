import { and, asc, eq, inArray, isNull } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { markets } from "#drizzle/schema/people.ts";
import { restaurants, shifts, type couriers } from "#drizzle/schema/restaurants.ts";
import type { CourierState, OfferView, SeenOrder, ShiftView } from "#shared/contracts/views.ts";
import { offerViewOf } from "#shared/domain/dispatch/offer.ts";
import { orderViewOf } from "#shared/domain/order/order-view.ts";
import { seeOrder } from "#shared/domain/rights/projection.ts";

import type { Tx } from "../db/connect.ts";
import { isOpenOffer } from "./literals.ts";
import { linesOf, selectOrders } from "./load-order.ts";
import { suggestionOn } from "./suggestions.ts";

type CourierRow = typeof couriers.$inferSelect;

/** A courier's whole working state. Read it in one transaction with the stream's head, for a snapshot. */
export async function courierStateOf(tx: Tx, courier: CourierRow): Promise<CourierState> {
  const { marketId, id } = courier;
  return {
    courierId: id,
    name: courier.name,
    vehicle: courier.vehicle,
    shift: await openShift(tx, marketId, id),
    offer: await openOffer(tx, marketId, id),
    suggestion: await suggestionOn(tx, marketId, id),
    work: await workOf(tx, marketId, id),
  };
}

export async function openShift(tx: Tx, marketId: string, courierId: string): Promise<ShiftView | null> {
  const [row] = await tx
    .select()
    .from(shifts)
    .where(and(eq(shifts.marketId, marketId), eq(shifts.courierId, courierId), isNull(shifts.endedAtMs)));
  return row ? shiftViewOf(row) : null;
}

export function shiftViewOf({ id, startedAtMs, endsAtMs, endedAtMs }: typeof shifts.$inferSelect): ShiftView {
  return { id, startedAtMs, endsAtMs, endedAtMs };
}

/** Deliveries in hand, in stop order. */
export async function workOf(tx: Tx, marketId: string, courierId: string): Promise<SeenOrder[]> {
  const rows = await selectOrders(tx)
    .where(and(eq(deliveries.marketId, marketId), eq(deliveries.courierId, courierId), isNull(deliveries.endedAtMs)))
    .orderBy(asc(deliveries.stopOrder), asc(deliveries.assignedAtMs));
  const lines = await linesOf(
    tx,
    marketId,
    rows.map((row) => row.order.id),
  );
  return rows.map((row) => {
    const { seq: _, ...seen } = seeOrder("courier", orderViewOf(row, lines.get(row.order.id) ?? [], 0));
    return seen;
  });
}

async function openOffer(tx: Tx, marketId: string, courierId: string): Promise<OfferView | null> {
  const [row] = await tx
    .select({ id: offers.id })
    .from(offers)
    .where(and(eq(offers.marketId, marketId), eq(offers.courierId, courierId), isOpenOffer));
  return row ? ((await offerViews(tx, marketId, [row.id]))[0] ?? null) : null;
}

/** Offers as their couriers see them. */
export async function offerViews(tx: Tx, marketId: string, offerIds: readonly string[]): Promise<OfferView[]> {
  if (offerIds.length === 0) return [];
  const rows = await tx
    .select({
      offer: offers,
      restaurant: restaurants,
      order: orders,
      deliveryId: deliveries.id,
      currency: markets.currency,
    })
    .from(offers)
    .innerJoin(markets, eq(markets.id, offers.marketId))
    .innerJoin(restaurants, and(eq(restaurants.marketId, offers.marketId), eq(restaurants.id, offers.restaurantId)))
    .innerJoin(
      offerDeliveries,
      and(eq(offerDeliveries.marketId, offers.marketId), eq(offerDeliveries.offerId, offers.id)),
    )
    .innerJoin(deliveries, and(eq(deliveries.marketId, offers.marketId), eq(deliveries.id, offerDeliveries.deliveryId)))
    .innerJoin(orders, and(eq(orders.marketId, offers.marketId), eq(orders.id, deliveries.orderId)))
    .where(and(eq(offers.marketId, marketId), inArray(offers.id, [...offerIds])))
    .orderBy(asc(offers.id), asc(offerDeliveries.position));
  return [...Map.groupBy(rows, (row) => row.offer.id).values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    return [offerViewOf(first.offer, first.restaurant, first.currency, same)];
  });
}
