import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterAll, expect, test } from "vitest";

import { encodeCity } from "#shared/domain/city/city-file.ts";
import { E7, type City } from "#shared/domain/city/city.ts";
import { gridCity } from "#shared/testing/grid-city.ts";

import { decisionsOf } from "../world/chance.ts";
import { paceOf } from "../world/pace.ts";
import { streetWays } from "../world/street-ways.ts";
import { playLive } from "./play-live.ts";
import { townOf } from "./town.ts";

const dir = mkdtempSync(join(tmpdir(), "tiffin-twin-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const SIZE = { restaurants: 10, couriers: 20, customers: 12 };
const ORDERS = 40;
const MINUTES = 10;

/** Fourteen blocks a side, with places to eat at ten of its crossings. */
function smallCity(): City {
  const city = gridCity({ size: 14 });
  const { nodeLatE7, nodeLngE7 } = city.streets;
  const places = Array.from({ length: SIZE.restaurants }, (_, index) => {
    const node = (index * 19) % nodeLatE7.length;
    return {
      name: `Comedor ${index}`,
      kind: "restaurant",
      food: true,
      cuisines: ["burger"],
      openingHours: null,
      addressLine: null,
      point: { lat: (nodeLatE7[node] ?? 0) / E7, lng: (nodeLngE7[node] ?? 0) / E7 },
    };
  });
  return { ...city, places };
}

test(
  "[TWN8] [TWN10] twenty couriers in a small city, live: every order ends, nothing is lost, and the truth is known",
  { timeout: 300_000 },
  async () => {
    const city = smallCity();
    const cityDir = join(dir, "cities");
    mkdirSync(cityDir);
    writeFileSync(join(cityDir, "small.city.gz"), gzipSync(encodeCity(city)));
    const { figures, faults, reasons } = await playLive({
      seed: 5,
      town: townOf(decisionsOf(5), city, SIZE),
      cityDir,
      dir: join(dir, "run"),
      ways: streetWays(city),
      pace: paceOf(0.5),
      ordersPerHour: (ORDERS * 60) / MINUTES,
      minutes: MINUTES,
      speed: 30,
      hubs: 2,
      workers: 1,
      fixEveryMs: 20_000,
      tell: () => {},
    });
    expect({ ...figures, faults }, JSON.stringify(reasons)).toMatchObject({
      wanted: ORDERS,
      lost: 0,
      doubled: 0,
      disordered: 0,
      leaked: 0,
      moneyMismatches: 0,
      unended: 0,
      faults: [],
    });
    expect(figures.placed + figures.unplaced).toBe(ORDERS);
    expect(figures.concluded + figures.rejected + figures.cancelled).toBe(figures.placed);
    expect(figures.concluded).toBeGreaterThan(ORDERS / 2);
    // As the orders came: of forty the first and the last may be some seconds late.
    expect(figures.speedReached).toBeGreaterThan(15);
    expect(figures.speedReached).toBeLessThan(45);
    expect(figures.positionErrorP50M).toBeGreaterThan(0);
    expect(figures.etaErrorP50Min).not.toBeNull();
    expect(figures.logHash).toMatch(/^[0-9a-f]{64}$/u);
  },
);
