import { afterAll, expect, test } from "vitest";

import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { newId } from "#shared/server/new-id.ts";
import { expectIndexed } from "#shared/testing/plans.ts";
import { testServices } from "#shared/testing/services.ts";

import { startTestHub } from "../../testing/hub-of-test.ts";
import { ALL_WEEK, marketWith, profile } from "../../testing/market-of-test.ts";

const { databaseUrl } = await testServices();
const hub = await startTestHub(databaseUrl);
const { marketId, admin } = await marketWith(hub, "mvd");
const HOME = { lat: -34.905, lng: -56.17 };

afterAll(() => hub.close());

async function restaurant(over: object = {}) {
  return hub.call("restaurant.create", { ...profile, marketId, hours: ALL_WEEK, ...over }, admin.token);
}

async function dish(restaurantId: string, name: string, more: object = {}) {
  const categoryId = newId();
  await hub.call("category.save", { marketId, restaurantId, id: categoryId, name: "Mains", position: 0 }, admin.token);
  const item = { marketId, restaurantId, id: newId(), categoryId, name, priceMinor: 1_000, position: 0, ...more };
  return hub.call("item.save", item, admin.token);
}

/** Twenty places on a line to the north, 300 m apart, delivering 4 km; made in no order. */
const line = await Promise.all(
  Array.from({ length: 20 }, (_, index) => (index * 7) % 20).map((step) =>
    restaurant({ name: `Place ${step}`, point: { lat: HOME.lat + (step * 300) / 111_195, lng: HOME.lng } }),
  ),
);

