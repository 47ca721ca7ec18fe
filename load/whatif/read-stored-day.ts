import { z } from "zod";

import type { Point } from "#shared/contracts/geo.ts";
import { VEHICLES } from "#shared/domain/city/city.ts";
import type { RoundSettings } from "#shared/domain/dispatch/round.ts";
import type { Router } from "#shared/domain/router/router.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { readAnswers } from "#shared/server/dispatch/answers.ts";
import { readFinishedOrders } from "#shared/server/eta/finished-orders.ts";

import type { LocalDay } from "./local-day.ts";
import type { StoredDay, StoredOrder, StoredRestaurant, StoredShift, WayFactors } from "./stored-day.ts";
import { doorsOf, factorsOf, type Doors } from "./times-of-day.ts";

/** After the day's end orders are still carried for so long. */
const AFTER_MS = 2 * 3_600_000;
/** Fixes of the first minutes of a shift say where it began. */
const FIRST_FIX_WITHIN_MS = 10 * 60_000;
/** More are not needed to know a day's couriers. */
const ANSWERS_OF_A_DAY = 100_000;
/** So many delivered orders say how fast that day's couriers were. */
const ORDERS_FOR_WAYS = 2_000;

export interface DayRead {
  readonly day: StoredDay;
  /** Orders of the day that are not played, by why. */
  readonly leftOut: { readonly neverConfirmed: number; readonly neverReady: number; readonly underWay: number };
  /** Shifts whose beginning no fix tells: their courier's last written place, or the market's centre, stands in. */
  readonly placesGuessed: number;
}

export interface Asked {
  readonly marketId: string;
  readonly center: Point;
  readonly span: LocalDay;
  readonly router: Router;
  readonly handover: RoundSettings["handover"];
}

const number = z.coerce.number();
// Null first: a number is made of everything.
const maybe = z.union([z.null(), number]);

const orderRow = z.object({
  id: z.string().nullable(),
  orderId: z.string(),
  restaurantId: z.string(),
  dropLat: number,
  dropLng: number,
  placedAtMs: number,
  confirmedAtMs: maybe,
  readyAtMs: maybe,
  pickedUpAtMs: maybe,
  deliveredAtMs: maybe,
  endedAtMs: maybe,
  arrivedAtMerchantAtMs: maybe,
  leftAtMs: maybe,
  arrivedAtCustomerAtMs: maybe,
  words: z.array(z.tuple([z.number(), z.number().nullable()])).nullable(),
  offers: number,
});
export type OrderRow = z.output<typeof orderRow>;

const shiftRow = z.object({
  id: z.string(),
  courierId: z.string(),
  vehicle: z.enum(VEHICLES),
  capacity: number,
  startedAtMs: number,
  endsAtMs: number,
  endedAtMs: maybe,
  lastLat: maybe,
  lastLng: maybe,
  first: z.array(z.number().nullable()).nullable(),
});

const restaurantRow = z.object({ id: z.string(), lat: number, lng: number, prepMinutes: number });

/** Reads a day of a market, as far as it does not depend on dispatch. Several statements: an order that ends in between counts as it was read. */
export async function readStoredDay(db: Db, asked: Asked): Promise<DayRead> {
  const { marketId, span, router, handover } = asked;
  const rows = await readOrders(db, marketId, span);
  const over = rows.filter((row) => row.confirmedAtMs !== null && !isUnderWay(row));
  const playable = over.flatMap((row) => (row.id === null ? [] : [{ ...row, id: row.id }])).filter(isReady);
  const doors = doorsOf(playable, handover);
  const shifts = await readShifts(db, asked);
  return {
    day: {
      restaurants: await readRestaurants(db, marketId),
      orders: playable.map((row) => ({ ...doors(row), ...storedOrder(row) })),
      shifts: shifts.map(({ shift }) => shift),
      answers: await readAnswers(db, marketId, { fromMs: span.fromMs, beforeMs: span.toMs, most: ANSWERS_OF_A_DAY }),
      wayFactors: await readWayFactors(db, marketId, playable, router),
      endMs: span.toMs + AFTER_MS,
    },
    leftOut: {
      neverConfirmed: rows.filter(({ confirmedAtMs }) => confirmedAtMs === null).length,
      neverReady: over.length - playable.length,
      underWay: rows.filter(isUnderWay).length,
    },
    placesGuessed: shifts.filter(({ guessed }) => guessed).length,
  };
}

function isUnderWay({ confirmedAtMs, deliveredAtMs, endedAtMs }: OrderRow): boolean {
  return confirmedAtMs !== null && deliveredAtMs === null && endedAtMs === null;
}

function isReady(row: OrderRow & { readonly id: string }): boolean {
  return (row.readyAtMs ?? row.pickedUpAtMs) !== null;
}

function storedOrder(row: OrderRow & { readonly id: string }): Omit<StoredOrder, keyof Doors> {
  const { id, orderId, restaurantId, placedAtMs, pickedUpAtMs, deliveredAtMs, offers } = row;
  const confirmedAtMs = row.confirmedAtMs ?? placedAtMs;
  return {
    id,
    orderId,
    restaurantId,
    drop: { lat: row.dropLat, lng: row.dropLng },
    placedAtMs,
    confirmedAtMs,
    words: (row.words ?? []).flatMap(([atMs, readyAtMs]) => (readyAtMs === null ? [] : [{ atMs, readyAtMs }])),
    readyAtMs: row.readyAtMs ?? pickedUpAtMs ?? confirmedAtMs,
    was: { pickedUpAtMs, deliveredAtMs, offers },
  };
}

