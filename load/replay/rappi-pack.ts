import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import type { Point } from "#shared/contracts/geo.ts";
import type { HaversineSpeed } from "#shared/domain/router/haversine-router.ts";

import { haversineTravel, type InstanceOrder, type InstanceRestaurant, type ReplayInstance } from "./instance.ts";

/** Metres a second along the way, and how much longer that is than the great circle: the live system's own defaults. */
const SPEED: HaversineSpeed = { speedMps: 5, detour: 1.3 };
/** The pack says nothing of doors; these are the minutes of the other pack. */
const SERVICE_MIN = 4;
const TARGET_MIN = 40;
const MAX_MIN = 90;

type Columns = Readonly<Record<string, string>>;

/** Whether the folder holds days with true coordinates: `orders.csv.gz` and `couriers.csv.gz`. */
export function isRappiPack(dir: string): boolean {
  return existsSync(path.join(dir, "orders.csv.gz")) && existsSync(path.join(dir, "couriers.csv.gz"));
}

/**
 * One day of a pack with true coordinates, times of day as `HH:MM:SS` (data/rappi-mdrp). A restaurant is a pick-up place;
 * food that the pack calls ready before the order was placed is ready when it is placed.
 *
 * @returns undefined when the pack has no such instance
 * @throws {Error} naming the file and line when a table is not of that form
 */
export function loadRappiInstance(dir: string, name: string): ReplayInstance | undefined {
  const orderRows = rowsOf(dir, "orders", name);
  const courierRows = rowsOf(dir, "couriers", name);
  if (orderRows.length === 0 || courierRows.length === 0) return undefined;
  const restaurants = new Map<string, InstanceRestaurant>();
  const orders = orderRows.map((row): InstanceOrder => {
    const pickup = pointOf(row, "pick_up_lat", "pick_up_lng");
    const place = `${pickup.lat},${pickup.lng}`;
    const restaurant = restaurants.get(place) ?? { id: `r${restaurants.size + 1}`, ...pickup };
    restaurants.set(place, restaurant);
    const placedMin = row.minuteOf("placement_time");
    return {
      id: row.textOf("order_id"),
      restaurantId: restaurant.id,
      ...pointOf(row, "drop_off_lat", "drop_off_lng"),
      placedMin,
      readyMin: Math.max(placedMin, row.minuteOf("ready_time")),
    };
  });
  const couriers = courierRows.map((row) => ({
    id: row.textOf("courier_id"),
    ...pointOf(row, "on_lat", "on_lng"),
    onMin: row.minuteOf("on_time"),
    offMin: row.minuteOf("off_time"),
  }));
  return {
    name: `rappi-${name}`,
    travel: haversineTravel(SPEED, middleOf([...restaurants.values()])),
    pickupServiceMin: SERVICE_MIN,
    dropoffServiceMin: SERVICE_MIN,
    targetMin: TARGET_MIN,
    maxMin: MAX_MIN,
    restaurants: [...restaurants.values()],
    orders: orders.toSorted((a, b) => a.placedMin - b.placedMin),
    couriers,
  };
}

interface Row {
  textOf(column: string): string;
  numberOf(column: string): number;
  /** Minutes of the day, with a fraction. */
  minuteOf(column: string): number;
}

/** The instance's rows of one table. */
function rowsOf(dir: string, table: string, instance: string): Row[] {
  const file = `${table}.csv.gz`;
  const [head = "", ...lines] = gunzipSync(readFileSync(path.join(dir, file)))
    .toString("utf8")
    .split("\n");
  const columns = head.trim().split(",");
  const mine = `${instance},`;
  return lines.flatMap((line, index) => {
    if (!line.startsWith(mine)) return [];
    const values = line.trim().split(",");
    return [
      rowOf(Object.fromEntries(columns.map((name, at) => [name, values[at] ?? ""])), `${file} line ${index + 2}`),
    ];
  });
}

function rowOf(columns: Columns, where: string): Row {
  const textOf = (column: string): string => {
    const value = columns[column];
    if (!value) throw new Error(`${where}: no ${column}`);
    return value;
  };
  return {
    textOf,
    numberOf(column) {
      const value = Number(textOf(column));
      if (!Number.isFinite(value)) throw new Error(`${where}: ${column} is not a number: ${columns[column]}`);
      return value;
    },
    minuteOf(column) {
      const match = /^(\d{1,2}):(\d{2}):(\d{2})$/u.exec(textOf(column));
      if (!match) throw new Error(`${where}: ${column} is no time of day: ${columns[column]}`);
      return Number(match[1]) * 60 + Number(match[2]) + Number(match[3]) / 60;
    },
  };
}

function pointOf(row: Row, lat: string, lng: string): Point {
  return { lat: row.numberOf(lat), lng: row.numberOf(lng) };
}

function middleOf(points: readonly Point[]): Point {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { lat: mean(points.map((each) => each.lat)), lng: mean(points.map((each) => each.lng)) };
}