async function allPages(query: object) {
  const found = [];
  let cursor: string | null = null;
  do {
    const page: CommandOutput<"restaurants.near"> = await hub.call("restaurants.near", {
      marketId,
      limit: 3,
      ...query,
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...page.restaurants);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

test("[BRW1] near a point come those that deliver there, nearest first, page by page, each once", async () => {
  const found = await allPages({ ...HOME, search: "place" });
  const expected = line
    .map((each) => ({ id: each.id, distanceM: Math.round(distanceM(HOME, each.point)) }))
    .filter((each) => each.distanceM <= 4_000)
    .toSorted((a, b) => a.distanceM - b.distanceM);
  expect(expected.length).toBeGreaterThan(10);
  expect(found.map(({ id, distanceM: away }) => ({ id, distanceM: away }))).toEqual(expected);
});

test("[BRW1] without a point all come, by name, page by page, each once", async () => {
  const found = await allPages({ search: "place" });
  expect(found).toHaveLength(20);
  expect(found.map(({ name }) => name.toLowerCase())).toEqual(line.map(({ name }) => name.toLowerCase()).toSorted());
  expect(found.every(({ distanceM: away }) => away === null)).toBe(true);
});

test("[BRW2] words begin words of the restaurant, or of one dish; marks of the search's own language mean nothing", async () => {
  const ramen = await restaurant({ name: "Kaze", cuisine: "japanese" });
  await dish(ramen.id, "Tonkotsu Ramen");
  const ids = async (search: string) => (await allPages({ search })).map(({ id }) => id);
  expect(await ids("kaz jap")).toEqual([ramen.id]);
  expect(await ids("RAMEN ton")).toEqual([ramen.id]);
  expect(await ids("ramen pizza")).toEqual([]);
  expect(await ids("kaze & ! ( | :* '")).toEqual([ramen.id]);
});

test("[BRW3] open now means within the hours of the market's clock, and not paused", async () => {
  // 15:00 in UTC is noon in Montevideo, on a Wednesday.
  const lunch = [{ weekday: 3, opensMinute: 720, closesMinute: 721 }];
  const night = [{ weekday: 2, opensMinute: 1_200, closesMinute: 1_440 + 721 }];
  const before = [{ weekday: 3, opensMinute: 600, closesMinute: 720 }];
  const cases = await Promise.all([
    restaurant({ name: "Zulu lunch", hours: lunch }),
    restaurant({ name: "Zulu night", hours: night }),
    restaurant({ name: "Zulu before", hours: before }),
    restaurant({ name: "Zulu never", hours: [] }),
    restaurant({ name: "Zulu paused" }),
  ]);
  await hub.call("restaurant.pause", { marketId, restaurantId: cases[4].id, paused: true }, admin.token);
  const open = await allPages({ search: "zulu", openNow: "true" });
  expect(open.map(({ name }) => name)).toEqual(["Zulu lunch", "Zulu night"]);
  const all = await allPages({ search: "zulu" });
  expect(all.filter((each) => each.open).map(({ name }) => name)).toEqual(["Zulu lunch", "Zulu night"]);
  const tomorrowMs = hub.time.nowMs + 7 * 24 * 3_600_000 - 2 * 3_600_000;
  expect(all.find(({ name }) => name === "Zulu before")?.opensAtMs).toBe(tomorrowMs);
});

test("[BRW4] a cursor of another list, or of nobody, is refused", async () => {
  const { nextCursor } = await hub.call("restaurants.near", { marketId, limit: 1 });
  for (const cursor of [nextCursor ?? "", "abc", Buffer.from('[1,"x"]').toString("base64url")]) {
    expect(await hub.ask("restaurants.near", { marketId, ...HOME, cursor })).toMatchObject({ status: 400 });
  }
});

test("[BRW5] what is not in business, or not there, is not found", async () => {
  const gone = await restaurant();
  await hub.call("restaurant.change", { marketId, restaurantId: gone.id, active: false }, admin.token);
  for (const restaurantId of [gone.id, newId()]) {
    expect(await hub.ask("restaurant.read", { marketId, restaurantId })).toMatchObject({
      body: { code: "restaurant.not-found" },
    });
    expect(await hub.ask("menu.read", { marketId, restaurantId })).toMatchObject({
      body: { code: "restaurant.not-found" },
    });
  }
  expect(await hub.ask("restaurants.near", { marketId: "nowhere" })).toMatchObject({
    body: { code: "market.not-found" },
  });
  expect(JSON.stringify(await allPages({}))).not.toContain(gone.id);
});

test("[BRW6] a quote prices the menu as it stands and says when the food would come", async () => {
  const place = await restaurant({ point: { lat: HOME.lat + 1_000 / 111_195, lng: HOME.lng } });
  const item = await dish(place.id, "Soup");
  const basket = {
    marketId,
    restaurantId: place.id,
    kind: "delivery" as const,
    drop: HOME,
    tipMinor: 50,
    lines: [{ itemId: item.id, quantity: 2 }],
  };
  const quote = await hub.call("quote.make", basket);
  expect(quote).toMatchObject({
    currency: "UYU",
    price: { itemsMinor: 2_000, deliveryMinor: 250, serviceFeeMinor: 100, totalMinor: 2_400 },
  });
  expect(quote.eta.p50AtMs).toBeGreaterThan(hub.time.nowMs + 15 * 60_000);
  expect(quote.eta.p90AtMs).toBeGreaterThan(quote.eta.p50AtMs);
  const takeaway = { ...basket, kind: "takeaway" as const, drop: null };
  expect((await hub.call("quote.make", takeaway)).price.deliveryMinor).toBe(0);
  expect(await hub.ask("quote.make", { ...basket, drop: null })).toMatchObject({ status: 400 });
  await hub.call("restaurant.pause", { marketId, restaurantId: place.id, paused: true }, admin.token);
  expect(await hub.ask("quote.make", basket)).toMatchObject({ body: { code: "restaurant.closed" } });
});

test("[BRW7] items of another restaurant, and archived ones, are not on this menu", async () => {
  const [here, there] = [await restaurant(), await restaurant()];
  const [ours, theirs] = [await dish(here.id, "Ours"), await dish(there.id, "Theirs")];
  const quoteOf = (itemId: string) =>
    hub.ask("quote.make", {
      marketId,
      restaurantId: here.id,
      kind: "takeaway",
      drop: null,
      lines: [{ itemId, quantity: 1 }],
    });
  expect(await quoteOf(ours.id)).toMatchObject({ status: 200 });
  expect(await quoteOf(theirs.id)).toMatchObject({ body: { code: "menu.not-found" } });
  await hub.call("item.archive", { marketId, restaurantId: here.id, id: ours.id }, admin.token);
  expect(await quoteOf(ours.id)).toMatchObject({ body: { code: "menu.not-found" } });
});

test("every statement that was sent finds its rows by an index", async () => {
  await expectIndexed(hub.db, hub.statements);
});