async function readOrders({ sql }: Db, marketId: string, { fromMs, toMs }: LocalDay): Promise<OrderRow[]> {
  const rows = await sql`
    select d.id, o.id as "orderId", o.restaurant_id as "restaurantId", o.drop_lat as "dropLat", o.drop_lng as "dropLng",
      o.placed_at_ms as "placedAtMs", o.confirmed_at_ms as "confirmedAtMs", o.ready_at_ms as "readyAtMs",
      o.picked_up_at_ms as "pickedUpAtMs", o.delivered_at_ms as "deliveredAtMs", o.ended_at_ms as "endedAtMs",
      d.arrived_at_merchant_at_ms as "arrivedAtMerchantAtMs", d.arrived_at_customer_at_ms as "arrivedAtCustomerAtMs",
      (select json_agg(json_build_array(e.at_ms, (e.payload->'order'->>'readyEstimateAtMs')::float8) order by e.order_seq)
        from order_events e
        where e.market_id = o.market_id and e.order_id = o.id and e.order_seq is not null
          and e.type in ('order.confirmed', 'order.delayed')) as words,
      (select max(e.at_ms) from order_events e
        where e.market_id = o.market_id and e.order_id = o.id and e.order_seq is not null
          and e.type = 'delivery.delivery_ongoing') as "leftAtMs",
      (select coalesce(sum(1.0 / (select count(*) from offer_deliveries y
          where y.market_id = x.market_id and y.offer_id = x.offer_id)), 0)
        from offer_deliveries x where x.market_id = d.market_id and x.delivery_id = d.id) as offers
    from orders o
      left join deliveries d on d.market_id = o.market_id and d.order_id = o.id
    where o.market_id = ${marketId} and o.kind = 'delivery'
      and o.placed_at_ms >= ${fromMs} and o.placed_at_ms < ${toMs}
    order by coalesce(o.confirmed_at_ms, o.placed_at_ms), o.id`;
  return rows.map((row) => orderRow.parse(row));
}

async function readShifts(
  { sql }: Db,
  { marketId, center, span }: Asked,
): Promise<{ readonly shift: StoredShift; readonly guessed: boolean }[]> {
  const rows = await sql`
    select s.id, s.courier_id as "courierId", c.vehicle, c.capacity, s.started_at_ms as "startedAtMs", s.ends_at_ms as "endsAtMs",
      s.ended_at_ms as "endedAtMs", c.last_lat as "lastLat", c.last_lng as "lastLng",
      (select fix from traces t, jsonb_array_elements(t.fixes) fix
        where t.market_id = s.market_id and t.courier_id = s.courier_id
          and t.minute_at_ms > greatest(s.started_at_ms, ${span.fromMs}) - 60000
          and t.minute_at_ms <= greatest(s.started_at_ms, ${span.fromMs}) + ${FIRST_FIX_WITHIN_MS}::bigint
          and (fix->>0)::bigint >= greatest(s.started_at_ms, ${span.fromMs})
        order by (fix->>0)::bigint limit 1) as first
    from shifts s join couriers c on c.market_id = s.market_id and c.id = s.courier_id
    where s.market_id = ${marketId} and s.started_at_ms < ${span.toMs + AFTER_MS}
      and coalesce(s.ended_at_ms, s.ends_at_ms) > ${span.fromMs}
    order by s.id`;
  return rows.map((each) => {
    const { id, courierId, vehicle, capacity, startedAtMs, endsAtMs, endedAtMs, lastLat, lastLng, first } =
      shiftRow.parse(each);
    const [, lat, lng] = first ?? [];
    const seen = typeof lat === "number" && typeof lng === "number" ? { lat, lng } : undefined;
    const last = lastLat === null || lastLng === null ? center : { lat: lastLat, lng: lastLng };
    return {
      guessed: seen === undefined,
      shift: {
        id,
        courierId,
        vehicle,
        capacity,
        fromMs: Math.max(startedAtMs, span.fromMs),
        plannedEndMs: endsAtMs,
        toMs: endedAtMs ?? endsAtMs,
        at: seen ?? last,
      },
    };
  });
}

async function readRestaurants({ sql }: Db, marketId: string): Promise<Map<string, StoredRestaurant>> {
  const rows = await sql`
    select id, lat, lng, prep_minutes as "prepMinutes" from restaurants where market_id = ${marketId}`;
  return new Map(
    rows.map((row) => {
      const { id, lat, lng, prepMinutes } = restaurantRow.parse(row);
      return [id, { pickup: { lat, lng }, prepMinutes }];
    }),
  );
}

async function readWayFactors(
  db: Db,
  marketId: string,
  rows: readonly OrderRow[],
  router: Router,
): Promise<WayFactors> {
  const delivered = rows.filter(({ deliveredAtMs }) => deliveredAtMs !== null);
  const every = Math.max(1, Math.ceil(delivered.length / ORDERS_FOR_WAYS));
  const ids = delivered.filter((_, index) => index % every === 0).map(({ orderId }) => orderId);
  return factorsOf((await readFinishedOrders(db, marketId, ids, router)).flatMap(({ carried }) => carried ?? []));
}
