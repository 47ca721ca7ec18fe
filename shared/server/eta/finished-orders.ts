import { setImmediate as nextTurn } from "node:timers/promises";

import { z } from "zod";

import { VEHICLES } from "#shared/domain/city/city.ts";
import { askAlong } from "#shared/domain/dispatch/ask-ahead.ts";
import type { CarriedOrder, FinishedOrder } from "#shared/domain/eta/learned/finished-order.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { routerBy, type Router } from "#shared/domain/router/router.ts";

import type { Db } from "../db/connect.ts";

const CHUNK = 250;
/** After so many wall ms the process gets on with other things. */
const SLICE_MS = 15;
/** An order that took longer than this beside another one hides it; nothing is open that long. */
const OPEN_AT_MOST_MS = 6 * 3_600_000;
/** A fix that is older than this when its courier accepts says nothing of where they are. */
const FIX_AGE_MS = 3 * 60_000;
/** Fixes before the accept by which it is told where that was: a minute or more. */
const FIXES = 12;

const number = z.coerce.number();
// Null first: a number is made of everything.
const maybe = z.union([z.null(), number]);
const row = z.object({
  restaurantId: z.string(),
  lat: number,
  lng: number,
  prepMinutes: number,
  items: maybe,
  load: maybe,
  createdAtMs: maybe,
  confirmedAtMs: maybe,
  saidReadyAtMs: maybe,
  readyAtMs: maybe,
  deliveredAtMs: number,
  dropLat: maybe,
  dropLng: maybe,
  vehicle: z.enum(VEHICLES).nullable(),
  acceptedAtMs: maybe,
  arrivedAtMerchantAtMs: maybe,
  leftAtMs: maybe,
  arrivedAtCustomerAtMs: maybe,
  alone: z.boolean(),
  acceptedAt: z.array(z.tuple([number, number, number, number]).rest(z.unknown())).nullable(),
});
type Row = z.output<typeof row>;

export interface Delivered {
  readonly id: string;
  readonly deliveredAtMs: number;
}

/** The market's newest delivered orders, newest first. */
export async function newestDelivered({ sql }: Db, marketId: string, most: number): Promise<Delivered[]> {
  const rows = await sql<{ id: string; delivered_at_ms: string }[]>`
    select id, delivered_at_ms from orders
    where market_id = ${marketId} and delivered_at_ms is not null
    order by id desc limit ${most}`;
  return rows.map(({ id, delivered_at_ms }) => ({ id, deliveredAtMs: Number(delivered_at_ms) }));
}

/**
 * What these orders teach, with the router's seconds of their ways. Read a few at a time, and ways are asked for in slices of
 * {@link SLICE_MS}, so that whatever else the process does goes on.
 */
export async function readFinishedOrders(
  db: Db,
  marketId: string,
  ids: readonly string[],
  router: Router,
): Promise<FinishedOrder[]> {
  const found: FinishedOrder[] = [];
  let sliceBeganMs = performance.now();
  for (let at = 0; at < ids.length; at += CHUNK) {
    // oxlint-disable-next-line no-await-in-loop -- gently, one chunk after the other
    const rows = await readRows(db, marketId, ids.slice(at, at + CHUNK));
    for (const each of rows) {
      // oxlint-disable-next-line no-await-in-loop
      found.push(await finishedOf(each, router));
      if (performance.now() - sliceBeganMs < SLICE_MS) continue;
      // oxlint-disable-next-line no-await-in-loop
      await nextTurn();
      sliceBeganMs = performance.now();
    }
  }
  return found;
}

