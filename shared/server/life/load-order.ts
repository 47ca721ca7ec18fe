import { and, asc, eq, inArray } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { payments } from "#drizzle/schema/money.ts";
import { orderLines, orders } from "#drizzle/schema/orders.ts";
import { people } from "#drizzle/schema/people.ts";
import { couriers, restaurants } from "#drizzle/schema/restaurants.ts";
import type { OrderView } from "#shared/contracts/views.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";

import type { Tx } from "../db/connect.ts";

function base(tx: Tx) {
  return tx
    .select({
      order: orders,
      restaurant: restaurants,
      payment: payments,
      customerName: people.name,
      delivery: deliveries,
      courier: couriers,
    })
    .from(orders)
    .innerJoin(restaurants, and(eq(restaurants.marketId, orders.marketId), eq(restaurants.id, orders.restaurantId)))
    .innerJoin(payments, and(eq(payments.marketId, orders.marketId), eq(payments.orderId, orders.id)))
    .innerJoin(people, eq(people.id, orders.customerId))
    .leftJoin(deliveries, and(eq(deliveries.marketId, orders.marketId), eq(deliveries.orderId, orders.id)))
    .leftJoin(couriers, and(eq(couriers.marketId, deliveries.marketId), eq(couriers.id, deliveries.courierId)));
}

/** The query that loads orders; others narrow it. */
export type LoadOrders = ReturnType<typeof base>;

/** Reads one order. */
export async function readOrder(tx: Tx, marketId: string, orderId: string): Promise<LoadedOrder | undefined> {
  const [row] = await base(tx).where(and(eq(orders.marketId, marketId), eq(orders.id, orderId)));
  return row;
}

/**
 * Locks one order, then reads it: everything of an order (delivery, offer membership, payment) is changed only under its
 * row lock. Orders are locked before couriers and offers, several in the order of their ids. [ORD5]
 */
export async function lockOrder(tx: Tx, marketId: string, orderId: string): Promise<LoadedOrder | undefined> {
  const [found] = await lockOrders(tx, marketId, [orderId]);
  return found;
}

export async function lockOrders(tx: Tx, marketId: string, orderIds: readonly string[]): Promise<LoadedOrder[]> {
  if (orderIds.length === 0) return [];
  const wanted = and(eq(orders.marketId, marketId), inArray(orders.id, [...orderIds]));
  // In one round trip: the connection carries them out one after the other, and what is read is of after the lock.
  const [, loaded] = await Promise.all([
    tx.select({ id: orders.id }).from(orders).where(wanted).orderBy(asc(orders.id)).for("update"),
    base(tx).where(wanted).orderBy(asc(orders.id)),
  ]);
  return loaded;
}

/** Reads the orders that `where` names, in the order given by `by`. */
export function selectOrders(tx: Tx): LoadOrders {
  return base(tx);
}

/** The order's lines, in their order; for several orders in one query. */
export async function linesOf(
  tx: Tx,
  marketId: string,
  orderIds: readonly string[],
): Promise<Map<string, OrderView["lines"]>> {
  const byOrder = new Map<string, OrderView["lines"]>(orderIds.map((id) => [id, []]));
  if (orderIds.length === 0) return byOrder;
  const rows = await tx
    .select()
    .from(orderLines)
    .where(and(eq(orderLines.marketId, marketId), inArray(orderLines.orderId, [...orderIds])))
    .orderBy(asc(orderLines.orderId), asc(orderLines.position));
  for (const { orderId, itemId, name, quantity, unitMinor, totalMinor, modifiers, note } of rows) {
    byOrder.get(orderId)?.push({ itemId, name, quantity, unitMinor, totalMinor, modifiers, note });
  }
  return byOrder;
}
