import { randomUUID } from "node:crypto";

import { afterAll, expect, test } from "vitest";

import type { Fix } from "#shared/contracts/geo.ts";
import type { Position } from "#shared/contracts/streams.ts";
import { zoneOf } from "#shared/domain/geo/cells.ts";
import { connectDb } from "#shared/server/db/connect.ts";
import { makeLastPositions } from "#shared/server/realtime/last-positions.ts";
import { connectRedis } from "#shared/server/redis/connect.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { testServices } from "#shared/testing/services.ts";

import { makeFixPush } from "./fix-push.ts";

const MARKET = "test-market";
const services = await testServices();
const db = connectDb(services.databaseUrl, { max: 4, name: "test-fixes" });
const redis = connectRedis(services.redisLiveUrl, "events", "test-fixes", () => {});
const last = makeLastPositions(redis);
afterAll(async () => {
  redis.disconnect();
  await db.close();
});

/** A courier of a market of its own file, and the use case as one hub has it. */
async function makeCourier() {
  const [personId, courierId] = [randomUUID(), randomUUID()];
  await db.sql`insert into markets values (${MARKET}, 'Test', 'UTC', 'EUR', 'en', 0, 0, 0, 0, 0) on conflict do nothing`;
  await db.sql`insert into couriers (market_id, id, person_id, name, vehicle, created_at_ms)
    values (${MARKET}, ${courierId}, ${personId}, 'A courier', 'bicycle', 0)`;
  const published: Position[] = [];
  const zones: string[] = [];
  const push = makeFixPush({
    db,
    last,
    publisher: { publishPosition: async (position) => void published.push(position) },
    clock: new FakeClock(),
    deploymentNowMs: () => START_MS + 2 * 3_600_000,
    onZone: (_, __, zone) => void zones.push(zone),
  });
  const caller = { identity: { personId, sessionId: "s", roles: [], expiresAtMs: 0 }, commandId: undefined };
  return { courierId, published, zones, push: (fixes: Fix[]) => push(caller, { marketId: MARKET, fixes }) };
}

const START_MS = 1_700_000_040_000;
const fixAt = (second: number, over: Partial<Fix> = {}): Fix => ({
  lat: -34.9 + second * 0.00001,
  lng: -56.1,
  takenAtMs: START_MS + second * 1000,
  accuracyM: 5,
  speedMps: 4,
  headingDeg: null,
  ...over,
});

async function traceOf(courierId: string) {
  const rows = await db.sql<{ minute_at_ms: string; fixes: number[][] }[]>`
    select minute_at_ms, fixes from traces where courier_id = ${courierId} order by minute_at_ms`;
  return rows.map((row) => row.fixes.map(([takenAtMs]) => ((takenAtMs ?? 0) - START_MS) / 1000));
}

test("[RTM19] fixes in any order, repeated and late, are each written once, in their order, a row a minute", async () => {
  const { courierId, push } = await makeCourier();
  await push([fixAt(2), fixAt(1), fixAt(30)]);
  await push([fixAt(30), fixAt(15), fixAt(2), fixAt(21)]);
  await push([fixAt(15)]);
  await push([fixAt(5), fixAt(90)]);
  const minutes = (await traceOf(courierId)).flat();
  expect(minutes).toEqual([1, 2, 5, 15, 21, 30, 90]);
  expect((await traceOf(courierId)).length).toBe(2);
});

test("[RTM19] two batches of one courier at once lose nothing of each other", async () => {
  const { courierId, push } = await makeCourier();
  await Promise.all(Array.from({ length: 10 }, (_, index) => push([fixAt(index), fixAt(index + 60)])));
  expect((await traceOf(courierId)).flat().length).toBe(20);
});

test("[RTM18] only a newer fix that makes sense moves the marker", async () => {
  const { courierId, published, push } = await makeCourier();
  expect(await push([fixAt(10), fixAt(5)])).toEqual({ kept: 2 });
  expect(await push([fixAt(10), fixAt(7)])).toEqual({ kept: 0 });
  expect(await push([fixAt(11, { accuracyM: 5_000 }), fixAt(12, { lat: 10 })])).toEqual({ kept: 0 });
  expect(await push([fixAt(20)])).toEqual({ kept: 1 });
  expect(published.map((position) => (position.takenAtMs - START_MS) / 1000)).toEqual([10, 20]);
  expect(await last.read(MARKET, [courierId, randomUUID()])).toEqual([published[1], undefined]);
  const [row] = await db.sql`select last_fix_at_ms from couriers where id = ${courierId}`;
  expect(Number(row?.["last_fix_at_ms"])).toBe(START_MS + 10_000);
});

test("[RTM18] another hub, or this one after a restart, goes on from the last position", async () => {
  const one = await makeCourier();
  await one.push([fixAt(30)]);
  const other = makeFixPush({
    db,
    last,
    publisher: { publishPosition: async (position) => void one.published.push(position) },
    clock: new FakeClock(),
    deploymentNowMs: () => START_MS + 2 * 3_600_000,
  });
  const [row] = await db.sql<{ person_id: string }[]>`select person_id from couriers where id = ${one.courierId}`;
  const identity = { personId: row?.person_id ?? "", sessionId: "s", roles: [], expiresAtMs: 0 };
  await other({ identity, commandId: undefined }, { marketId: MARKET, fixes: [fixAt(20)] });
  expect(one.published.length).toBe(1);
});

test("[RTM18] who is no courier here is refused", async () => {
  const { push } = await makeCourier();
  await db.sql`update couriers set active = false where market_id = ${MARKET}`;
  await expect(push([fixAt(1)])).rejects.toMatchObject({ code: "courier.not-found" });
});

test("[RTM20] the zone is told with every move of the marker", async () => {
  const { zones, push } = await makeCourier();
  await push([fixAt(1)]);
  await push([fixAt(2)]);
  const far = fixAt(3_000, { lat: -34.8 });
  await push([far]);
  expect(zones).toEqual([zoneOf(fixAt(1)), zoneOf(fixAt(2)), zoneOf(far)]);
});

test("[RTM18] a fix of the future is not believed, and holds nothing up", async () => {
  const one = await makeCourier();
  expect(await one.push([fixAt(1), fixAt(36_000)])).toEqual({ kept: 1 });
  expect(await one.push([fixAt(5)])).toEqual({ kept: 1 });
  expect(one.published.map((position) => (position.takenAtMs - START_MS) / 1000)).toEqual([1, 5]);
});
