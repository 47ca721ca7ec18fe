import { beforeAll, expect, test } from "vitest";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import { mayCall } from "#shared/domain/rights/rights.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1 });
  scene = scenesOf(town);
});

test("[ETA10] what customers were told is held against the hand-over, and only the office reads it", async () => {
  const accuracy = () => town.useCases["eta.accuracy"](as(town.dispatcher), { marketId: MARKET, orders: 10 });
  expect(await accuracy()).toEqual({ orders: 0, stages: [], undelivered: { orders: 0, late: 0 } });
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
  const courier = await scene.onDuty(0);
  const offer = await scene.offered(courier);
  const { work } = await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id });
  const step = { marketId: MARKET, deliveryId: work[0]?.delivery?.id ?? "" };
  await town.useCases["delivery.set-out"](as(courier.identity), step);
  await town.useCases["delivery.arrive-at-merchant"](as(courier.identity), step);
  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.ready"](as(town.kitchen), order);
  await town.useCases["delivery.pick-up"](as(courier.identity), step);
  const promise = (await town.useCases["order.read"](as(town.customer), order)).promise;
  await town.clock.advance((promise?.p50AtMs ?? 0) - town.clock.nowMs() + 120_000);
  await town.useCases["delivery.leave"](as(courier.identity), step);
  await town.useCases["delivery.arrive-at-customer"](as(courier.identity), step);
  await town.useCases["delivery.hand-over"](as(courier.identity), step);

  const { orders, stages } = await accuracy();
  expect(orders).toBe(1);
  const [first, ...later] = stages;
  expect(first).toEqual({ stage: "order", promises: 1, maeS: 120, lateS: 120, coverage50Pct: 0, coverage90Pct: 100 });
  expect(later.map(({ stage }) => stage)).toEqual(["waiting", "under-way"]);
  // What was told at the moment of the hand-over itself promised nothing.
  expect(later[0]?.promises).toBeGreaterThan(1);
  expect(later[1]?.promises).toBe(1);
});

test("[ETA43] a paid order that was cancelled is counted, and so is that it was late by then; an unpaid one is none", async () => {
  const accuracy = () => town.useCases["eta.accuracy"](as(town.dispatcher), { marketId: MARKET, orders: 10 });
  const before = await accuracy();
  const cancel = (order: { marketId: string; orderId: string }) =>
    town.useCases["order.cancel"](as(town.support), { ...order, reason: "Nobody came" });
  const inTime = await scene.created();
  await cancel(inTime);
  const { id: unpaid } = await scene.place();
  await cancel({ marketId: MARKET, orderId: unpaid });
  const late = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...late, prepMinutes: 10 });
  const { promise } = await town.useCases["order.read"](as(town.customer), late);
  await town.clock.advance((promise?.p90AtMs ?? 0) - town.clock.nowMs() + 1);
  await cancel(late);
  expect(await accuracy()).toEqual({ ...before, undelivered: { orders: 2, late: 1 } });
});

test("[API21] without a market's name it is told of the caller's own markets, and of no other", async () => {
  const ask = (who: typeof town.dispatcher) => town.useCases["eta.accuracy-of-mine"](as(who), { orders: 10 });
  const here = await town.useCases["eta.accuracy"](as(town.dispatcher), { marketId: MARKET, orders: 10 });
  const all = await ask(town.dispatcher);
  expect(all).toEqual({ markets: [{ marketId: MARKET, ...here }] });
  expect(CATALOGUE["eta.accuracy-of-mine"].output.parse(all)).toEqual(all);
  const elsewhere = { role: "dispatcher" as const, marketId: "elsewhere", restaurantId: null };
  expect(await ask({ ...town.dispatcher, roles: [elsewhere] })).toEqual({ markets: [] });
  expect(() => mayCall(town.customer, "eta.accuracy-of-mine", {})).toThrow("none of your roles");
});
