import { beforeAll, expect, test } from "vitest";

import { WARNED_BEFORE_MS } from "#shared/domain/eta/refresh.ts";
import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, TOTAL, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { refreshEtas } from "./refresh-etas.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
});

const positions = { keep: async () => {}, read: async (_: string, ids: readonly string[]) => ids.map(() => undefined) };

test("[ETA9] nobody is under way and the promise comes near its end: the customer is told, once", async () => {
  const deps = { db: town.db, uow: town.uow, market: town.market, positions };
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
  const told = () => town.announced.filter((event) => event.type === "eta.updated").length;
  const read = () => town.useCases["order.read"](as(town.customer), order);
  const promised = (await read()).promise;
  assert(promised, "a promise");

  await refreshEtas(deps, MARKET, town.clock.nowMs());
  expect(told()).toBe(0);
  await town.clock.advance(promised.p90AtMs - WARNED_BEFORE_MS - town.clock.nowMs() + 60_000);
  await Promise.all([1, 2].map(() => refreshEtas(deps, MARKET, town.clock.nowMs())));
  expect(told()).toBe(1);
  expect(town.clock.nowMs()).toBeLessThan(promised.p90AtMs);
  expect((await read()).eta?.p90AtMs).toBeGreaterThan(promised.p90AtMs);
});

/** Confirmed, and told to be ready in a minute. */
async function confirmed(over: object = {}) {
  const order = await scene.created(over);
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 1 });
  return order;
}

test("[ETA40] [ETA41] who accepts two orders is told of each at its own time, as the rows hold it, and no look again finds another", async () => {
  const deps = { db: town.db, uow: town.uow, market: town.market, positions };
  const [first, second] = [
    await confirmed(),
    await confirmed({ drop: { lat: -34.885, lng: -56.185 }, expectedTotalMinor: TOTAL + 100 }),
  ];
  const courier = await scene.onDuty(1);
  for (const { orderId } of [first, second]) {
    const [row] = await town.db.sql<{ id: string }[]>`select id from deliveries where order_id = ${orderId}`;
    const ref = { marketId: MARKET, deliveryId: row?.id ?? "", courierId: courier.id, reason: "Both are his" };
    await town.useCases["delivery.assign"](as(town.dispatcher), ref);
  }
  const read = async (order: typeof first) => (await town.useCases["order.read"](as(town.customer), order)).eta;
  const [near, far] = [await read(first), await read(second)];
  const toldOf = ({ orderId }: typeof first) => town.announced.findLast((event) => event.orderId === orderId)?.payload;
  expect(toldOf(first)).toMatchObject({ order: { eta: near } });
  expect(toldOf(second)).toMatchObject({ order: { eta: far } });

  await scene.emptyHands(courier);
  const [row] = await town.db.sql<{ id: string }[]>`select id from deliveries where order_id = ${second.orderId}`;
  const ref = { marketId: MARKET, deliveryId: row?.id ?? "", courierId: courier.id, reason: "Alone" };
  await town.useCases["delivery.assign"](as(town.dispatcher), ref);
  const alone = await read(second);
  // The first one's door lies 0.7 km the other way: there, at it, and back.
  expect((far?.p50AtMs ?? 0) - (alone?.p50AtMs ?? 0)).toBeGreaterThan(3 * 60_000);
  await scene.emptyHands(courier);

  for (const { orderId } of [first, second]) {
    const [again] = await town.db.sql<{ id: string }[]>`select id from deliveries where order_id = ${orderId}`;
    const both = { marketId: MARKET, deliveryId: again?.id ?? "", courierId: courier.id, reason: "Both again" };
    await town.useCases["delivery.assign"](as(town.dispatcher), both);
  }
  const told = () => town.announced.filter((event) => event.type === "eta.updated").length;
  const before = told();
  await refreshEtas(deps, MARKET, town.clock.nowMs());
  expect(told()).toBe(before);
});

test("[ETA42] what its customer fetches is looked at again when its promise comes near its end", async () => {
  const deps = { db: town.db, uow: town.uow, market: town.market, positions };
  const order = await confirmed({ kind: "takeaway", drop: null, tipMinor: 0, expectedTotalMinor: 4_200 });
  const read = () => town.useCases["order.read"](as(town.customer), order);
  const promised = (await read()).promise;
  assert(promised, "a promise");
  await town.clock.advance(promised.p90AtMs - town.clock.nowMs() - 30_000);
  await refreshEtas(deps, MARKET, town.clock.nowMs());
  const { eta } = await read();
  expect(town.clock.nowMs()).toBeLessThan(promised.p90AtMs);
  expect(eta?.p50AtMs).toBeGreaterThan(town.clock.nowMs());
  expect(town.announced.at(-1)).toMatchObject({ type: "eta.updated", orderId: order.orderId });
});
