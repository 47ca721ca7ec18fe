import { and, asc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { restaurants } from "#drizzle/schema/restaurants.ts";
import { askAlong } from "#shared/domain/dispatch/ask-ahead.ts";
import { courierInRound, dropOf, type Held, type OnDuty } from "#shared/domain/dispatch/courier-in-round.ts";
import { busiestOf } from "#shared/domain/dispatch/coverage.ts";
import { expectedDemand } from "#shared/domain/dispatch/expected-demand.ts";
import { withShares } from "#shared/domain/dispatch/fair-share.ts";
import { askableOf, DISPATCHED, openDeliveryOf } from "#shared/domain/dispatch/open-delivery.ts";
import type { Demand, OpenDelivery, RoundCourier, RoundSettings } from "#shared/domain/dispatch/round.ts";
import { withAsked } from "#shared/domain/dispatch/suggestion.ts";
import type { KitchenOrder } from "#shared/domain/eta/order-eta.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { MarketFacts } from "#shared/domain/pricing/price-order.ts";
import { routerBy } from "#shared/domain/router/router.ts";
import { motionPlace } from "#shared/domain/tracking/motion/motion.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { couriersOnDuty } from "#shared/server/life/board.ts";
import { newestSuggestions } from "#shared/server/life/suggestions.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import { daySoFar } from "./day-so-far.ts";
import { shiftWork } from "./shift-work.ts";
import { usualClickToDoor } from "./usual.ts";

export interface GatheredFor {
  readonly market: Pick<MarketFacts, "id" | "router" | "localClock" | "eta">;
  readonly nowMs: number;
  readonly settings: RoundSettings;
  /** The round looks where idle couriers should wait, whether or not anything is open. */
  readonly looksForMoves: boolean;
}

export interface Gathered {
  readonly deliveries: readonly OpenDelivery[];
  readonly couriers: readonly RoundCourier[];
  /** Absent: too few orders have come today. */
  readonly usualMs?: number;
  /** Absent: nobody is to be moved. */
  readonly demand?: readonly Demand[];
}

/** A courier who has come to where this suggestion asked them to wait. */
interface Arrived {
  readonly courierId: string;
  readonly suggestionId: string;
}

/**
 * What a round needs to know, read from the store and the last positions. Restaurants' and drops' points are the store's doubles.
 *
 * @returns also the couriers who have come to where they were asked to wait
 */
export async function gatherRound(
  tx: Tx,
  positions: LastPositions,
  { market, nowMs, settings, looksForMoves }: GatheredFor,
): Promise<{ readonly known: Gathered; readonly arrived: readonly Arrived[] }> {
  const { id: marketId, router, eta } = market;
  const readyOf = (each: KitchenOrder) => eta.ready(each, nowMs);
  const open = await openDeliveries(tx, marketId);
  if (open.length === 0 && !looksForMoves) return { known: { deliveries: [], couriers: [] }, arrived: [] };
  const duty = await couriersOnDuty(tx, marketId);
  const ids = duty.map(({ courier }) => courier.id);
  const newest = await positions.read(marketId, ids);
  const held = Map.groupBy(await heldDeliveries(tx, marketId), ({ delivery }) => delivery.courierId);
  const placed = duty.flatMap((each, index) => {
    const known = newest[index];
    const point = known ? motionPlace(known, nowMs) : lastWritten(each);
    return point ? [{ duty: each, point, held: held.get(each.courier.id) ?? [] }] : [];
  });
  await Promise.all(
    placed.map((each) => askAlong(routerBy(router, each.duty.courier.vehicle), each.point, each.held.flatMap(stopsOf))),
  );
  const couriers = withShares(
    placed.map((each) => courierInRound(each.duty, each.point, each.held, readyOf, { nowMs, router, settings })),
    await shiftWork(tx, marketId, nowMs),
  );
  const askable = askableOf(duty, (id) => held.get(id)?.length ?? 0, nowMs);
  const deliveriesOpen = open.map((each) => openDeliveryOf(each, readyOf(each), each.lastAnsweredAtMs, askable, nowMs));
  const usualMs = await usualClickToDoor(tx, marketId, settings.late, nowMs);
  const known = { deliveries: deliveriesOpen, ...(usualMs === undefined ? {} : { usualMs }) };
  const anyIdle = couriers.some(({ freeAtMs }) => freeAtMs <= nowMs);
  if (!looksForMoves || !anyIdle) return { known: { ...known, couriers }, arrived: [] };
  const asked = await newestSuggestions(tx, marketId, ids);
  const day = await daySoFar(tx, marketId, market.localClock(nowMs), nowMs);
  const seen = withAsked(couriers, (id) => asked.get(id), nowMs);
  const demand = day.lately === 0 ? {} : { demand: busiestOf(expectedDemand(day), settings) };
  const arrived = seen.arrivedIds.flatMap((courierId) => {
    const suggestion = asked.get(courierId)?.suggestion;
    return suggestion ? [{ courierId, suggestionId: suggestion.id }] : [];
  });
  return { known: { ...known, couriers: seen.couriers, ...demand }, arrived };
}

function stopsOf(held: Held): readonly Point[] {
  return [held.restaurant, dropOf(held)];
}

function openDeliveries(tx: Tx, marketId: string) {
  return tx
    .select({
      delivery: deliveries,
      order: orders,
      restaurant: { lat: restaurants.lat, lng: restaurants.lng },
      prepMinutes: restaurants.prepMinutes,
      lastAnsweredAtMs: sql<number>`(select coalesce(max(o.answered_at_ms), 0) from offer_deliveries d join offers o
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
        isNull(deliveries.pinnedAtMs),
        inArray(orders.status, [...DISPATCHED]),
        sql`not exists (select 1 from offer_deliveries d where d.market_id = ${deliveries.marketId} and d.delivery_id = ${deliveries.id} and d.open)`,
      ),
    )
    .orderBy(asc(deliveries.id));
}

function heldDeliveries(tx: Tx, marketId: string) {
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

function lastWritten({ courier }: OnDuty): Point | undefined {
  return courier.lastLat === null || courier.lastLng === null
    ? undefined
    : { lat: courier.lastLat, lng: courier.lastLng };
}
