import { DAY_SO_FAR_MS, PACE_MS, type DaySoFar, type KitchenSoFar } from "../domain/dispatch/expected-demand.ts";
import type { RoundInput } from "../domain/dispatch/round.ts";
import type { LateSettings } from "../domain/dispatch/term-settings.ts";
import { usualOf } from "../domain/dispatch/usual.ts";
import { isOpen } from "../domain/restaurant/opening-hours.ts";
import type { SimMarket, SimStore } from "./store.ts";

const MINUTE_MS = 60_000;

/** The orders of the last day of every restaurant that takes orders now. */
export function simDaySoFar(store: SimStore, market: SimMarket, nowMs: number): DaySoFar {
  const kitchens = openKitchens(store, market, nowMs);
  let lately = 0;
  for (const { order } of store.allOrders()) {
    const kitchen = kitchens.get(order.restaurantId);
    const counts = order.kind === "delivery" && order.createdAtMs !== null;
    if (!kitchen || !counts || order.placedAtMs <= nowMs - DAY_SO_FAR_MS) continue;
    kitchens.set(order.restaurantId, { ...kitchen, orders: kitchen.orders + 1 });
    if (order.placedAtMs > nowMs - PACE_MS) lately += 1;
  }
  return { kitchens: [...kitchens.values()], lately };
}

/** What is usual of the market's orders of the last day. [DSP63] */
export function simUsual(
  store: SimStore,
  marketId: string,
  late: LateSettings,
  nowMs: number,
): Pick<RoundInput, "usualMs"> {
  const clicksMs: number[] = [];
  for (const { order } of store.allOrders()) {
    const { marketId: own, kind, placedAtMs, deliveredAtMs } = order;
    if (own !== marketId || kind !== "delivery" || placedAtMs <= nowMs - DAY_SO_FAR_MS) continue;
    if (deliveredAtMs !== null) clicksMs.push(deliveredAtMs - placedAtMs);
  }
  const usualMs = usualOf(
    clicksMs.toSorted((a, b) => a - b),
    late,
  );
  return usualMs === undefined ? {} : { usualMs };
}

function openKitchens(store: SimStore, { facts }: SimMarket, nowMs: number): Map<string, KitchenSoFar> {
  const local = facts.localClock(nowMs);
  const kitchens = new Map<string, KitchenSoFar>();
  for (const { row, hours } of store.restaurants.values()) {
    if (row.marketId !== facts.id || !row.active || row.paused || !isOpen(hours, local)) continue;
    const pickup = { lat: row.lat, lng: row.lng };
    kitchens.set(row.id, { restaurantId: row.id, pickup, orders: 0, prepMs: row.prepMinutes * MINUTE_MS });
  }
  return kitchens;
}