async function readRows({ sql }: Db, marketId: string, ids: readonly string[]): Promise<Row[]> {
  const rows = await sql`
    select o.restaurant_id as "restaurantId", r.lat, r.lng, r.prep_minutes as "prepMinutes", o.items, o.kitchen_load as load,
      o.created_at_ms as "createdAtMs", o.confirmed_at_ms as "confirmedAtMs", o.ready_at_ms as "readyAtMs",
      o.delivered_at_ms as "deliveredAtMs", o.drop_lat as "dropLat", o.drop_lng as "dropLng", c.vehicle,
      d.assigned_at_ms as "acceptedAtMs", d.arrived_at_merchant_at_ms as "arrivedAtMerchantAtMs",
      d.arrived_at_customer_at_ms as "arrivedAtCustomerAtMs",
      (select e.payload->'order'->>'readyEstimateAtMs' from order_events e
        where e.market_id = o.market_id and e.order_id = o.id and e.order_seq is not null and e.type = 'order.confirmed'
        order by e.order_seq limit 1) as "saidReadyAtMs",
      (select e.at_ms from order_events e
        where e.market_id = o.market_id and e.order_id = o.id and e.order_seq is not null and e.type = 'delivery.delivery_ongoing'
        order by e.order_seq desc limit 1) as "leftAtMs",
      not exists (select 1 from deliveries x
        where x.market_id = d.market_id and x.courier_id = d.courier_id and x.id <> d.id
          and x.created_at_ms between d.created_at_ms - ${OPEN_AT_MOST_MS}::bigint and d.delivered_at_ms
          and x.assigned_at_ms < d.delivered_at_ms
          and (x.ended_at_ms is null or x.ended_at_ms > d.assigned_at_ms)) as alone,
      (select jsonb_agg(fix order by (fix->>0)::bigint) from (
        select fix from traces t, jsonb_array_elements(t.fixes) fix
        where t.market_id = d.market_id and t.courier_id = d.courier_id
          and t.minute_at_ms between d.assigned_at_ms - ${FIX_AGE_MS}::bigint and d.assigned_at_ms
          and (fix->>0)::bigint <= d.assigned_at_ms
        order by (fix->>0)::bigint desc limit ${FIXES}) newest) as "acceptedAt"
    from orders o
      join restaurants r on r.market_id = o.market_id and r.id = o.restaurant_id
      left join deliveries d on d.market_id = o.market_id and d.order_id = o.id
      left join couriers c on c.market_id = d.market_id and c.id = d.courier_id
    where o.market_id = ${marketId} and o.id = any(${[...ids]}::uuid[])`;
  return rows.map((each) => row.parse(each));
}

async function finishedOf(each: Row, router: Router): Promise<FinishedOrder> {
  const { restaurantId, prepMinutes, items, load, createdAtMs, confirmedAtMs, readyAtMs, deliveredAtMs } = each;
  const restaurant = { lat: each.lat, lng: each.lng };
  return {
    restaurantId,
    restaurant,
    prepMinutes,
    items,
    load,
    createdAtMs,
    confirmedAtMs,
    saidReadyAtMs: each.saidReadyAtMs,
    readyAtMs,
    deliveredAtMs,
    carried: await carriedOf(each, restaurant, router),
  };
}

async function carriedOf(each: Row, restaurant: Point, router: Router): Promise<CarriedOrder | null> {
  const { dropLat, dropLng, vehicle, acceptedAtMs, alone } = each;
  if (dropLat === null || dropLng === null || vehicle === null || acceptedAtMs === null) return null;
  const own = routerBy(router, vehicle);
  const wayS = async (from: Point, to: Point): Promise<number> => {
    if (own.ask) await askAlong(own, from, [to]);
    return own.leg(from, to).durationS;
  };
  const door = { lat: dropLat, lng: dropLng };
  const from = alone ? placeOfTrace(own, each.acceptedAt ?? []) : undefined;
  return {
    door,
    vehicle,
    alone,
    acceptedAtMs,
    approachWayS: from ? await wayS(from, restaurant) : null,
    arrivedAtMerchantAtMs: each.arrivedAtMerchantAtMs,
    leftAtMs: each.leftAtMs,
    rideWayS: await wayS(restaurant, door),
    arrivedAtCustomerAtMs: each.arrivedAtCustomerAtMs,
  };
}

/** Where the last of the fixes was: on the street that all of them lead to, or where it says itself that it was. [ETA44] */
function placeOfTrace(router: Router, fixes: NonNullable<Row["acceptedAt"]>): Point | undefined {
  const trace = fixes.map(([atMs, lat, lng, accuracyM]) => ({ atS: atMs / 1000, point: { lat, lng }, accuracyM }));
  return router.placeAfter?.(trace) ?? trace.at(-1)?.point;
}
