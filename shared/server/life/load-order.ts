import { and, asc, eq, inArray } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { payments } from "#drizzle/schema/money.ts";
import { orderLines, orders } from "#drizzle/schema/orders.ts";
import { people } from "#drizzle/schema/people.ts";
import { couriers, restaurants } from "#drizzle/schema/restaurants.ts";
import type { OrderView } from "#shared/contracts/views.ts";
import { earlierWork, type HeldWork } from "#shared/domain/eta/earlier-work.ts";
import type { DeliveryRecord, LoadedOrder } from "#shared/domain/order/records.ts";

import type { Tx } from "../db/connect.ts";
import { rowOf } from "../db/json-rows.ts";
import { Statement } from "../db/statement.ts";

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

/** An order with what was ordered. */
export interface OrderWithLines extends LoadedOrder {
  readonly lines: OrderView["lines"];
}

type Json = Readonly<Record<string, unknown>>;
/** As {@link readText} gives it. */
type OrderRow = {
  readonly order: Json;
  readonly restaurant: Json;
  readonly payment: Json;
  readonly customer_name: string;
  readonly delivery: Json | null;
  readonly courier: Json | null;
  readonly lines: OrderView["lines"] | null;
};
/** As {@link READ_EARLIER} gives it. */
type EarlierRow = { readonly id: string; readonly earlier: readonly HeldWork[] | null };

/** The same order or orders by a text that is there before it is needed: it stands in the way of every command. */
const readText = (wanted: string): string => `
  select row_to_json(o) as "order", row_to_json(r) as restaurant, row_to_json(p) as payment, c.name as customer_name,
    row_to_json(d) as delivery, row_to_json(k) as courier,
    (select json_agg(json_build_object('itemId', l.item_id, 'name', l.name, 'quantity', l.quantity,
        'unitMinor', l.unit_minor, 'totalMinor', l.total_minor, 'modifiers', l.modifiers, 'note', l.note)
        order by l.position)
      from order_lines l where l.market_id = o.market_id and l.order_id = o.id) as lines
  from orders o
  join restaurants r on r.market_id = o.market_id and r.id = o.restaurant_id
  join payments p on p.market_id = o.market_id and p.order_id = o.id
  join people c on c.id = o.customer_id
  left join deliveries d on d.market_id = o.market_id and d.order_id = o.id
  left join couriers k on k.market_id = d.market_id and k.id = d.courier_id
  where o.market_id = $1 and ${wanted}`;

const lockText = (wanted: string): string =>
  `select from orders o where o.market_id = $1 and ${wanted} order by o.id for update`;

const READ_ONE = readText("o.id = $2");
/** One after the other, as by {@link READ_ONE}: for some of them at once a plan that is kept reads tables of some thousand rows from end to end. */
const READ_SOME = `
  select one.* from (select distinct unnest($2::uuid[]) as id) wanted
  cross join lateral (${readText("o.id = wanted.id")} offset 0) one
  order by wanted.id`;
/** What couriers have in hand before these deliveries. */
const READ_EARLIER = `
  select d.id,
    (select json_agg(json_build_object('delivery', json_build_object('status', w.status, 'restaurantId', w.restaurant_id),
        'order', json_build_object('dropLat', o.drop_lat, 'dropLng', o.drop_lng),
        'restaurant', json_build_object('lat', r.lat, 'lng', r.lng)) order by w.stop_order, w.assigned_at_ms)
      from deliveries w
      join orders o on o.market_id = w.market_id and o.id = w.order_id
      join restaurants r on r.market_id = w.market_id and r.id = w.restaurant_id
      where w.market_id = d.market_id and w.courier_id = d.courier_id and w.ended_at_ms is null
        and w.stop_order < d.stop_order) as earlier
  from deliveries d
  where d.market_id = $1 and d.id = any($2::uuid[])`;
