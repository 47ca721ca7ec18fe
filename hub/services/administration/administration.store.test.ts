import { asc, eq } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";

import { orderEvents } from "#drizzle/schema/events.ts";
import { shifts } from "#drizzle/schema/restaurants.ts";
import { newId } from "#shared/server/new-id.ts";
import { expectIndexed } from "#shared/testing/plans.ts";
import { testServices } from "#shared/testing/services.ts";

import { startTestHub } from "../../testing/hub-of-test.ts";
import { ALL_WEEK, marketWith, profile } from "../../testing/market-of-test.ts";

const { databaseUrl } = await testServices();
const hub = await startTestHub(databaseUrl);
const { marketId, admin } = await marketWith(hub, "adm");
const restaurant = await hub.call("restaurant.create", { ...profile, marketId, hours: ALL_WEEK }, admin.token);
const place = { marketId, restaurantId: restaurant.id };
const manager = await hub.person({ role: "restaurant_admin", ...place });
const cook = await hub.person({ role: "kitchen", ...place });

afterAll(() => hub.close());

const eventsOf = async (restaurantId: string) =>
  (
    await hub.db.orm
      .select()
      .from(orderEvents)
      .where(eq(orderEvents.restaurantId, restaurantId))
      .orderBy(asc(orderEvents.restaurantSeq))
  ).map(({ type, payload, restaurantSeq }) => ({ type, payload, seq: restaurantSeq }));

async function category() {
  const id = newId();
  await hub.call("category.save", { ...place, id, name: "Mains", position: 1 }, manager.token);
  return id;
}

const itemOf = (categoryId: string) => ({
  ...place,
  id: newId(),
  categoryId,
  name: "Pizza",
  priceMinor: 1_000,
  position: 0,
});

test("[ADM1] a restaurant stands in its zone with its hours; what a change leaves out stays", async () => {
  const made = await hub.call("restaurant.create", { ...profile, marketId, hours: ALL_WEEK }, admin.token);
  expect(made).toMatchObject({ ...profile, currency: "UYU", open: true, paused: false, hours: ALL_WEEK });
  expect(made.zone).toMatch(/^87[0-9a-f]{13}$/u);
  const changed = await hub.call(
    "restaurant.change",
    { marketId, restaurantId: made.id, name: "Renamed", description: "" },
    admin.token,
  );
  expect(changed).toEqual({ ...made, name: "Renamed", description: "" });
  const none = await hub.call("restaurant.change", { marketId, restaurantId: made.id }, admin.token);
  expect(none).toEqual(changed);
});

test("[ADM2] opening hours are replaced as a whole; the same minute twice is refused", async () => {
  const made = await hub.call("restaurant.create", { ...profile, marketId, hours: ALL_WEEK }, admin.token);
  const wednesday = { weekday: 3, opensMinute: 720, closesMinute: 900 };
  const ref = { marketId, restaurantId: made.id };
  expect((await hub.call("restaurant.set-hours", { ...ref, hours: [wednesday] }, admin.token)).hours).toEqual([
    wednesday,
  ]);
  const twice = [wednesday, { ...wednesday, closesMinute: 800 }];
  expect(await hub.ask("restaurant.set-hours", { ...ref, hours: twice }, admin)).toMatchObject({ status: 400 });
  expect((await hub.call("restaurant.read", ref)).hours).toEqual([wednesday]);
});

test("[ADM3] a pause is told to the restaurant's stream, and no order is quoted meanwhile", async () => {
  const made = await hub.call("restaurant.create", { ...profile, marketId, hours: ALL_WEEK }, admin.token);
  const ref = { marketId, restaurantId: made.id };
  expect(await hub.call("restaurant.pause", { ...ref, paused: true }, admin.token)).toMatchObject({
    paused: true,
    open: false,
  });
  expect(await eventsOf(made.id)).toMatchObject([
    { type: "restaurant.paused", seq: 1, payload: { restaurant: { paused: true } } },
  ]);
});

