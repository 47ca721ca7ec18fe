import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { CityPlace } from "#shared/domain/city/city.ts";
import { gridCity } from "#shared/testing/grid-city.ts";
import { testServices } from "#shared/testing/services.ts";

import { startTestHub, type TestHub } from "../../hub/testing/hub-of-test.ts";
import { DEMO_MARKET } from "../demo/market.ts";
import { makePlan, type DemoPlan } from "../demo/plan.ts";
import { newestEventMs } from "./newest-event.ts";
import { DEMO_ADMIN, openPopulating, type DemoAccounts } from "./populate.ts";
import { openMarket } from "./seed.ts";

const grid = gridCity({ size: 12 });
const CUISINES = ["pizza", "burger", "sushi", "grill", "italian", "chinese", "ice_cream", "coffee_shop"];
/** The first two have one slug, and so one login. */
const NAMES = ["Bar 1+1", "Bar 1 1", "Pizzería Ñandú", "Sushi", "Parrilla", "Pasta", "Wok", "Gelato", "Espresso"];
const places = NAMES.map((name, index): CityPlace => ({
  name,
  kind: "restaurant",
  food: true,
  cuisines: [CUISINES[index % CUISINES.length] ?? ""],
  openingHours: "Mo-Fr 10:00-12:00",
  addressLine: null,
  point: {
    lat: grid.meta.southWest.lat + 0.004 + 0.0015 * Math.floor(index / 3),
    lng: grid.meta.southWest.lng + 0.004 + 0.0015 * (index % 3),
  },
}));
const planOf = (restaurants: number, hours: "always" | "real" = "always"): DemoPlan =>
  makePlan({ ...grid, places }, { restaurants, couriers: 1, customers: 1, hours });
const small = planOf(4);
const large = planOf(9);

const marketId = DEMO_MARKET.id;
let hub: TestHub;
let databaseUrl: string;
let url: string;
let token: string;
beforeAll(async () => {
  ({ databaseUrl } = await testServices());
  hub = await startTestHub(databaseUrl);
  await openMarket(databaseUrl, { market: DEMO_MARKET, admin: DEMO_ADMIN });
  url = await hub.app.listen({ host: "127.0.0.1", port: 0 });
});
// A token lives for minutes; each test begins with one of its own.
beforeEach(async () => {
  const { email, password } = DEMO_ADMIN;
  ({ accessToken: token } = await hub.call("session.open", { email, password }));
});
afterAll(() => hub.close());

async function fill(plan: DemoPlan): Promise<DemoAccounts> {
  const populating = await openPopulating([url], plan);
  await populating.people();
  return populating.everybody(() => {});
}

async function there() {
  const { restaurants } = await hub.call("restaurants.near", { marketId, limit: 100 });
  return restaurants.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The restaurants that are played, by name: those whose login is staff of the very one that it is told to play. */
async function playedBy({ kitchens }: DemoAccounts): Promise<readonly (string | undefined)[]> {
  const { staff } = await hub.call("staff.list", { marketId }, token);
  const names = new Map((await there()).map(({ id, name }) => [id, name]));
  expect(new Set(names.values()).size, "none was made twice").toBe(names.size);
  return kitchens
    .filter(({ email, restaurantId }) => staff.some((s) => s.email === email && s.restaurantId === restaurantId))
    .map(({ restaurantId }) => names.get(restaurantId));
}

const namesOf = (plan: DemoPlan) => plan.restaurants.map(({ name }) => name);

test("[DMO6] where nothing has happened yet there is no newest event", async () => {
  expect(await newestEventMs(databaseUrl)).toBeUndefined();
});

test("the plans of the test are in another order by size", () => {
  const at = (plan: DemoPlan) =>
    small.restaurants.map(({ name }) => plan.restaurants.findIndex((r) => r.name === name));
  expect(at(large)).not.toEqual(at(small));
});

test("[DMO16] a folder of the older release, whose kitchens were numbered, is healed", async () => {
  // Each number stands for another restaurant than the plan's of that number.
  const shifted = [...small.restaurants.slice(1), ...small.restaurants.slice(0, 1)];
  for (const [index, { name, cuisine, description, addressLine, point, prepMinutes }] of shifted.entries()) {
    const terms = { deliveryRadiusM: 4_000, minimumMinor: 1, deliveryBaseMinor: 1, deliveryPerKmMinor: 1 };
    const made = { name, cuisine, description, addressLine, point, prepMinutes, ...terms, serviceFeeBasisPoints: 0 };
    const { id: restaurantId } = await hub.call("restaurant.create", { marketId, ...made, hours: [] }, token);
    const login = { email: `kitchen${index + 1}@demo.tiffin.example`, password: DEMO_ADMIN.password };
    await hub.call("staff.add", { marketId, ...login, name: "Kitchen", role: "kitchen", restaurantId }, token);
  }
  expect(await playedBy(await fill(small))).toEqual(namesOf(small));
});

test("[DMO16] [DMO7] a market that was filled at one size and is filled at another has its kitchens, and at the first again", async () => {
  expect(await playedBy(await fill(small))).toEqual(namesOf(small));
  expect(await playedBy(await fill(large))).toEqual(namesOf(large));
  const before = await there();
  expect(await playedBy(await fill(large))).toEqual(namesOf(large));
  expect(await there()).toEqual(before);
  expect(await playedBy(await fill(small))).toEqual(namesOf(small));
});

test("[DMO16] where nobody cooks any more nobody can order, until the plan has it again; another's restaurant is let be", async () => {
  const [first] = large.restaurants;
  if (!first) throw new Error("no restaurant");
  const { cuisine, addressLine, point, prepMinutes, hours } = first;
  const own = { name: "The Operator's Own", description: "", cuisine, addressLine, point, prepMinutes };
  const terms = { deliveryRadiusM: 4_000, minimumMinor: 1, deliveryBaseMinor: 1, deliveryPerKmMinor: 1 };
  const input = { marketId, ...own, ...terms, serviceFeeBasisPoints: 0, hours: [...hours] };
  await hub.call("restaurant.create", input, token);
  await fill(large);
  const all = (await there()).map(({ name }) => name);
  const openNames = async () => (await there()).filter(({ open }) => open).map(({ name }) => name);
  expect(await openNames()).toEqual(all);
  await fill(small);
  expect(await openNames()).toEqual([own.name, ...namesOf(small)].toSorted());
  await fill(large);
  expect(await openNames()).toEqual(all);
});

test("[DMO16] hours are those that this start asks for", async () => {
  const real = planOf(9, "real");
  await fill(real);
  const hours = async () => new Map((await there()).map((each) => [each.name, each.hours]));
  for (const each of real.restaurants) expect((await hours()).get(each.name), each.name).toEqual(each.hours);
  await fill(large);
  for (const each of large.restaurants) expect((await hours()).get(each.name), each.name).toEqual(each.hours);
});

test("[DMO6] the newest event of the data is found", async () => {
  // A restaurant says in its stream that it is paused.
  const { kitchens } = await fill(small);
  for (const paused of [true, false]) {
    hub.time.nowMs += 1_000;
    for (const { restaurantId } of kitchens)
      await hub.call("restaurant.pause", { marketId, restaurantId, paused }, token);
  }
  expect(await newestEventMs(databaseUrl)).toBe(hub.time.nowMs);
});
