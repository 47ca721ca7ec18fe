import { mkdtempSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import fc from "fast-check";
import { expect, test } from "vitest";

import { playOffline, quantile } from "./offline.ts";
import { packProjection, planeTravel, type ReplayInstance } from "./instance.ts";
import { loadPack } from "./pack.ts";

const REAL_PACK = path.resolve("../shared/data/mdrp");

const { toPoint } = packProjection();
const place = { xM: fc.integer({ min: 0, max: 9_000 }), yM: fc.integer({ min: 0, max: 9_000 }) };
const instance: fc.Arbitrary<ReplayInstance> = fc
  .record({
    restaurants: fc.array(fc.record(place), { minLength: 1, maxLength: 4 }),
    couriers: fc.array(fc.record({ ...place, onMin: fc.nat(60), hours: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 6,
    }),
    orders: fc.array(
      fc.record({ ...place, placedMin: fc.nat(200), prepMin: fc.integer({ min: 1, max: 45 }), kitchen: fc.nat(3) }),
      { maxLength: 25 },
    ),
  })
  .map(({ restaurants, couriers, orders }) => ({
    name: "made",
    travel: planeTravel(320),
    pickupServiceMin: 4,
    dropoffServiceMin: 4,
    targetMin: 40,
    maxMin: 90,
    restaurants: restaurants.map((each, i) => ({ ...toPoint(each), id: `r${i}` })),
    couriers: couriers.map(({ hours, onMin, ...each }, i) => ({
      ...toPoint(each),
      id: `c${i}`,
      onMin,
      offMin: onMin + hours * 60,
    })),
    orders: orders.map(({ kitchen, prepMin, placedMin, ...each }, i) => ({
      ...toPoint(each),
      placedMin,
      id: `o${i}`,
      restaurantId: `r${kitchen % restaurants.length}`,
      readyMin: placedMin + prepMin,
    })),
  }));

test("[DSP10] on any day every rule is kept, and nobody is faster than food and way", () => {
  fc.assert(
    fc.property(instance, (day) => {
      const { placed, delivered, ctdMeanMin, ctdP90Min, rtpMeanMin, offers, undeliveredPct } = playOffline(day);
      expect(placed).toBe(day.orders.length);
      expect(undeliveredPct).toBeCloseTo(placed === 0 ? 0 : (100 * (placed - delivered)) / placed, 9);
      expect(offers).toBeLessThanOrEqual(delivered);
      expect(ctdMeanMin).toBeGreaterThanOrEqual(delivered > 0 ? 5 : 0);
      expect(ctdP90Min).toBeGreaterThanOrEqual(0);
      expect(rtpMeanMin).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 30 },
  );
}, 60_000);

test("[DSP10] a day with one order takes exactly preparation, handover and way", () => {
  const { orders: _, ...rest } = fc.sample(instance, { numRuns: 1, seed: 1 })[0] ?? {};
  const day: ReplayInstance = {
    ...(rest as ReplayInstance), // Cast: a sample of one always has a first.
    restaurants: [{ id: "r0", ...toPoint({ xM: 0, yM: 0 }) }],
    couriers: [{ id: "c0", ...toPoint({ xM: 640, yM: 0 }), onMin: 0, offMin: 120 }],
    orders: [{ id: "o0", restaurantId: "r0", ...toPoint({ xM: 0, yM: 3_201 }), placedMin: 10, readyMin: 22 }],
  };
  expect(playOffline(day)).toEqual({
    placed: 1,
    delivered: 1,
    undeliveredPct: 0,
    ctdMeanMin: 12 + 2 + 11 + 2,
    ctdP90Min: 27,
    rtpMeanMin: 0,
    offers: 1,
  });
});

test("[DSP10] a pack folder is read as written, and a torn line is named", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "tiffin-pack-"));
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(path.join(dir, `${name}.tsv.gz`), gzipSync(`${lines.join("\n")}\n`));
  try {
    write("instance_parameters", ["header", "tiny\t320\t4\t4\t40\t90\t10\t15"]);
    write("restaurants", ["header", "tiny\tr1\t5\t6"]);
    write("orders", ["header", "tiny\to1\t7\t8\t743\tr1\t753"]);
    write("couriers", ["header", "tiny\tc1\t1\t2\t0\t90"]);
    expect(loadPack(dir).get("tiny")).toMatchObject({
      restaurants: [{ id: "r1", ...toPoint({ xM: 5, yM: 6 }) }],
      orders: [{ id: "o1", restaurantId: "r1", ...toPoint({ xM: 7, yM: 8 }), placedMin: 743, readyMin: 753 }],
      couriers: [{ id: "c1", onMin: 0, offMin: 90 }],
    });
    write("couriers", ["header", "tiny\tc1\t1"]);
    expect(() => loadPack(dir)).toThrow("couriers.tsv.gz line 2");
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("[DSP10] quantiles interpolate between neighbours", () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([7], 0.9)).toBe(7);
  expect(quantile([], 0.9)).toBe(0);
});

test.skipIf(!existsSync(REAL_PACK))(
  "[DSP10] a real day: all delivered, within 1.5 minutes of food and way alone",
  () => {
    const day = loadPack(REAL_PACK).get("0o50t75s1p100");
    if (!day) throw new Error("the pack has the instance");
    const { undeliveredPct, ctdMeanMin } = playOffline(day);
    expect(undeliveredPct).toBe(0);
    expect(ctdMeanMin).toBeLessThan(26.52 + 1.5);
  },
  60_000,
);
