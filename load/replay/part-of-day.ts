import type { ReplayInstance } from "./instance.ts";

/** Minutes before the part in which those who are on duty already come on, one after the other. */
const COME_ON_MIN = 10;
const HOUR_MIN = 60;

/**
 * The orders placed in a part of a day, with the restaurants that they are for and the couriers who are on duty in it.
 * Who came on before it comes on in the ten minutes before it. Shifts end when they end.
 */
export function partOfDay(day: ReplayInstance, fromMin: number, toMin: number): ReplayInstance {
  const orders = day.orders.filter(({ placedMin }) => placedMin >= fromMin && placedMin < toMin);
  const used = new Set(orders.map((order) => order.restaurantId));
  const couriers = day.couriers.filter(({ onMin, offMin }) => onMin < toMin && offMin > fromMin);
  return {
    ...day,
    name: `${day.name}-${clockOf(fromMin)}-${clockOf(toMin)}`,
    orders,
    restaurants: day.restaurants.filter(({ id }) => used.has(id)),
    couriers: couriers.map((courier, index) => ({
      ...courier,
      onMin: Math.max(courier.onMin, fromMin - COME_ON_MIN * (1 - index / couriers.length)),
    })),
  };
}

/** The first minute of the hour of the day in which most orders are placed. */
export function peakHourMin({ orders }: ReplayInstance): number {
  const placed = Array.from({ length: 24 }, () => 0);
  for (const { placedMin } of orders) {
    const hour = Math.floor(placedMin / HOUR_MIN) % 24;
    placed[hour] = (placed[hour] ?? 0) + 1;
  }
  return placed.indexOf(Math.max(...placed)) * HOUR_MIN;
}

/**
 * `12:00-13:30` or `peak` as minutes.
 *
 * @returns undefined when it is neither
 */
export function readPart(text: string, day: ReplayInstance): { fromMin: number; toMin: number } | undefined {
  if (text === "peak") {
    const fromMin = peakHourMin(day);
    return { fromMin, toMin: fromMin + HOUR_MIN };
  }
  const match = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/u.exec(text);
  if (!match) return undefined;
  const [fromHour = 0, from = 0, toHour = 0, to = 0] = match.slice(1).map(Number);
  const part = { fromMin: fromHour * HOUR_MIN + from, toMin: toHour * HOUR_MIN + to };
  return part.toMin > part.fromMin ? part : undefined;
}

function clockOf(minute: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return two(minute / HOUR_MIN) + two(minute % HOUR_MIN);
}
