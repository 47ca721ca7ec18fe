import { randomUUID } from "node:crypto";

import { beforeAll, expect, test } from "vitest";

import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { forgetOld } from "./housekeeping.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 0 });
  scene = scenesOf(town);
});

const DAY_MS = 24 * 3_600_000;
async function rows() {
  const [counted] = await town.db.sql`select
    (select count(*)::int from idempotency_keys) as keys, (select count(*)::int from jobs) as jobs,
    (select count(*)::int from sessions) as sessions`;
  return counted;
}

test("[JOB4] what nobody can ask for any more is forgotten; what is owed or may be repeated is not", async () => {
  const order = await scene.created();
  await town.useCases["order.reject"](as(town.kitchen), { ...order, reason: "Closed" });
  await town.runJobs();
  const open = await scene.created();
  await town.useCases["order.reject"](as(town.kitchen), { ...open, reason: "Closed" });
  const wallNowMs = 100 * DAY_MS;
  const session = (id: string, expiresAtMs: number, endedAtMs: number | null) => town.db.sql`
    insert into sessions (id, person_id, token_hash, rotated_at_ms, expires_at_ms, ended_at_ms, created_at_ms)
    values (${id}, ${town.customer.personId}, ${id}, 0, ${expiresAtMs}, ${endedAtMs}, 0)`;
  await session("0190a000-0000-7000-8000-000000000001", wallNowMs + 1, null);
  await session("0190a000-0000-7000-8000-000000000002", 1, null);
  await session("0190a000-0000-7000-8000-000000000003", wallNowMs + 1, 1);
  expect(await rows()).toEqual({ keys: 4, jobs: 2, sessions: 3 });

  await town.clock.advance(6 * DAY_MS);
  const repeatable = await scene.place({}, "a key of today");
  await forgetOld(town.db, town.clock.nowMs(), wallNowMs, 30 * DAY_MS);
  expect(await rows()).toEqual({ keys: 5, jobs: 2, sessions: 1 });

  await town.clock.advance(2 * DAY_MS);
  await forgetOld(town.db, town.clock.nowMs(), wallNowMs, 30 * DAY_MS);
  expect(await rows()).toEqual({ keys: 1, jobs: 1, sessions: 1 });
  expect((await scene.place({}, "a key of today")).id).toBe(repeatable.id);
  expect(repeatable.marketId).toBe(MARKET);
});

test("[DSP22] a decision is kept for the time that the setting says, and no longer", async () => {
  const decision = (round: number, decidedAtMs: number) => town.db.sql`
    insert into dispatch_decisions (market_id, id, round, version, decided_at_ms, record)
    values (${MARKET}, ${randomUUID()}, ${round}, '1', ${decidedAtMs}, ''::bytea)`;
  const nowMs = town.clock.nowMs();
  await decision(1, nowMs - 3 * DAY_MS - 1);
  await decision(2, nowMs - 3 * DAY_MS);
  await forgetOld(town.db, nowMs, 0, 3 * DAY_MS);
  expect([...(await town.db.sql`select round from dispatch_decisions`)]).toEqual([{ round: 2 }]);
});
