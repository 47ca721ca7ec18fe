import { beforeAll, expect, test } from "vitest";

import { PaymentProviderError } from "#shared/server/payments/provider.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, TOTAL, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { makeWebhook } from "./webhook.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1 });
  scene = scenesOf(town);
});

test("[MNY5] many hands at once capture once, and refund what was decided, once", async () => {
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 5 });
  const hands = () => Promise.allSettled(Array.from({ length: 6 }, () => town.settle(MARKET, order.orderId)));
  await hands();
  await town.settle(MARKET, order.orderId);
  expect(await scene.money(order.orderId)).toMatchObject({ captured: TOTAL, held: TOTAL, sum: 0 });

  await town.useCases["order.refund"](as(town.support), { ...order, amountMinor: 500, reason: "Cold" });
  const first = hands();
  await town.useCases["order.refund"](as(town.support), { ...order, amountMinor: 300, reason: "Late" });
  await Promise.all([first, hands()]);
  await town.settle(MARKET, order.orderId);
  expect(await scene.money(order.orderId)).toMatchObject({ refunded: 800, held: TOTAL - 800, sum: 0 });
});

test("[MNY6] a webhook only says where to look: repeated or early it does no harm, a foreign one is answered", async () => {
  const order = await scene.created();
  const { payment } = await town.useCases["order.read"](as(town.customer), order);
  expect(payment?.status).toBe("authorized");
  const [row] = await town.db.sql`select intent_id from payments where order_id = ${order.orderId}`;
  const event = { eventId: "evt_1", type: "payment_intent.succeeded", intentId: String(row?.["intent_id"]) };
  const parsed = { ...town.provider, parseWebhook: () => event };
  const hear = makeWebhook({ db: town.db, provider: parsed, settle: town.settle, clock: town.clock });
  await Promise.all([hear(Buffer.from(""), ""), hear(Buffer.from(""), "")]);
  expect((await town.useCases["order.read"](as(town.customer), order)).status).toBe("CREATED");

  const foreign = {
    ...parsed,
    retrieve: () => Promise.reject(new PaymentProviderError("foreign_intent", "not ours", { retryable: false })),
  };
  await makeWebhook({ db: town.db, provider: foreign, settle: town.settle, clock: town.clock })(Buffer.from(""), "");
  const heard = await town.db.sql`select event_id from webhook_events`;
  expect(heard).toHaveLength(1);
});