test("[ADM4] an item is saved with its choices, and saved again it has the new ones alone", async () => {
  const item = itemOf(await category());
  const group = (name: string) => ({
    id: newId(),
    name,
    minChoices: 0,
    maxChoices: 1,
    options: [{ id: newId(), name: "One", priceMinor: 10, available: true }],
  });
  const first = await hub.call(
    "item.save",
    { ...item, modifierGroups: [group("Size"), group("Crust")] },
    manager.token,
  );
  expect(first.modifierGroups.map(({ name }) => name)).toEqual(["Size", "Crust"]);
  const sauce = group("Sauce");
  const second = await hub.call("item.save", { ...item, priceMinor: 1_200, modifierGroups: [sauce] }, manager.token);
  expect(second).toMatchObject({ id: item.id, priceMinor: 1_200, modifierGroups: [sauce] });
  const menu = await hub.call("menu.read", place);
  expect(menu.categories.flatMap(({ items }) => items).find(({ id }) => id === item.id)).toEqual(second);
});

test("[ADM5] ids of another restaurant are unknown here, and stay as they were", async () => {
  const other = await hub.call("restaurant.create", { ...profile, marketId, hours: [] }, admin.token);
  const foreign = { marketId, restaurantId: other.id };
  const [categoryId, theirCategory] = [await category(), newId()];
  await hub.call("category.save", { ...foreign, id: theirCategory, name: "Theirs", position: 1 }, admin.token);
  const item = itemOf(categoryId);
  await hub.call("item.save", item, manager.token);
  const before = await hub.call("menu.read", foreign);
  const refused = [
    hub.ask("category.save", { ...place, id: theirCategory, name: "Ours", position: 1 }, manager),
    hub.ask("item.save", { ...itemOf(theirCategory) }, manager),
    hub.ask("item.save", { ...item, ...foreign, categoryId: theirCategory }, admin),
    hub.ask("item.set-availability", { ...foreign, id: item.id, available: false }, admin),
    hub.ask("item.archive", { ...foreign, id: item.id }, admin),
  ];
  for (const answer of await Promise.all(refused))
    expect(answer).toMatchObject({ status: 404, body: { code: "menu.not-found" } });
  expect(await hub.call("menu.read", foreign)).toEqual(before);
});

test("[ADM6] a kitchen marks an item out and counts its stock, and the restaurant's stream is told", async () => {
  const item = itemOf(await category());
  await hub.call("item.save", item, manager.token);
  const out = await hub.call(
    "item.set-availability",
    { ...place, id: item.id, available: false, stock: 3 },
    cook.token,
  );
  expect(out).toMatchObject({ available: false, stock: 3 });
  const back = await hub.call("item.set-availability", { ...place, id: item.id, available: true }, cook.token);
  expect(back).toMatchObject({ available: true, stock: 3 });
  const events = (await eventsOf(restaurant.id)).slice(-2);
  expect(events).toMatchObject([
    { type: "item.changed", payload: { item: out } },
    { type: "item.changed", payload: { item: back } },
  ]);
  expect((events[1]?.seq ?? 0) - (events[0]?.seq ?? 0)).toBe(1);
});

test("[ADM7] an archived item is off the menu for good", async () => {
  const item = itemOf(await category());
  await hub.call("item.save", item, manager.token);
  await hub.call("item.archive", { ...place, id: item.id }, manager.token);
  const menu = await hub.call("menu.read", place);
  expect(menu.categories.flatMap(({ items }) => items).map(({ id }) => id)).not.toContain(item.id);
  expect(await hub.ask("item.save", item, manager)).toMatchObject({ status: 404 });
});

const newcomer = () => ({ email: `${newId()}@example.org`, name: "Nico", password: "correct horse battery" });

test("[ADM8] somebody is given a role, signs in with it, and loses it; the restaurant's stream is told", async () => {
  const nico = newcomer();
  const added = await hub.call(
    "staff.add",
    { ...nico, marketId, role: "kitchen", restaurantId: restaurant.id },
    manager.token,
  );
  const opened = await hub.call("session.open", { email: nico.email, password: nico.password });
  expect(opened.person.roles).toEqual([{ role: "kitchen", ...place }]);
  const staff = await hub.call("staff.list", place, manager.token);
  expect(staff.staff).toContainEqual(added);
  const removal = { marketId, personId: added.personId, role: "kitchen" as const, restaurantId: restaurant.id };
  await hub.call("staff.remove", removal, manager.token);
  expect((await hub.call("session.refresh", { refreshToken: opened.refreshToken })).person.roles).toEqual([]);
  expect((await eventsOf(restaurant.id)).at(-1)).toMatchObject({
    type: "staff.removed",
    payload: { personId: added.personId },
  });
  expect(await hub.ask("staff.remove", removal, manager)).toMatchObject({ status: 404 });
});

