import type { Demand, OpenDelivery, RoundSettings } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import type { Day, MinuteNews, PlacedOrder } from "./day.ts";

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
  const known = new Map<string, KnownOrder>();
  const open = new Set<string>();
  const get = (id: string): KnownOrder => {
    const order = known.get(id);
    if (!order) throw new Error(`unknown order ${id}`);
    return order;
  };
  const place = (order: PlacedOrder) => {
    const { id, restaurantId, placedMin, readyMin } = order;
    const restaurant = restaurants.get(restaurantId);
    if (!restaurant) throw new Error(`unknown restaurant ${restaurantId}`);
    const placedAtMs = placedMin * MINUTE_MS;
    const { pickup, meanPrepMin } = restaurant;
    known.set(id, {
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
    });
    open.add(id);
    counts.set(restaurantId, (counts.get(restaurantId) ?? 0) + 1);
    placedAt.push(placedAtMs);
    if (readyMin !== undefined) preps.push((readyMin - placedMin) * MINUTE_MS);
  };
  const counts = new Map<string, number>();
  const placedAt: number[] = [];
  const preps: number[] = [];
  const delivery = (id: string, nowMs: number): OpenDelivery => {
    const order = get(id);
    if (order.readyMs !== undefined) return { ...order.delivery, readyAtMs: order.readyMs };
    const soonMs = nowMs + MINUTE_MS;
    return {
      ...order.delivery,
      readyAtMs: Math.max(order.expectedMs, soonMs),
      readyLateAtMs: Math.max(order.lateMs, soonMs),
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
    demand(nowMs) {
      const lately = placedAt.filter((atMs) => atMs > nowMs - 30 * MINUTE_MS).length;
      const usual = preps.length < 10 ? 15 * MINUTE_MS : preps.reduce((sum, each) => sum + each, 0) / preps.length;
      const prior = 1;
      const total = placedAt.length + prior * restaurants.size;
      return [...restaurants].map(([restaurantId, { pickup, meanPrepMin }]) => ({
        restaurantId,
        pickup,
        ordersPerHour: (2 * lately * ((counts.get(restaurantId) ?? 0) + prior)) / total,
        prepMs: meanPrepMin > 0 ? meanPrepMin * MINUTE_MS : usual,
      }));
    },
    openDeliveries: (nowMs) => [...open].map((id) => delivery(id, nowMs)),
    delivery,
    knowsReady: (id) => get(id).readyMs !== undefined,
  };
}
