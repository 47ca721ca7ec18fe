import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { payments } from "#drizzle/schema/money.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { couriers } from "#drizzle/schema/restaurants.ts";
import { CATALOGUE, type CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import { COMMON_ERRORS, type Command } from "#shared/contracts/catalogue/command.ts";
import { ERRORS } from "#shared/contracts/errors.ts";
import { ROLES, type Role } from "#shared/contracts/roles.ts";
import { newId } from "#shared/server/new-id.ts";
import { expectIndexed } from "#shared/testing/plans.ts";
import { testServices } from "#shared/testing/services.ts";

import { startTestHub } from "../testing/hub-of-test.ts";
import { ALL_WEEK, marketWith, profile } from "../testing/market-of-test.ts";
import { sampleOf, UUID } from "../testing/sample.ts";

const { databaseUrl } = await testServices();
const hub = await startTestHub(databaseUrl);
const ENTRIES = Object.entries(CATALOGUE) as [CommandName, Command][]; // Cast: entries() forgets the key type.
const COMMANDS = ENTRIES.filter(([, entry]) => entry.kind === "command" && entry.rights !== "public");

const { marketId, admin } = await marketWith(hub, "mvd");
const elsewhere = await marketWith(hub, "elsewhere");
const restaurant = await hub.call("restaurant.create", { ...profile, marketId, hours: ALL_WEEK }, admin.token);
const tokenOf = new Map<Role, string>();
const nobody = await hub.person();

beforeAll(async () => {
  for (const role of ROLES) {
    const restaurantId = role === "kitchen" || role === "restaurant_admin" ? restaurant.id : null;
    const { token } = role === "customer" ? nobody : await hub.person({ role, marketId, restaurantId });
    tokenOf.set(role, token);
  }
});
afterAll(() => hub.close());

/** Every row of every table, as one hash each. */
async function digest(): Promise<Record<string, string>> {
  const tables = await hub.db.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by table_name`;
  const hashes: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await hub.db.sql.unsafe(
      `select count(*) || '/' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as hash from "${name}" t`,
    );
    hashes[name] = String(row?.["hash"]);
  }
  return hashes;
}

/** Refusals that the catalogue says this entry may give. */
const meant = (entry: Command): readonly string[] => [...COMMON_ERRORS, ...entry.errors];

/** Commands that are right whatever ids they carry: they make the thing, or say that it is gone already. */
const MAKERS: readonly CommandName[] = [
  "session.close",
  "address.save",
  "address.remove",
  "restaurant.create",
  "staff.add",
  "courier.create",
];

describe.each(COMMANDS)("%s", (name, entry) => {
  const input = { ...(sampleOf(entry.input) as object), ...("marketId" in entry.input.shape ? { marketId } : {}) }; // Cast: an object.

  test("[API17] of nobody, of a role that may not, and of an operator elsewhere: refused, nothing is changed", async () => {
    const before = await digest();
    const inMarket = "marketId" in entry.input.shape;
    const callers = [
      { status: 401 },
      ...ROLES.filter((role) => entry.rights !== "public" && !(role in entry.rights)).map((role) => ({
        status: 403,
        token: tokenOf.get(role) ?? "",
      })),
      ...(inMarket && entry.rights !== "public" && !("customer" in entry.rights)
        ? [{ status: 403, token: elsewhere.admin.token }]
        : []),
    ];
    for (const { status, ...who } of callers) expect((await hub.ask(name, input, who)).status).toBe(status);
    expect(await digest()).toEqual(before);
  });

  test("[API17] with a field of a wrong form: refused, nothing is changed", async () => {
    const role = ROLES.find((each) => entry.rights !== "public" && each in entry.rights) ?? "admin";
    const before = await digest();
    for (const field of Object.keys(entry.input.shape)) {
      const { status } = await hub.ask(name, { ...input, [field]: "\0" }, { token: tokenOf.get(role) ?? "" });
      expect({ field, status }).toEqual({ field, status: 400 });
    }
    expect(await digest()).toEqual(before);
  });
});

describe.each(COMMANDS.filter(([name]) => !MAKERS.includes(name)))("%s", (name, entry) => {
  const input = { ...(sampleOf(entry.input) as object), ...("marketId" in entry.input.shape ? { marketId } : {}) }; // Cast: an object.

  test("[API17] with ids of nothing: refused as the catalogue says, nothing is changed", async () => {
    const ofRestaurant = "restaurantId" in entry.input.shape;
    const role = ROLES.find(
      (each) =>
        entry.rights !== "public" &&
        each in entry.rights &&
        (each === "admin" || !ofRestaurant || entry.rights[each] === "self"),
    );
    const before = await digest();
    const answer = await hub.ask(name, input, { token: tokenOf.get(role ?? "admin") ?? "" });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(meant(entry)).toContain(answer.body["code"]);
    expect(ERRORS).toHaveProperty([String(answer.body["code"]), "http"], answer.status);
    expect(await digest()).toEqual(before);
  });
});

/** An order that is over, with its delivery and an offer of it; nothing may happen to them any more. */
async function overAndDone() {
  const [orderId, deliveryId, offerId] = [newId(), newId(), newId()];
  const [courier, customer] = [await hub.person({ role: "courier", marketId, restaurantId: null }), await hub.person()];
  const atMs = hub.time.nowMs;
  const courierId = newId();
  await hub.db.orm
    .insert(couriers)
    .values({ marketId, id: courierId, personId: courier.id, name: "Cora", vehicle: "bicycle", createdAtMs: atMs });
  const price = {
    itemsMinor: 900,
    deliveryMinor: 100,
    serviceFeeMinor: 0,
    tipMinor: 0,
    totalMinor: 1_000,
    taxMinor: 180,
    distanceM: 900,
  };
  await hub.db.orm.insert(orders).values({
    marketId,
    id: orderId,
    code: "A1",
    customerId: customer.id,
    restaurantId: restaurant.id,
    status: "CONCLUDED",
    kind: "delivery",

    currency: "UYU",
    price,
    totalMinor: 1_000,
    dropLine: "Door",
    dropInstructions: "",
    dropLat: -34.9,
    dropLng: -56.16,
    zone: restaurant.zone,

    placedAtMs: atMs,
    createdAtMs: atMs,
    confirmedAtMs: atMs,
    readyAtMs: atMs,
    pickedUpAtMs: atMs,
    deliveredAtMs: atMs,
    endedAtMs: atMs,
  });
  const money = {
    amountMinor: 1_000,
    capturedMinor: 1_000,
    refundedMinor: 1_000,
    refundTargetMinor: 1_000,
    currency: "UYU",
    updatedAtMs: atMs,
  };
  await hub.db.orm.insert(payments).values({ marketId, orderId, provider: "stripe", status: "refunded", ...money });
  const delivery = { marketId, id: deliveryId, orderId, restaurantId: restaurant.id, courierId, slot: 0, version: 1 };
  await hub.db.orm
    .insert(deliveries)
    .values({ ...delivery, status: "DELIVERY_FINISHED", endedAtMs: atMs, createdAtMs: atMs });
  const offer = {
    marketId,
    id: offerId,
    courierId,
    restaurantId: restaurant.id,
    status: "expired" as const,
    round: 1,
    payMinor: 100,
    reason: {},
  };
  await hub.db.orm.insert(offers).values({ ...offer, offeredAtMs: atMs, expiresAtMs: atMs, answeredAtMs: atMs });
  await hub.db.orm.insert(offerDeliveries).values({ marketId, offerId, deliveryId, position: 0, open: false });
  return {
    orderId,
    deliveryId,
    offerId,
    tokens: new Map(tokenOf).set("courier", courier.token).set("customer", customer.token),
  };
}

/** Said again of what it led to, it is answered, not refused. */
const SAID_AGAIN: readonly CommandName[] = ["delivery.hand-over"];

test("[API17] what is over stays as it is, whoever says what of it", async () => {
  const { tokens, ...ids } = await overAndDone();
  const rowsBut = async () => {
    const { idempotency_keys: _, ...rows } = await digest();
    return rows;
  };
  const before = await rowsBut();
  const stale = COMMANDS.filter(
    ([name, entry]) => name !== "order.settle" && Object.keys(ids).some((id) => id in entry.input.shape),
  );
  expect(stale.length).toBeGreaterThan(15);
  for (const [name, entry] of stale) {
    const input = { ...(sampleOf(entry.input) as object), marketId, ...ids }; // Cast: an object.
    for (const role of ROLES.filter((each) => entry.rights !== "public" && each in entry.rights)) {
      const { status, body } = await hub.ask(name, input, { token: tokens.get(role) ?? "" });
      expect(SAID_AGAIN.includes(name) ? [200] : [404, 409], `${name} by ${role}`).toContain(status);
      // An order has a code too: the short number that people say aloud.
      expect(SAID_AGAIN.includes(name) ? ["A1"] : meant(entry)).toContain(body["code"]);
    }
  }
  expect(await rowsBut()).toEqual(before);
});

test("[API18] the same key gets the stored answer and does nothing; with another request it is refused", async () => {
  const input = { ...profile, marketId, hours: ALL_WEEK };
  const who = { token: admin.token, key: newId() };
  const first = await hub.ask("restaurant.create", input, who);
  const before = await digest();
  expect(await hub.ask("restaurant.create", input, who)).toEqual(first);
  expect(await hub.ask("restaurant.create", { ...input, name: "Other" }, who)).toMatchObject({
    status: 422,
    body: { code: "idempotency.mismatch" },
  });
  expect(await digest()).toEqual(before);
  const both = await Promise.all(
    [0, 1].map(() =>
      hub.ask(
        "address.save",
        { id: UUID, label: "Home", line: "1", point: profile.point },
        { token: nobody.token, key: "one key for two" },
      ),
    ),
  );
  expect(both[0]).toEqual(both[1]);
});

test("every statement that was sent finds its rows by an index", async () => {
  await expectIndexed(hub.db, hub.statements);
});
