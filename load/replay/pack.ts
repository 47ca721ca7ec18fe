import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import type { Point } from "#shared/contracts/geo.ts";

import { packProjection, planeTravel, type ReplayInstance } from "./instance.ts";

type Row = Readonly<Record<string, string>>;

/** The rows of one table, by instance. Read plain or gzipped: a generated pack need not be packed. */
function tableOf(dir: string, name: string, columns: readonly string[]): Map<string, Row[]> {
  const text = gunzipSync(readFileSync(path.join(dir, `${name}.tsv.gz`))).toString("utf8");
  const byInstance = new Map<string, Row[]>();
  for (const [index, line] of text.split("\n").entries()) {
    if (index === 0 || line.trim() === "") continue;
    const [instance = "", ...values] = line.split("\t").map((value) => value.trim());
    if (values.length < columns.length)
      throw new Error(`${name}.tsv.gz line ${index + 1}: ${columns.length + 1} columns wanted`);
    const row = Object.fromEntries(columns.map((column, i) => [column, values[i] ?? ""]));
    const own = byInstance.get(instance);
    if (own) own.push(row);
    else byInstance.set(instance, [row]);
  }
  return byInstance;
}

function textOf(row: Row, column: string): string {
  const value = row[column];
  if (!value) throw new Error(`empty ${column}`);
  return value;
}

function numberOf(row: Row, column: string): number {
  const value = Number(textOf(row, column));
  if (!Number.isFinite(value)) throw new Error(`${column} is not a number: ${row[column]}`);
  return value;
}

const { toPoint } = packProjection();
const placeOf = (row: Row): Point => toPoint({ xM: numberOf(row, "x"), yM: numberOf(row, "y") });

const PARAMETERS = ["speed", "pickup", "dropoff", "target", "max", "payOrder", "payHour"];

/**
 * Loads every instance of a pack folder: `orders`, `restaurants`, `couriers` and `instance_parameters`, each a gzipped
 * tab-separated table with a header and the instance's name first.
 *
 * @returns instances by name, in the order of their names
 * @throws {Error} naming the file and line when a table is not of that form
 */
export function loadPack(dir: string): Map<string, ReplayInstance> {
  const parameters = tableOf(dir, "instance_parameters", PARAMETERS);
  const restaurants = tableOf(dir, "restaurants", ["id", "x", "y"]);
  const orders = tableOf(dir, "orders", ["id", "x", "y", "placed", "restaurant", "ready"]);
  const couriers = tableOf(dir, "couriers", ["id", "x", "y", "on", "off"]);
  const instances = new Map<string, ReplayInstance>();
  for (const [name, [row]] of [...parameters].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!row) continue;
    instances.set(name, {
      name,
      travel: planeTravel(numberOf(row, "speed")),
      pickupServiceMin: numberOf(row, "pickup"),
      dropoffServiceMin: numberOf(row, "dropoff"),
      targetMin: numberOf(row, "target"),
      maxMin: numberOf(row, "max"),
      restaurants: (restaurants.get(name) ?? []).map((each) => ({ id: textOf(each, "id"), ...placeOf(each) })),
      orders: (orders.get(name) ?? []).map((each) => ({
        id: textOf(each, "id"),
        restaurantId: textOf(each, "restaurant"),
        ...placeOf(each),
        placedMin: numberOf(each, "placed"),
        readyMin: numberOf(each, "ready"),
      })),
      couriers: (couriers.get(name) ?? []).map((each) => ({
        id: textOf(each, "id"),
        ...placeOf(each),
        onMin: numberOf(each, "on"),
        offMin: numberOf(each, "off"),
      })),
    });
  }
  return instances;
}
