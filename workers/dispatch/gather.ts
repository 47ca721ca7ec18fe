import { and, asc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { restaurants } from "#drizzle/schema/restaurants.ts";
import type { OpenDelivery, OnTheWay, RoundCourier, RoundSettings } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { Router } from "#shared/domain/router/router.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { couriersOnDuty, type OnDuty } from "#shared/server/life/board.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

type DeliveryRow = typeof deliveries.$inferSelect;
type OrderRow = typeof orders.$inferSelect;
type Held = {
  readonly delivery: DeliveryRow;
  readonly order: OrderRow;
  readonly restaurant: Point;
  readonly prepMinutes: number;
};

const MINUTE_MS = 60_000;
/** Everybody has said no or not answered: after this they are asked again. */
const ASK_AGAIN_AFTER_MS = 2 * MINUTE_MS;

export interface Gathered {
  readonly deliveries: readonly OpenDelivery[];
  readonly couriers: readonly RoundCourier[];
}

/** What a round needs to know, read from the store and the last positions. Restaurants' and drops' points are the store's doubles. */
export async function gatherRound(
  tx: Tx,
  positions: LastPositions,
  marketId: string,
  nowMs: number,
  router: Router,
  settings: RoundSettings,
): Promise<Gathered> {
  const open = await openDeliveries(tx, marketId);
  if (open.length === 0) return { deliveries: [], couriers: [] };
  const duty = await couriersOnDuty(tx, marketId);
  const ids = duty.map(({ courier }) => courier.id);
  const newest = await positions.read(marketId, ids);
  const held = Map.groupBy(await heldDeliveries(tx, marketId), ({ delivery }) => delivery.courierId);
  const couriers = duty.flatMap((each, index) => {
    const point = newest[index] ?? lastWritten(each);
    return point
      ? [asCourier(each, { lat: point.lat, lng: point.lng }, held.get(each.courier.id) ?? [], nowMs, router, settings)]
      : [];
  });
  return { deliveries: open.map((each) => asOpen(each, ids, nowMs)), couriers };
}

const openStates = ["CONFIRMED", "PREPARING", "READY"] as const;

function openDeliveries(tx: Tx, marketId: string) {
  return tx
    .select({
      delivery: deliveries,
      order: orders,
      restaurant: { lat: restaurants.lat, lng: restaurants.lng },
      prepMinutes: restaurants.prepMinutes,
      lastAnsweredAtMs: sql<number | null>`(select max(o.answered_at_ms) from offer_deliveries d join offers o
        on o.market_id = d.market_id and o.id = d.offer_id
        where d.market_id = ${deliveries.marketId} and d.delivery_id = ${deliveries.id})`.mapWith(Number),
    })
    .from(deliveries)
    .innerJoin(orders, and(eq(orders.marketId, deliveries.marketId), eq(orders.id, deliveries.orderId)))
    .innerJoin(
      restaurants,
      and(eq(restaurants.marketId, deliveries.marketId), eq(restaurants.id, deliveries.restaurantId)),
    )
    .where(
      and(
        eq(deliveries.marketId, marketId),
        isNull(deliveries.endedAtMs),
        eq(deliveries.status, "PENDING"),
        inArray(orders.status, [...openStates]),
        sql`not exists (select 1 from offer_deliveries d where d.market_id = ${deliveries.marketId} and d.delivery_id = ${deliveries.id} and d.open)`,
      ),
    )
    .orderBy(asc(deliveries.id));
}

function heldDeliveries(tx: Tx, marketId: string): Promise<Held[]> {
  return tx
    .select({
      delivery: deliveries,
      order: orders,
      restaurant: { lat: restaurants.lat, lng: restaurants.lng },
      prepMinutes: restaurants.prepMinutes,
    })
    .from(deliveries)
    .innerJoin(orders, and(eq(orders.marketId, deliveries.marketId), eq(orders.id, deliveries.orderId)))
    .innerJoin(
      restaurants,
      and(eq(restaurants.marketId, deliveries.marketId), eq(restaurants.id, deliveries.restaurantId)),
    )
    .where(and(eq(deliveries.marketId, marketId), isNull(deliveries.endedAtMs), isNotNull(deliveries.courierId)))
    .orderBy(asc(deliveries.courierId), asc(deliveries.stopOrder));
}

function readyAtMs({ order, prepMinutes }: Pick<Held, "order" | "prepMinutes">, nowMs: number): number {
  if (order.readyAtMs !== null) return order.readyAtMs;
  // The kitchen's word has passed and nobody said ready: any moment now.
  return Math.max(order.readyEstimateAtMs ?? nowMs + prepMinutes * MINUTE_MS, nowMs);
}

function asOpen(
  row: Awaited<ReturnType<typeof openDeliveries>>[number],
  onDuty: readonly string[],
  nowMs: number,
): OpenDelivery {
  const { delivery, order, restaurant } = row;
  const excluded = delivery.excludedCourierIds;
  const nobodyLeft = onDuty.every((id) => excluded.includes(id));
  const waited = nowMs - (row.lastAnsweredAtMs ?? 0) >= ASK_AGAIN_AFTER_MS;
  return {
    id: delivery.id,
    orderId: order.id,
    restaurantId: delivery.restaurantId,
    pickup: restaurant,
    drop: dropOf(row),
    placedAtMs: order.placedAtMs,
    readyAtMs: readyAtMs(row, nowMs),
    excludedCourierIds: nobodyLeft && waited ? [] : excluded,
    priority: 0,
  };
}

function dropOf({ order, restaurant }: Pick<Held, "order" | "restaurant">): Point {
  return { lat: order.dropLat ?? restaurant.lat, lng: order.dropLng ?? restaurant.lng };
}

function lastWritten({ courier }: OnDuty): Point | undefined {
  return courier.lastLat === null || courier.lastLng === null
    ? undefined
    : { lat: courier.lastLat, lng: courier.lastLng };
}

/** Follows the work in hand to its end: where and when the courier will be free, and what can still grow. */
function asCourier(
  duty: OnDuty,
  point: Point,
  held: readonly Held[],
  nowMs: number,
  router: Router,
  settings: RoundSettings,
): RoundCourier {
  const { handover } = settings;
  const way = (from: Point, to: Point) => Math.round(router.leg(from, to).durationS * 1000);
  const toFetch = held.filter(({ delivery }) =>
    ["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT"].includes(delivery.status),
  );
  const carried = held.filter((each) => !toFetch.includes(each));
  let atMs = nowMs;
  let at = point;
  for (const each of carried) {
    const to = dropOf(each);
    const there = each.delivery.arrivedAtCustomerAtMs !== null;
    atMs = there
      ? Math.max(nowMs, (each.delivery.arrivedAtCustomerAtMs ?? nowMs) + handover.beforeDropMs + handover.afterDropMs)
      : atMs + way(at, to) + handover.beforeDropMs + handover.afterDropMs;
    at = to;
  }
  let onTheWay: OnTheWay | undefined;
  for (const [restaurantId, same] of Map.groupBy(toFetch, ({ delivery }) => delivery.restaurantId)) {
    const pickup = same[0]?.restaurant ?? at;
    const arrivedAtMs = same[0]?.delivery.arrivedAtMerchantAtMs ?? null;
    const arriveAtMs =
      arrivedAtMs === null ? atMs + way(at, pickup) + handover.beforePickupMs : arrivedAtMs + handover.beforePickupMs;
    if (carried.length === 0 && onTheWay === undefined) {
      onTheWay = {
        restaurantId,
        pickup,
        arriveAtMs,
        deliveries: same.map((each) => ({
          id: each.delivery.id,
          drop: dropOf(each),
          placedAtMs: each.order.placedAtMs,
          readyAtMs: readyAtMs(each, nowMs),
          priority: 0,
        })),
      };
    }
    atMs = Math.max(arriveAtMs, nowMs, ...same.map((each) => readyAtMs(each, nowMs))) + handover.afterPickupMs;
    at = pickup;
    for (const each of same) {
      const to = dropOf(each);
      atMs += way(at, to) + handover.beforeDropMs + handover.afterDropMs;
      at = to;
    }
  }
  const single = new Set(toFetch.map(({ delivery }) => delivery.restaurantId)).size === 1;
  return {
    id: duty.courier.id,
    point,
    freeAtMs: atMs,
    freePoint: at,
    ...(onTheWay && single ? { onTheWay } : {}),
    shiftEndsAtMs: duty.shiftEndsAtMs,
    activeOfferCount: duty.hasOffer ? 1 : 0,
    capacity: duty.courier.capacity,
  };
}
