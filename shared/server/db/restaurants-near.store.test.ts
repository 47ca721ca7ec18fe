import { and, eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";

import { restaurants } from "#drizzle/schema/restaurants.ts";
import { offsetBy } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { uuidV7 } from "#shared/lib/uuid.ts";
import { testServices } from "#shared/testing/services.ts";

import { connectDb } from "./connect.ts";
import { distanceTo } from "./distance.ts";
import { readShown } from "./shown-restaurants.ts";
import { restaurantsNear, type NearRow, type PageEnd } from "./restaurants-near.ts";

const { databaseUrl } = await testServices();
const db = connectDb(databaseUrl, { max: 2, name: "test-near" });
afterAll(() => db.close());

/** A city, the end of the longitudes, and a pole. */
const CENTRES: readonly Point[] = [
  { lat: -34.9, lng: -56.16 },
  { lat: -17.7, lng: 179.995 },
  { lat: 89.995, lng: 20 },
];
const RADII_M = [100, 900, 1_001, 4_000, 4_001, 30_000, 100_000];

interface Made {
  readonly eastM: number;
  readonly northM: number;
  readonly radiusM: number;
  readonly active: boolean;
  readonly shut: boolean;
}

const metres = fc.oneof(fc.integer({ min: -1_500, max: 1_500 }), fc.integer({ min: -60_000, max: 60_000 }));
const made: fc.Arbitrary<Made> = fc.record({
  eastM: metres,
  northM: metres,
  radiusM: fc.constantFrom(...RADII_M),
  active: fc.integer({ min: 0, max: 4 }).map((one) => one > 0),
  shut: fc.boolean(),
});
const placeNear = (centre: Point, eastM: number, northM: number): Point => {
  const { lat, lng } = offsetBy(centre, eastM, northM);
  return { lat: Math.max(-90, Math.min(90, lat)), lng: ((((lng + 180) % 360) + 360) % 360) - 180 };
};

let markets = 0;
async function marketOf(centre: Point, all: readonly Made[]): Promise<string> {
  markets += 1;
  const marketId = `near-${markets}`;
  await db.sql`insert into markets values (${marketId}, 'Test', 'UTC', 'EUR', 'en', 0, 0, 0, 0, 0)`;
  const rows = all.map((each, nth) => ({
    marketId,
    id: uuidV7(1_000_000 + nth, new Uint8Array(10).fill(nth % 251)),
    name: `Place ${nth}`,
    description: "",
    cuisine: "all",
    addressLine: "",
    ...placeNear(centre, each.eastM, each.northM),
    zone: "none",
    deliveryRadiusM: each.radiusM,
    minimumMinor: 0,
    deliveryBaseMinor: 0,
    deliveryPerKmMinor: 0,
    serviceFeeBasisPoints: 0,
    prepMinutes: 10,
    paused: each.shut,
    active: each.active,
    createdAtMs: 1_800_000_000_000 + nth,
  }));
  await db.orm.insert(restaurants).values(rows);
  await db.sql`insert into opening_hours select market_id, id, 3, 600, 1500 from restaurants where market_id = ${marketId}`;
  return marketId;
}

/** Every restaurant looked at. */
async function scan(marketId: string, point: Point, openOnly: boolean) {
  const away = distanceTo(restaurants, point);
  return db.orm
    .select({ id: restaurants.id, distanceM: away })
    .from(restaurants)
    .where(
      and(
        eq(restaurants.marketId, marketId),
        eq(restaurants.active, true),
        sql`${away} <= ${restaurants.deliveryRadiusM}`,
        ...(openOnly ? [eq(restaurants.paused, false)] : []),
      ),
    )
    .orderBy(away, restaurants.id);
}

async function pages(marketId: string, point: Point, openOnly: boolean, limit: number): Promise<NearRow[]> {
  const found: NearRow[] = [];
  for (let after: PageEnd | undefined; ;) {
    const openAt = openOnly ? { weekday: 3, minute: 700 } : undefined;
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const page = await restaurantsNear(db, { marketId, point, words: [], openAt, after, limit });
    found.push(...page);
    const last = page.at(-1);
    if (!last || page.length < limit) return found;
    after = { rank: last.distanceM ?? 0, id: last.id };
  }
}

test("[BRW8] rings find what looking at every restaurant finds, page by page, around any point", async () => {
  let several = 0;
  const city = fc.array(made, { minLength: 40, maxLength: 80 });
  const limits = fc.integer({ min: 1, max: 12 });
  const property = fc.asyncProperty(
    fc.constantFrom(...CENTRES),
    city,
    metres,
    metres,
    fc.boolean(),
    limits,
    async (centre, all, eastM, northM, openOnly, limit) => {
      const marketId = await marketOf(centre, all);
      const point = placeNear(centre, eastM / 4, northM / 4);
      const expected = await scan(marketId, point, openOnly);
      const found = await pages(marketId, point, openOnly, limit);
      expect(found.map(({ id, distanceM }) => ({ id, distanceM }))).toEqual(expected);
      several += Number(expected.length > limit);
    },
  );
  await fc.assert(property, { numRuns: 40 });
  expect(several).toBeGreaterThan(8);
});

test("a row has the store's own types, and its hours in the order of the week", async () => {
  const point = { lat: 10, lng: 10 };
  const shown = { eastM: 0, northM: 0, radiusM: 500, active: true, shut: false };
  const marketId = await marketOf(point, [shown]);
  await db.sql`insert into opening_hours select market_id, id, 1, 0, 60 from restaurants where market_id = ${marketId}`;
  const [stored] = await db.orm.select().from(restaurants).where(eq(restaurants.marketId, marketId));
  const shownById = await readShown(db, marketId, [String(stored?.id)]);
  expect(shownById.get(String(stored?.id))).toEqual({
    ...stored,
    hours: [
      { weekday: 1, opensMinute: 0, closesMinute: 60 },
      { weekday: 3, opensMinute: 600, closesMinute: 1_500 },
    ],
  });
});