test("[ADM9] an account that is there keeps its name and password when it is given a role", async () => {
  const ana = await hub.person();
  const added = await hub.call(
    "staff.add",
    { ...newcomer(), email: ana.email, marketId, role: "dispatcher" },
    admin.token,
  );
  expect(added).toMatchObject({ personId: ana.id, name: "Somebody" });
  const again = await hub.ask("staff.add", { ...newcomer(), email: ana.email, marketId, role: "dispatcher" }, admin);
  expect(again).toMatchObject({ status: 409, body: { code: "account.exists" } });
});

test("[ADM10] a restaurant's people give roles of their restaurant alone", async () => {
  const attempts = [
    { role: "admin", restaurantId: null },
    { role: "support", restaurantId: null },
    { role: "kitchen", restaurantId: newId() },
    { role: "admin", restaurantId: restaurant.id },
    { role: "kitchen", restaurantId: null },
  ];
  for (const attempt of attempts) {
    const { status } = await hub.ask("staff.add", { ...newcomer(), marketId, ...attempt }, manager);
    expect([400, 403]).toContain(status);
  }
  expect(await hub.ask("staff.list", { marketId }, manager)).toMatchObject({ status: 403 });
  expect((await hub.call("staff.list", { marketId }, admin.token)).staff.map(({ role }) => role)).not.toContain(
    "support",
  );
});

test("[ADM11] a courier is taken on once, is changed and listed page by page", async () => {
  const cora = newcomer();
  const couriers = [];
  for (const each of [cora, newcomer(), newcomer()]) {
    couriers.push(await hub.call("courier.create", { ...each, marketId, vehicle: "bicycle" }, admin.token));
  }
  expect(await hub.ask("courier.create", { ...cora, marketId, vehicle: "car" }, admin)).toMatchObject({ status: 409 });
  const [first] = couriers;
  if (!first) throw new Error("three couriers");
  const changed = await hub.call(
    "courier.change",
    { marketId, courierId: first.id, active: false, capacity: 1 },
    admin.token,
  );
  expect(changed).toEqual({ ...first, active: false, capacity: 1 });
  const page = await hub.call("couriers.list", { marketId, limit: 2 }, admin.token);
  const rest = await hub.call("couriers.list", { marketId, limit: 2, cursor: page.nextCursor ?? "" }, admin.token);
  expect([...page.couriers, ...rest.couriers].map(({ id }) => id)).toEqual(couriers.map(({ id }) => id));
  expect(rest.nextCursor).toBeNull();
});

test("[ADM12] a courier's shifts are listed newest first, and the open one with the courier", async () => {
  const courier = await hub.call("courier.create", { ...newcomer(), marketId, vehicle: "foot" }, admin.token);
  const rows = [0, 1].map((at) => ({
    marketId,
    id: newId(),
    courierId: courier.id,
    startedAtMs: hub.time.nowMs + at * 1_000,
    endsAtMs: hub.time.nowMs + 100_000,
    endedAtMs: at === 0 ? hub.time.nowMs + 500 : null,
  }));
  await hub.db.orm.insert(shifts).values(rows);
  const { shifts: listed } = await hub.call("shifts.list", { marketId, courierId: courier.id }, admin.token);
  expect(listed.map(({ id }) => id)).toEqual(rows.toReversed().map(({ id }) => id));
  const { couriers } = await hub.call("couriers.list", { marketId, limit: 100 }, admin.token);
  expect(couriers.find(({ id }) => id === courier.id)?.shift?.id).toBe(rows[1]?.id);
  expect(await hub.ask("shifts.list", { marketId, courierId: newId() }, admin)).toMatchObject({ status: 404 });
});

test("every statement that was sent finds its rows by an index", async () => {
  await expectIndexed(hub.db, hub.statements);
});
