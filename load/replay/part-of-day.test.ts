import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { playOffline } from "./offline.ts";
import { partOfDay, peakHourMin, readPart } from "./part-of-day.ts";
import { isRappiPack, loadRappiInstance } from "./rappi-pack.ts";

const REAL_PACK = path.resolve("../shared/data/rappi-mdrp");
const ORDERS =
  "instance,order_id,pick_up_lat,pick_up_lng,drop_off_lat,drop_off_lng,placement_time,preparation_time,ready_time,expected_drop_off_time";
const COURIERS = "instance,courier_id,vehicle,on_lat,on_lng,on_time,off_time";

function withPack(orders: readonly string[], couriers: readonly string[], look: (dir: string) => void): void {
  const dir = mkdtempSync(path.join(tmpdir(), "tiffin-rappi-"));
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(path.join(dir, `${name}.csv.gz`), gzipSync(`${lines.join("\n")}\n`));
  try {
    write("orders", [ORDERS, ...orders]);
    write("couriers", [COURIERS, ...couriers]);
    look(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const orders = [
  "7,1,4.60,-74.10,4.61,-74.11,11:59:30,12:00:00,12:10:00,12:29:30",
  "7,2,4.60,-74.10,4.62,-74.10,12:00:00,12:01:00,11:59:00,12:30:00",
  "7,3,4.65,-74.05,4.62,-74.10,12:45:15,12:46:00,13:05:00,13:15:00",
  "8,1,4.60,-74.10,4.61,-74.11,09:00:00,09:01:00,09:10:00,09:29:30",
];
const couriers = [
  "7,1,bicycle,4.60,-74.10,00:00:01,23:00:00",
  "7,2,car,4.65,-74.05,08:00:00,12:00:00",
  "7,3,walking,4.65,-74.05,12:30:00,14:00:00",
];

test("[RPL11] a pack with true coordinates is read as written: one restaurant a pick-up place, minutes with their seconds", () => {
  withPack(orders, couriers, (dir) => {
    expect(isRappiPack(dir)).toBe(true);
    const day = loadRappiInstance(dir, "7");
    expect(day).toMatchObject({
      restaurants: [
        { id: "r1", lat: 4.6, lng: -74.1 },
        { id: "r2", lat: 4.65, lng: -74.05 },
      ],
      orders: [
        { id: "1", restaurantId: "r1", placedMin: 719.5, readyMin: 730, lat: 4.61 },
        // Ready before it was placed: ready when it is placed.
        { id: "2", restaurantId: "r1", placedMin: 720, readyMin: 720 },
        { id: "3", restaurantId: "r2", placedMin: 765.25, readyMin: 785 },
      ],
      couriers: [{ id: "1" }, { id: "2", onMin: 480, offMin: 720 }, { id: "3" }],
    });
    expect(day?.travel.env["ROUTER"]).toBe("haversine");
    expect(loadRappiInstance(dir, "9")).toBeUndefined();
  });
});

test("[RPL11] a torn row is refused by its line", () => {
  withPack([...orders, "7,4,4.60,-74.10,4.61"], couriers, (dir) => {
    expect(() => loadRappiInstance(dir, "7")).toThrow("orders.csv.gz line 6: no placement_time");
  });
  withPack([orders[0]?.replace("11:59:30", "noon") ?? ""], couriers, (dir) => {
    expect(() => loadRappiInstance(dir, "7")).toThrow("orders.csv.gz line 2: placement_time is no time of day: noon");
  });
});

test("[RPL12] a part of a day has its orders, their restaurants, and who is on duty in it, come on before it", () => {
  withPack(orders, couriers, (dir) => {
    const day = loadRappiInstance(dir, "7");
    if (!day) throw new Error("the pack has the instance");
    expect(peakHourMin(day)).toBe(720);
    expect(readPart("peak", day)).toEqual({ fromMin: 720, toMin: 780 });
    expect(readPart("11:30-12:15", day)).toEqual({ fromMin: 690, toMin: 735 });
    expect(readPart("12:15-11:30", day)).toBeUndefined();
    expect(readPart("noon", day)).toBeUndefined();
    const part = partOfDay(day, 720, 780);
    expect(part.name).toBe("rappi-7-1200-1300");
    expect(part.orders.map(({ id }) => id)).toEqual(["2", "3"]);
    expect(part.restaurants.map(({ id }) => id)).toEqual(["r1", "r2"]);
    expect(part.couriers.map(({ id, onMin }) => [id, onMin])).toEqual([
      ["1", 710],
      ["3", 750],
    ]);
    expect(partOfDay(day, 0, 719).restaurants).toEqual([]);
  });
});

test.skipIf(!existsSync(REAL_PACK))(
  "[RPL12] half an hour of a real day at night: everybody served by the policy alone",
  () => {
    const day = loadRappiInstance(REAL_PACK, "12");
    if (!day) throw new Error("the pack has the instance");
    const { placed, undeliveredPct } = playOffline(partOfDay(day, 0, 30));
    expect(placed).toBeGreaterThan(10);
    expect(undeliveredPct).toBe(0);
  },
  60_000,
);
