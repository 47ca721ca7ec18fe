import { beforeAll, expect, test } from "vitest";

import { WARNED_BEFORE_MS } from "#shared/domain/eta/refresh.ts";
import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { refreshEtas } from "./refresh-etas.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1 });
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
