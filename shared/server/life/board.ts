import { and, eq, gt, inArray, isNotNull, isNull, or, sql } from "drizzle-orm";

import { deliveries, offers } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { people } from "#drizzle/schema/people.ts";
import { couriers, restaurants, shifts } from "#drizzle/schema/restaurants.ts";
import type { BoardCourier, BoardOrder, BoardRestaurant, BoardView } from "#shared/contracts/board.ts";
import type { OnDuty } from "#shared/domain/dispatch/courier-in-round.ts";
import { zoneOf } from "#shared/domain/geo/cells.ts";

import type { Tx } from "../db/connect.ts";
import { isOpenOffer } from "./literals.ts";

/** @param ids of those asked for; everybody when left out */
export async function couriersOnDuty(tx: Tx, marketId: string, ids?: readonly string[]): Promise<OnDuty[]> {
  if (ids?.length === 0) return [];
  const rows = await tx
    .select({ courier: couriers, shiftEndsAtMs: shifts.endsAtMs, offerId: offers.id })
    .from(shifts)
    .innerJoin(couriers, and(eq(couriers.marketId, shifts.marketId), eq(couriers.id, shifts.courierId)))
    .leftJoin(offers, and(eq(offers.marketId, shifts.marketId), eq(offers.courierId, shifts.courierId), isOpenOffer))
    .where(
      and(
        eq(shifts.marketId, marketId),
        isNull(shifts.endedAtMs),
        eq(couriers.active, true),
        ids && inArray(shifts.courierId, [...ids]),
      ),
    );
  return rows.map(({ courier, shiftEndsAtMs, offerId }) => ({ courier, shiftEndsAtMs, hasOffer: offerId !== null }));
}

/** Events since the asked version; after more the whole board is the shorter answer. */
const MOST_CHANGES = 5_000;
/** How long a delivered order stays on the board, deployment ms: it is what the last half hour asked for. */
export const DELIVERED_STAYS_MS = 30 * 60_000;

/** What the board's asker must be told anew; `undefined` stands for everything. */
interface Changed {
  readonly version: string;
  readonly orderIds: readonly string[] | undefined;
  readonly courierIds: readonly string[] | undefined;
}

/**
 * The market now, whole or since a version; read in one snapshot of the store. Places are those written down last: a
 * courier's newest is known to Redis. [OPM1, OPM2]
 *
 * @param tx repeatable read
 */
export async function boardOf(tx: Tx, marketId: string, nowMs: number, since: string | undefined): Promise<BoardView> {
  const { version, orderIds, courierIds } = await changedSince(tx, marketId, since);
  const shown = await ordersOn(tx, marketId, nowMs, orderIds);
  const duty = await couriersOnDuty(tx, marketId, courierIds);
  const holding = await holdingOf(tx, marketId, courierIds);
  const [onBoard, onDuty] = [new Set(shown.map((row) => row.order.id)), new Set(duty.map((row) => row.courier.id))];
  return {
    atMs: nowMs,
    version,
    whole: orderIds === undefined,
    counts: await countsOf(tx, marketId),
    restaurants: [...new Map(shown.map((row) => [row.restaurant.id, restaurantOf(row.restaurant)])).values()],
    orders: shown.map((row) => row.order),
    goneOrderIds: (orderIds ?? []).filter((id) => !onBoard.has(id)),
    couriers: duty.map((each) => courierOf(each, holding.get(each.courier.id) ?? 0)),
    goneCourierIds: (courierIds ?? []).filter((id) => !onDuty.has(id)),
  };
}

/**
 * Whatever changes an order or a courier's work says so by an event, and an event carries the number of its transaction:
 * what this snapshot does not see is at or above the version that it answers. Who was away for long gets the whole board.
 */
async function changedSince(tx: Tx, marketId: string, since: string | undefined): Promise<Changed> {
  const [row] = await tx.execute<{ version: string; known: boolean; orders: string[]; couriers: string[] }>(sql`
    with changed as (
      select order_id, order_seq, courier_id, courier_seq from order_events
      where market_id = ${marketId} and xid >= ${since ?? "18446744073709551615"}::xid8
      limit ${MOST_CHANGES + 1}
    )
    select pg_snapshot_xmin(pg_current_snapshot())::text as version,
      ${since ?? "18446744073709551615"}::xid8 <= pg_snapshot_xmin(pg_current_snapshot())
        and (select count(*) from changed) <= ${MOST_CHANGES} as known,
      coalesce((select json_agg(distinct order_id) from changed where order_seq is not null), '[]'::json) as orders,
      coalesce((select json_agg(distinct courier_id) from changed where courier_seq is not null), '[]'::json) as couriers`);
  if (!row) throw new Error("the store answered without a row");
  return row.known
    ? { version: row.version, orderIds: row.orders, courierIds: row.couriers }
    : { version: row.version, orderIds: undefined, courierIds: undefined };
}