const LOCK_ONE = lockText("o.id = $2");
const LOCK_SOME = lockText("o.id = any($2::uuid[])");
const LOCK_FREE = `${LOCK_SOME.replace("select from", "select o.id from")} skip locked`;

function orderOf(row: OrderRow): OrderWithLines {
  return {
    order: rowOf(orders, row.order),
    restaurant: rowOf(restaurants, row.restaurant),
    payment: rowOf(payments, row.payment),
    customerName: row.customer_name,
    delivery: row.delivery && rowOf(deliveries, row.delivery),
    courier: row.courier && rowOf(couriers, row.courier),
    lines: row.lines ?? [],
  };
}

/**
 * Orders with what their couriers have in hand before them. [ETA41] Most have nothing, and their stop's number says so: only of the
 * others it is asked, since a table more in the statement above costs every command a tenth.
 */
async function loadedOf(tx: Tx, marketId: string, rows: readonly OrderRow[]): Promise<OrderWithLines[]> {
  const found = rows.map(orderOf);
  const later = found.flatMap(({ delivery }) => (isLaterStop(delivery) ? [delivery.id] : []));
  if (later.length === 0) return found;
  const read = await tx.execute<EarlierRow>(new Statement(READ_EARLIER, [marketId, later]));
  const earlier = new Map(read.map((row) => [row.id, row.earlier]));
  return found.map((each) => {
    const works = each.delivery && earlier.get(each.delivery.id);
    return works ? { ...each, earlier: works.map(earlierWork) } : each;
  });
}

function isLaterStop(delivery: DeliveryRecord | null): delivery is DeliveryRecord {
  return (
    delivery !== null && delivery.courierId !== null && delivery.endedAtMs === null && (delivery.stopOrder ?? 0) > 1
  );
}

/** Reads one order. */
export async function readOrder(tx: Tx, marketId: string, orderId: string): Promise<OrderWithLines | undefined> {
  const rows = await tx.execute<OrderRow>(new Statement(READ_ONE, [marketId, orderId]));
  const [found] = await loadedOf(tx, marketId, rows);
  return found;
}

/**
 * Locks one order, then reads it: everything of an order (delivery, offer membership, payment) is changed only under its
 * row lock. Orders are locked before couriers and offers, several in the order of their ids. [ORD5]
 */
export async function lockOrder(tx: Tx, marketId: string, orderId: string): Promise<OrderWithLines | undefined> {
  const [found] = await lockThenRead(tx, LOCK_ONE, READ_ONE, marketId, orderId);
  return found;
}

export async function lockOrders(tx: Tx, marketId: string, orderIds: readonly string[]): Promise<OrderWithLines[]> {
  if (orderIds.length === 0) return [];
  return await lockThenRead(tx, LOCK_SOME, READ_SOME, marketId, orderIds);
}

/** Locks and reads those of the orders that nobody else holds: it waits for nobody. */
export async function lockFreeOrders(tx: Tx, marketId: string, orderIds: readonly string[]): Promise<OrderWithLines[]> {
  const values = [marketId, orderIds];
  const [locked, rows] = await Promise.all([
    tx.execute<{ readonly id: string }>(new Statement(LOCK_FREE, values)),
    tx.execute<OrderRow>(new Statement(READ_SOME, values)),
  ]);
  const mine = new Set(locked.map(({ id }) => id));
  const found = await loadedOf(tx, marketId, rows);
  return found.filter(({ order }) => mine.has(order.id));
}

async function lockThenRead(
  tx: Tx,
  lock: string,
  read: string,
  marketId: string,
  wanted: string | readonly string[],
): Promise<OrderWithLines[]> {
  const values = [marketId, wanted];
  // In one round trip: the connection carries them out one after the other, and what is read is of after the lock.
  const [, rows] = await Promise.all([
    tx.execute(new Statement(lock, values)),
    tx.execute<OrderRow>(new Statement(read, values)),
  ]);
  return await loadedOf(tx, marketId, rows);
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
