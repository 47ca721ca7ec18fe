import { afterAll, beforeAll, expect, test } from "vitest";

import { liveMarket, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { ExpandContract } from "./expand-contract.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;
const migrations: ExpandContract[] = [];

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1 });
  scene = scenesOf(town);
  for (let count = 0; count < 3; count += 1) await scene.place();
});
afterAll(async () => {
  for (const migration of migrations) await migration.close();
});

function newMigration(): ExpandContract {
  const migration = new ExpandContract(services.databaseUrl);
  migrations.push(migration);
  return migration;
}

const leftOver = async () =>
  (
    await town.db.sql`
      select column_name as name from information_schema.columns where column_name like 'rollout%'
      union all select tgname from pg_trigger where tgname like 'rollout%'
      union all select conname from pg_constraint where conname like 'rollout%'
      union all select relname from pg_class where relname like 'rollout%'
      union all select proname from pg_proc where proname like 'rollout%'`
  ).length;

test("[ROL7] orders are placed at each step, old and new columns agree, and nothing is left over", async () => {
  const migration = newMigration();
  let placed = 3;
  const over = new AbortController();
  const placing = (async () => {
    for (; !over.signal.aborted; placed += 1) await scene.place();
  })();
  await migration.expand();
  await scene.place();
  await migration.compare();
  await migration.contract();
  over.abort();
  await placing;
  await scene.place();
  expect(migration.figures).toMatchObject({ differing: 0 });
  expect(migration.figures.backfilledRows).toBeGreaterThanOrEqual(3);
  expect(migration.figures.compared).toBeGreaterThanOrEqual(4);
  expect(placed).toBeGreaterThan(3);
  expect(await leftOver()).toBe(0);
});

test("[ROL7] a column that was written past the trigger is found before anything is taken away", async () => {
  const migration = newMigration();
  await migration.expand();
  await town.db.sql`alter table orders disable trigger rollout_write_both`;
  const changed = await town.db.sql`
    update orders set placed_at_ms = placed_at_ms + 1 where id = (select id from orders order by id limit 1)`;
  expect(changed.count).toBe(1);
  await migration.compare();
  expect(migration.figures.differing).toBe(1);
  await migration.contract();
  expect(await leftOver()).toBe(0);
});

test("[ROL7] whatever step it stopped at, the way back takes all of it away, twice as well as once", async () => {
  const migration = newMigration();
  await town.db.sql`alter table orders add column rollout_placed_at timestamptz`;
  await migration.contract();
  await migration.contract();
  expect(await leftOver()).toBe(0);
});
