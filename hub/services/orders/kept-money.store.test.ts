import { beforeAll, expect, test } from "vitest";

import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { code, scenesOf, TOTAL, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1 });
  scene = scenesOf(town);
});

/** An order with its courier at the door, and the courier's step. */
async function atTheDoor() {
  const courier = await scene.onDuty(0);
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.ready"](as(town.kitchen), order);
  await town.runJobs();
  const offer = await scene.offered(courier);
  const state = await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id });
  const deliveryId = state.work[0]?.delivery?.id;
  assert(deliveryId, "a delivery in hand");
  const step = { marketId: MARKET, deliveryId };
  await town.useCases["delivery.arrive-at-merchant"](as(courier.identity), step);
  await town.useCases["delivery.pick-up"](as(courier.identity), step);
  return { courier, order, step };
}

test("[MNY8] food that came back: support gives back a part, then the rest, and no more", async () => {
  const { courier, order, step } = await atTheDoor();
  await town.useCases["delivery.turn-back"](as(courier.identity), step);
  await town.useCases["delivery.return"](as(courier.identity), step);
  await town.runJobs();
  expect(await scene.money(order.orderId)).toMatchObject({ captured: TOTAL, refunded: 0 });
  const refund = { ...order, reason: "Nobody opened" };
  await town.useCases["order.refund"](as(town.support), { ...refund, amountMinor: 1_000 });
  await town.runJobs();
  expect(await scene.money(order.orderId)).toMatchObject({ refunded: 1_000, held: TOTAL - 1_000, sum: 0 });
  await town.useCases["order.refund"](as(town.support), { ...refund, amountMinor: TOTAL - 1_000 });
  await town.runJobs();
  expect(await scene.money(order.orderId)).toMatchObject({ refunded: TOTAL, held: 0, sum: 0 });
  expect(await code(town.useCases["order.refund"](as(town.support), { ...refund, amountMinor: 1 }))).toBe(
    "payment.amount",
  );
});

test("[MNY9] what was decided to be given back is given back, also when the order ends after that", async () => {
  const { courier, order, step } = await atTheDoor();
  await town.useCases["order.refund"](as(town.support), { ...order, amountMinor: 700, reason: "Cold" });
  await town.useCases["delivery.turn-back"](as(courier.identity), step);
  await town.useCases["delivery.return"](as(courier.identity), step);
  await town.runJobs();
  expect(await scene.money(order.orderId)).toMatchObject({ refunded: 700, held: TOTAL - 700, sum: 0 });
});

test("[MNY10] the provider let the hold go before the kitchen answered: nobody cooks for nothing", async () => {
  const order = await scene.created();
  const [payment] = await town.db.sql<{ intent_id: string }[]>`
    select intent_id from payments where order_id = ${order.orderId}`;
  assert(payment, "a payment");
  await town.provider.cancel(payment.intent_id, `test-${order.orderId}`);
  await town.settle(MARKET, order.orderId);
  expect(await town.useCases["order.read"](as(town.customer), order)).toMatchObject({
    status: "REJECTED",
    endReason: "The payment was taken back",
  });
  expect(await code(town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 5 }))).toBe(
    "order.illegal-action",
  );
  await town.runJobs();
  expect(await scene.money(order.orderId)).toMatchObject({ status: "released", captured: 0, held: 0 });
});

test("[DLV6] a courier who vanishes with the food: the office ends it, the money goes back, the courier's hands are empty", async () => {
  const { courier, order, step } = await atTheDoor();
  expect(await code(town.useCases["order.cancel"](as(town.customer), { ...order, reason: "Where is it?" }))).toBe(
    "order.illegal-action",
  );
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "The courier is gone" });
  await town.runJobs();
  expect(await scene.money(order.orderId)).toMatchObject({ refunded: TOTAL, held: 0, sum: 0 });
  expect((await town.useCases["courier.read"](as(courier.identity), { marketId: MARKET })).work).toEqual([]);
  expect(await code(town.useCases["delivery.leave"](as(courier.identity), step))).toBe("delivery.illegal-action");
});

test("[MNY8] nothing is given back of what was never taken", async () => {
  const order = await scene.created();
  const refund = { ...order, amountMinor: 1, reason: "Too early" };
  expect(await code(town.useCases["order.refund"](as(town.support), refund))).toBe("payment.amount");
  await town.useCases["order.cancel"](as(town.customer), { ...order, reason: "Changed my mind" });
  expect(await code(town.useCases["order.refund"](as(town.support), refund))).toBe("payment.amount");
});
