import { randomUUID } from "node:crypto";

import { beforeAll, beforeEach, afterEach, expect, test } from "vitest";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import { mayCall } from "#shared/domain/rights/rights.ts";
import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { code, scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;
let duty: Awaited<ReturnType<Scenes["onDuty"]>>[];
let order: Awaited<ReturnType<Scenes["created"]>>;
let ref: { readonly marketId: string; readonly deliveryId: string };

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 3 });
  scene = scenesOf(town);
  duty = [await scene.onDuty(0), await scene.onDuty(1)];
});

beforeEach(async () => {
  order = await scene.created();
});
afterEach(async () => {
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "over" });
  await town.clock.advance(60_000);
});

/** The kitchen takes it: from now on a courier is looked for. */
async function confirm(prepMinutes: number) {
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes });
  const [row] = await town.db.sql<{ id: string }[]>`select id from deliveries where order_id = ${order.orderId}`;
  assert(row, "a delivery");
  ref = { marketId: MARKET, deliveryId: row.id };
}
async function why() {
  const told = await town.useCases["delivery.why"](as(town.dispatcher), ref);
  expect(CATALOGUE["delivery.why"].output.parse(told)).toEqual(told);
  return told;
}
async function pass() {
  await town.clock.advance(1_000);
  return town.round();
}
/** Who has the open offer, and who has not. */
async function asked() {
  const [row] = await town.db.sql<{ id: string; courier_id: string }[]>`
    select id, courier_id from offers where status = 'offered'`;
  const who = duty.find(({ id }) => id === row?.courier_id);
  const other = duty.find(({ id }) => id !== row?.courier_id);
  assert(row && who && other, "one of two was asked");
  return { offer: { marketId: MARKET, offerId: row.id }, who, other, name: `Courier ${town.couriers.indexOf(who)}` };
}

test("[DSP45] a delivery says why it waits, whom it is offered to, and who took it, each with the round behind it", async () => {
  await confirm(60);
  expect(await why()).toMatchObject({ words: expect.stringContaining("No round has looked at it"), decisionId: null });
  expect(await pass()).toBe(0);
  const waits = await why();
  expect(waits).toMatchObject({
    words: expect.stringContaining("nothing is planned yet"),
    decidedAtMs: town.clock.nowMs(),
  });
  const behind = await town.useCases["dispatch.decision"](as(town.dispatcher), {
    ...ref,
    decisionId: waits.decisionId ?? "",
  });
  expect(behind.explained).toMatchObject({ outcome: "held", words: waits.words });

  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.ready"](as(town.kitchen), order);
  expect(await pass()).toBe(1);
  const { offer, who, name } = await asked();
  expect((await why()).words).toContain(`${name} is being asked. Free now`);
  await town.useCases["offer.accept"](as(who.identity), offer);
  expect((await why()).words).toContain(`${name} accepted the offer. Free now`);
  await scene.emptyHands(who);
});

test("[DSP45] what a dispatcher did by hand is said with the reason, and the next rounds leave it so", async () => {
  await confirm(0);
  expect(await pass()).toBe(1);
  const { other, who } = await asked();
  const pin = (pinned: boolean) =>
    town.useCases["delivery.pin"](as(town.dispatcher), { ...ref, pinned, reason: "A gala" });
  await pin(true);
  expect(await pass()).toBe(0);
  const pinned = await why();
  expect(pinned).toMatchObject({ decisionId: null, decidedAtMs: null });
  expect(pinned.words).toBe("Pinned by a dispatcher (“A gala”): no round offers it until it is unpinned.");

  const byHand = { ...ref, courierId: other.id, reason: "Knows the way" };
  await town.useCases["delivery.assign"](as(town.dispatcher), byHand);
  expect(await pass()).toBe(0);
  const name = `Courier ${town.couriers.indexOf(other)}`;
  expect((await why()).words).toBe(
    `A dispatcher gave it to ${name} without asking (“Knows the way”). Pinned by a dispatcher (“A gala”): nothing is added to its trip, and no round offers it should it come back, until it is unpinned.`,
  );
  await pin(false);
  await town.clock.advance(1_000);
  await town.useCases["delivery.unassign"](as(town.dispatcher), byHand);
  // The round of before knew nothing of that.
  expect((await why()).words).toContain("No round has looked at it since");
  expect(await pass()).toBe(1);
  const again = await asked();
  expect(again.who.id).toBe(who.id);
  const { decisionId, words } = await why();
  expect(words).toContain("is being asked");
  const round = { ...ref, decisionId: decisionId ?? "", courierId: other.id };
  const told = await town.useCases["dispatch.decision"](as(town.dispatcher), round);
  expect(told.explained?.couriers).toMatchObject([
    { verdict: "declined", words: expect.stringContaining("taken away") },
  ]);
});

test("[DSP45] after everybody has said no it says so, until they are asked again", async () => {
  await confirm(0);
  for (const _ of duty) {
    expect(await pass()).toBe(1);
    const { offer, who } = await asked();
    await town.useCases["offer.decline"](as(who.identity), { ...offer, reason: "Too far" });
  }
  expect(await pass()).toBe(0);
  expect((await why()).words).toContain("Everybody on duty said no before");
  await town.clock.advance(120_000);
  expect(await pass()).toBe(1);
});

test("[DSP45] over it is over; elsewhere, and for who is not of the office, it is not there", async () => {
  await confirm(60);
  const missing = { ...ref, deliveryId: randomUUID() };
  expect(await code(town.useCases["delivery.why"](as(town.dispatcher), missing))).toBe("delivery.not-found");
  expect(await code(town.useCases["delivery.why"](as(town.customer), ref))).toBe("delivery.not-found");
  for (const who of [town.customer, town.kitchen, duty[0]?.identity]) {
    expect(() => mayCall(who, "delivery.why", { marketId: MARKET })).toThrow("none of your roles");
  }
  const ended = await town.db.sql<{ id: string }[]>`select id from deliveries where ended_at_ms is not null limit 1`;
  const over = await town.useCases["delivery.why"](as(town.support), { ...ref, deliveryId: ended[0]?.id ?? "" });
  expect(over.words).toBe("This delivery is over.");
});

test("[DSP46] a courier asks why no offer comes, and is told of the round, with own numbers and nobody else's name or id", async () => {
  await confirm(0);
  expect(await pass()).toBe(1);
  const { who, other } = await asked();
  const told = await town.useCases["courier.why-not"](as(other.identity), { marketId: MARKET });
  expect(CATALOGUE["courier.why-not"].output.parse(told)).toEqual(told);
  expect(told).toMatchObject({
    decidedAtMs: town.clock.nowMs(),
    words: "One order was looking for a courier in the last round; 2 on duty.",
    orders: [{ restaurantId: town.restaurantId, restaurantName: "Test kitchen", verdict: "dearer" }],
  });
  for (const hidden of [who.id, "Courier 0", "Courier 1", order.orderId, ref.deliveryId]) {
    expect(JSON.stringify(told)).not.toContain(hidden);
  }
  const [, , off] = town.couriers;
  assert(off, "somebody off duty");
  const idle = await town.useCases["courier.why-not"](as(off.identity), { marketId: MARKET });
  expect(idle.words).toContain("You are off duty");
  expect(await code(town.useCases["courier.why-not"](as(town.customer), { marketId: MARKET }))).toBe(
    "courier.not-found",
  );
});
