import { beforeAll, expect, test } from "vitest";

import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
});

test("[DSP18] a courier whose shift is over, or whose hands are full, keeps no delivery from being offered again", async () => {
  const [gone, here] = [await scene.onDuty(0), await scene.onDuty(1)];
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  // The one went home and never said so.
  await town.db.sql`update shifts set ends_at_ms = ${town.clock.nowMs() + 1} where courier_id = ${gone.id}`;
  const offer = await scene.offered(here);
  await town.useCases["offer.decline"](as(here.identity), { marketId: MARKET, offerId: offer.id, reason: "" });
  await town.round();
  expect((await town.useCases["courier.read"](as(here.identity), { marketId: MARKET })).offer).toBeNull();
  const again = await scene.offered(here);
  expect(again.drops.map(({ deliveryId }) => deliveryId)).toEqual(offer.drops.map(({ deliveryId }) => deliveryId));

  await town.useCases["offer.decline"](as(here.identity), { marketId: MARKET, offerId: again.id, reason: "" });
  await town.db.sql`update shifts set ends_at_ms = ${town.clock.nowMs() + 1e9} where courier_id = ${gone.id}`;
  await town.db.sql`update couriers set capacity = 1 where id = ${gone.id}`;
  const other = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...other, prepMinutes: 0 });
  const [held] = await town.db.sql<{ id: string }[]>`
    update deliveries set status = 'ACCEPTED', courier_id = ${gone.id}, slot = 1 where order_id = ${other.orderId} returning id`;
  assert(held, "the one who went has something in hand");
  await expect(scene.offered(here)).resolves.toMatchObject({ drops: offer.drops });
});
