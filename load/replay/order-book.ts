import type { Demand, OpenDelivery, RoundSettings } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import type { Day, MinuteNews, PlacedOrder } from "./day.ts";
import { expectDemand } from "./expected-demand.ts";

const MINUTE_MS = 60_000;

/** Nine in ten orders are ready by this share of their restaurant's mean. */
const LATE_SHARE = 1.8;

const pointOf = ({ lat, lng }: Point): Point => ({ lat, lng });

interface KnownOrder {
  readonly delivery: Omit<OpenDelivery, "readyAtMs">;
  readonly expectedMs: number;
  readonly lateMs: number;
  readyMs: number | undefined;
}

function knownOrder(
  order: PlacedOrder,
  { pickup, meanPrepMin }: { readonly pickup: Point; readonly meanPrepMin: number },
  readyGuess: number,
): KnownOrder {
  const { id, restaurantId, placedMin, readyMin } = order;
  const placedAtMs = placedMin * MINUTE_MS;
  return {
    delivery: {
      id,
      orderId: id,
      restaurantId,
      pickup,
      drop: pointOf(order),
      placedAtMs,
      priority: 0,
      excludedCourierIds: [],
    },
    expectedMs: placedAtMs + Math.round(meanPrepMin * readyGuess) * MINUTE_MS,
    lateMs: placedAtMs + Math.round(meanPrepMin * LATE_SHARE) * MINUTE_MS,
    readyMs: readyMin === undefined ? undefined : readyMin * MINUTE_MS,
  };
}

export interface OrderBook {
  hear(news: MinuteNews): void;
  take(ids: readonly string[]): void;
  openDeliveries(nowMs: number): OpenDelivery[];
  /** What is to be expected of each restaurant, from the orders of the day so far. */
  demand(nowMs: number): Demand[];
  delivery(id: string, nowMs: number): OpenDelivery;
  /** False while the kitchen has not said when the food is ready, nor that it is. */
  readonly knowsReady: (id: string) => boolean;
}

/** What is known of a day's orders so far, and which of them have no courier. */
export function makeOrderBook(
  day: Pick<Day, "restaurants">,
  { readyGuess }: Pick<RoundSettings, "readyGuess">,
): OrderBook {
  const restaurants = new Map(
    day.restaurants.map((each) => [each.id, { pickup: pointOf(each), meanPrepMin: each.meanPrepMin ?? 0 }]),
  );
  const expected = expectDemand(restaurants);
  const known = new Map<string, KnownOrder>();
  const open = new Set<string>();
  const get = (id: string): KnownOrder => {
    const order = known.get(id);
    if (!order) throw new Error(`unknown order ${id}`);
    return order;
  };
  const place = (order: PlacedOrder) => {
    const restaurant = restaurants.get(order.restaurantId);
    if (!restaurant) throw new Error(`unknown restaurant ${order.restaurantId}`);
    known.set(order.id, knownOrder(order, restaurant, readyGuess));
    open.add(order.id);
    expected.hear(order);
  };
  const delivery = (id: string, nowMs: number): OpenDelivery => {
    const order = get(id);
    if (order.readyMs !== undefined) return { ...order.delivery, readyAtMs: order.readyMs };
    const soonMs = nowMs + MINUTE_MS;
    return {
      ...order.delivery,
      readyAtMs: Math.max(order.expectedMs, soonMs),
      readyLateAtMs: Math.max(order.lateMs, soonMs),
      isUnsaid: true,
    };
  };
  return {
    hear({ placed, ready, returned, tMin }) {
      for (const each of placed) place(each);
      for (const id of ready) get(id).readyMs ??= tMin * MINUTE_MS;
      for (const id of returned) open.add(id);
    },
    take(ids) {
      for (const id of ids) open.delete(id);
    },
    demand: (nowMs) => expected.at(nowMs),
    openDeliveries: (nowMs) => [...open].map((id) => delivery(id, nowMs)),
    delivery,
    knowsReady: (id) => get(id).readyMs !== undefined,
  };
}
