import { afterAll, expect, test } from "vitest";

import { newId } from "#shared/server/new-id.ts";
import { testServices } from "#shared/testing/services.ts";

import { requestOf, startTestHub } from "../../testing/hub-of-test.ts";
import { ALL_WEEK, marketWith, profile } from "../../testing/market-of-test.ts";

const { databaseUrl } = await testServices();
const [hub, other] = [await startTestHub(databaseUrl), await startTestHub(databaseUrl)];
const { marketId, admin } = await marketWith(hub, "shown");
const HOME = { lat: -34.905, lng: -56.17 };

afterAll(async () => {
  await hub.close();
  await other.close();
});

async function restaurantWithDish(more: object = {}) {
  const { token } = admin;
  const { id: restaurantId } = await hub.call("restaurant.create", { ...profile, marketId, hours: ALL_WEEK }, token);
  const place = { marketId, restaurantId };
  const categoryId = newId();
  await hub.call("category.save", { ...place, id: categoryId, name: "Mains", position: 0 }, token);
  const dish = { ...place, id: newId(), categoryId, name: "Soup", priceMinor: 100, position: 0, ...more };
  await hub.call("item.save", dish, token);
  return { place, categoryId, dish };
}

test("[BRW9] every change is shown at its own hub at once, and at another within a second", async () => {
  const { place, categoryId, dish } = await restaurantWithDish();
  const { token } = admin;
  const seenAt = async (at: typeof hub) => {
    const view = await at.call("restaurant.read", place);
    const menu = await at.call("menu.read", place);
    const list = await at.call("restaurants.near", { marketId, ...HOME, limit: 100 });
    const { distanceM: _, ...listed } = list.restaurants.find(({ id }) => id === place.restaurantId) ?? {};
    expect(listed).toEqual(view);
    return { view, menu };
  };
  const changes = [
    () => hub.call("restaurant.pause", { ...place, paused: true }, token),
    () => hub.call("restaurant.change", { ...place, name: "Another name" }, token),
    () =>
      hub.call("restaurant.set-hours", { ...place, hours: [{ weekday: 3, opensMinute: 1, closesMinute: 2 }] }, token),
    () => hub.call("category.save", { ...place, id: categoryId, name: "Soups", position: 0 }, token),
    () => hub.call("item.save", { ...dish, priceMinor: 200 }, token),
    () => hub.call("item.set-availability", { ...place, id: dish.id, available: false }, token),
    () => hub.call("item.archive", { ...place, id: dish.id }, token),
  ];
  for (const change of changes) {
    // oxlint-disable no-await-in-loop -- one change after the other
    const before = await seenAt(hub);
    expect(await seenAt(other)).toEqual(before);
    await change();
    const after = await seenAt(hub);
    expect(after).not.toEqual(before);
    other.time.nowMs += 1_000;
    hub.time.nowMs += 1_000;
    expect(await seenAt(other)).toEqual(after);
    // oxlint-enable no-await-in-loop
  }
});

test("[BRW9] a restaurant that has closed down is gone everywhere within a second", async () => {
  const { place } = await restaurantWithDish();
  await other.call("restaurant.read", place);
  await hub.call("restaurant.change", { ...place, active: false }, admin.token);
  other.time.nowMs += 1_000;
  for (const name of ["restaurant.read", "menu.read"] as const) {
    // oxlint-disable-next-line no-await-in-loop
    expect(await other.ask(name, place)).toMatchObject({ status: 404, body: { code: "restaurant.not-found" } });
  }
});

test("[BRW10] whether it is open goes by the minute, whatever is kept", async () => {
  const { place } = await restaurantWithDish();
  const { token } = admin;
  // Noon in Montevideo, on a Wednesday.
  const noonMs = Date.UTC(2027, 2, 10, 15, 0);
  await hub.call(
    "restaurant.set-hours",
    { ...place, hours: [{ weekday: 3, opensMinute: 720, closesMinute: 721 }] },
    token,
  );
  const states = [];
  for (const atMs of [noonMs - 1, noonMs, noonMs + 59_999, noonMs + 60_000]) {
    hub.time.nowMs = atMs;
    // oxlint-disable-next-line no-await-in-loop
    const { open, opensAtMs } = await hub.call("restaurant.read", place);
    states.push([open, opensAtMs]);
  }
  const weekMs = 7 * 24 * 3_600_000;
  expect(states).toEqual([
    [false, noonMs],
    [true, null],
    [true, null],
    [false, noonMs + weekMs],
  ]);
});

test("[BRW10] only the public form is said, kept or not", async () => {
  const { place } = await restaurantWithDish();
  const first = await hub.call("restaurant.read", place);
  expect(await hub.call("restaurant.read", place)).toEqual(first);
  expect(Object.keys(first)).not.toContain("createdAtMs");
});

test("[BRW11] what is left of a dish is read each time", async () => {
  const { place } = await restaurantWithDish({ stock: 3 });
  const left = async () => (await hub.call("menu.read", place)).categories[0]?.items[0]?.stock;
  expect(await left()).toBe(3);
  await hub.db.sql`update menu_items set stock = 2 where restaurant_id = ${place.restaurantId}`;
  expect(await left()).toBe(2);
});

test("[API20] a menu that is known already is not sent again, until it changes", async () => {
  const { place, dish } = await restaurantWithDish();
  const ask = (tag?: string) => {
    const { headers, ...request } = requestOf("menu.read", place);
    return hub.app.inject({
      ...request,
      headers: { ...headers, ...(tag === undefined ? {} : { "if-none-match": tag }) },
    });
  };
  const first = await ask();
  const tag = String(first.headers.etag);
  expect(first.headers["cache-control"]).toBe("no-cache");
  const known = await ask(`"other", W/${tag}`);
  expect([known.statusCode, known.body]).toEqual([304, ""]);
  await hub.call("item.save", { ...dish, name: "Other soup" }, admin.token);
  const changed = await ask(tag);
  expect(changed.statusCode).toBe(200);
  expect(changed.headers.etag).not.toBe(tag);
});