interface OrderOn {
  readonly order: BoardOrder;
  readonly restaurant: { readonly id: string; readonly name: string; readonly lat: number; readonly lng: number };
}

/** Only the columns that the board tells: of thousands of orders every byte counts. */
async function ordersOn(
  tx: Tx,
  marketId: string,
  nowMs: number,
  ids: readonly string[] | undefined,
): Promise<OrderOn[]> {
  if (ids?.length === 0) return [];
  const rows = await tx
    .select({
      order: {
        id: orders.id,
        code: orders.code,
        status: orders.status,
        kind: orders.kind,
        restaurantId: orders.restaurantId,
        customerName: people.name,
        placedAtMs: orders.placedAtMs,
        promisedAtMs: orders.promisedP90AtMs,
        deliveredAtMs: orders.deliveredAtMs,
      },
      dropLat: orders.dropLat,
      dropLng: orders.dropLng,
      delivery: { status: deliveries.status, courierId: deliveries.courierId, stopOrder: deliveries.stopOrder },
      courierName: couriers.name,
      restaurant: { id: restaurants.id, name: restaurants.name, lat: restaurants.lat, lng: restaurants.lng },
    })
    .from(orders)
    .innerJoin(restaurants, and(eq(restaurants.marketId, orders.marketId), eq(restaurants.id, orders.restaurantId)))
    .innerJoin(people, eq(people.id, orders.customerId))
    .leftJoin(deliveries, and(eq(deliveries.marketId, orders.marketId), eq(deliveries.orderId, orders.id)))
    .leftJoin(couriers, and(eq(couriers.marketId, deliveries.marketId), eq(couriers.id, deliveries.courierId)))
    .where(
      and(
        eq(orders.marketId, marketId),
        isNull(orders.endedAtMs),
        or(isNull(orders.deliveredAtMs), gt(orders.deliveredAtMs, nowMs - DELIVERED_STAYS_MS)),
        ids && inArray(orders.id, [...ids]),
      ),
    )
    .orderBy(orders.id);
  return rows.map(({ order, dropLat, dropLng, delivery, courierName, restaurant }) => ({
    order: {
      ...order,
      drop: dropLat === null || dropLng === null ? null : { lat: dropLat, lng: dropLng },
      deliveryStatus: delivery?.status ?? null,
      courierId: delivery?.courierId ?? null,
      courierName,
      stopOrder: delivery?.stopOrder ?? null,
    },
    restaurant,
  }));
}

function restaurantOf({ id, name, lat, lng }: OrderOn["restaurant"]): BoardRestaurant {
  return { id, name, point: { lat, lng } };
}

async function countsOf(tx: Tx, marketId: string): Promise<Record<string, number>> {
  const rows = await tx
    .select({ status: orders.status, count: sql<number>`count(*)::int` })
    .from(orders)
    .where(and(eq(orders.marketId, marketId), isNull(orders.endedAtMs)))
    .groupBy(orders.status);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

async function holdingOf(tx: Tx, marketId: string, ids: readonly string[] | undefined): Promise<Map<string, number>> {
  if (ids?.length === 0) return new Map();
  const rows = await tx
    .select({ courierId: deliveries.courierId, holding: sql<number>`count(*)::int` })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.marketId, marketId),
        isNull(deliveries.endedAtMs),
        ids ? inArray(deliveries.courierId, [...ids]) : isNotNull(deliveries.courierId),
      ),
    )
    .groupBy(deliveries.courierId);
  return new Map(rows.flatMap((row) => (row.courierId === null ? [] : [[row.courierId, row.holding] as const])));
}

function courierOf({ courier, hasOffer }: OnDuty, holding: number): BoardCourier {
  const { id, name, vehicle, lastLat, lastLng, lastFixAtMs } = courier;
  const place = lastLat === null || lastLng === null ? null : { lat: lastLat, lng: lastLng };
  return {
    courierId: id,
    name,
    vehicle,
    point: place,
    fixAtMs: lastFixAtMs,
    zone: place && zoneOf(place),
    holding,
    hasOffer,
  };
}
