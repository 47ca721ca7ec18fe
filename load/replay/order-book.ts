import type { OpenDelivery } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import type { Day, MinuteNews, PlacedOrder } from "./day.ts";

const MINUTE_MS = 60_000;

const pointOf = ({ lat, lng }: Point): Point => ({ lat, lng });

interface KnownOrder {
  readonly delivery: Omit<OpenDelivery, "readyAtMs">;
  readonly expectedMs: number;
  readyMs: number | undefined;
}

export interface OrderBook {
  hear(news: MinuteNews): void;
  take(ids: readonly string[]): void;
  openDeliveries(nowMs: number): OpenDelivery[];
  delivery(id: string, nowMs: number): OpenDelivery;
  /** False while the kitchen has not said when the food is ready, nor that it is. */
  readonly knowsReady: (id: string) => boolean;
}

/** What is known of a day's orders so far, and which of them have no courier. */
export function makeOrderBook(day: Pick<Day, "restaurants">): OrderBook {
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
      expectedMs: placedAtMs + Math.round(meanPrepMin) * MINUTE_MS,
      readyMs: readyMin === undefined ? undefined : readyMin * MINUTE_MS,
    });
    open.add(id);
  };
  const delivery = (id: string, nowMs: number): OpenDelivery => {
    const order = get(id);
    return { ...order.delivery, readyAtMs: order.readyMs ?? Math.max(order.expectedMs, nowMs + MINUTE_MS) };
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
    openDeliveries: (nowMs) => [...open].map((id) => delivery(id, nowMs)),
    delivery,
    knowsReady: (id) => get(id).readyMs !== undefined,
  };
}
