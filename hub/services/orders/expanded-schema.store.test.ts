import { beforeAll, expect, test } from "vitest";

import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, TOTAL, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1 });
  scene = scenesOf(town);
});

/** Placed, paid, cooked, taken by a courier and read by everybody: the statements of a whole life. */
async function lifeOfAnOrder(): Promise<number | undefined> {
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
  await town.runJobs();
  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.read"](as(town.customer), order);
  await town.useCases["orders.mine"](as(town.customer), { limit: 30 });
  await town.useCases["order.story"](as(town.support), order);
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "the oven is cold" });
  await town.runJobs();
  return (await scene.money(order.orderId)).captured;
}

/** The same change on every table that is ours. */
async function everywhere(change: string): Promise<void> {
  const tables = await town.db.sql`select tablename from pg_tables where schemaname = 'public'`;
  for (const { tablename } of tables) await town.db.sql.unsafe(`alter table "${tablename}" ${change}`);
}

test("[ROL5] what runs goes on, with its prepared statements, while columns of a later version come and go", async () => {
  const courier = await scene.onDuty(0);
  expect(await lifeOfAnOrder()).toBe(TOTAL);
  await everywhere("add column of_tomorrow text not null default 'new', add column maybe_tomorrow timestamptz");
  expect(await lifeOfAnOrder()).toBe(TOTAL);
  await everywhere("drop column of_tomorrow, drop column maybe_tomorrow");
  expect(await lifeOfAnOrder()).toBe(TOTAL);
  await town.useCases["shift.end"](as(courier.identity), { marketId: MARKET });
});
