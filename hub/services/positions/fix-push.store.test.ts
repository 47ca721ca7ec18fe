import { randomUUID } from "node:crypto";

import { afterAll, expect, onTestFinished, test } from "vitest";

import { wallClock } from "#shared/client/wall-clock.ts";
import type { Fix } from "#shared/contracts/geo.ts";
import type { Position } from "#shared/contracts/streams.ts";
import { zoneOf } from "#shared/domain/geo/cells.ts";
import { encodeTrace } from "#shared/domain/tracking/motion/trace-text.ts";
import { connectDb } from "#shared/server/db/connect.ts";
import { makeLastPositions } from "#shared/server/realtime/last-positions.ts";
import { connectRedis } from "#shared/server/redis/connect.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { testServices } from "#shared/testing/services.ts";

import { makeFixPush } from "./fix-push.ts";
import { makeMarkers, type MarkerDeps } from "./marker.ts";
import { makeMotionPush } from "./motion-push.ts";
import { makeTracePush } from "./trace-push.ts";
import { makeTraceWriter } from "./trace-writer.ts";

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
  const hub = hubOf({ published, zones });
  const caller = { identity: { personId, sessionId: "s", roles: [], expiresAtMs: 0 }, commandId: undefined };
  return {
    courierId,
    published,
    zones,
    push: (fixes: Fix[]) => hub.push(caller, { marketId: MARKET, fixes }),
    move: (motion: Fix) =>
      hub.move(caller, { marketId: MARKET, motion: { ...motion, speedMps: motion.speedMps ?? 0, headingDeg: 0 } }),
    write: (trace: string) => hub.write(caller, { marketId: MARKET, trace }),
  };
}

async function callerOf(courierId: string) {
  const [row] = await db.sql<{ person_id: string }[]>`select person_id from couriers where id = ${courierId}`;
  const identity = { personId: row?.person_id ?? "", sessionId: "s", roles: [], expiresAtMs: 0 };
  return { identity, commandId: undefined };
}

/** What one hub does with positions. */
function hubOf({ published, zones }: { published: Position[]; zones: string[] }, over: Partial<MarkerDeps> = {}) {
  const deps: MarkerDeps = {
    db,
    last,
    outbox: {
      tell(position) {
        published.push(position);
        void last.keep(position);
      },
    },
    clock: new FakeClock(),
    deploymentNowMs: () => START_MS + 2 * 3_600_000,
    onZone: (_, __, zone) => void zones.push(zone),
    ...over,
  };
  const markers = makeMarkers(deps);
  const traces = makeTraceWriter({ db: deps.db, clock: wallClock, gatherMs: 5 });
  return {
    push: makeFixPush(deps, markers, traces),
    move: makeMotionPush(deps, markers),
    write: makeTracePush(deps, markers, traces),
  };
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

/** Somewhere else every time: no motion holds. */
const far = (second: number): Fix => fixAt(second, { lat: -34.9 + (second % 2) * 0.001 });
const timesOf = (published: readonly Position[]) => published.map((one) => (one.takenAtMs - START_MS) / 1000);

test("[RTM18] only a newer fix that makes sense moves the marker", async () => {
  const { courierId, published, push } = await makeCourier();
  expect(await push([far(10), far(5)])).toEqual({ kept: 2 });
  expect(await push([far(10), far(7)])).toEqual({ kept: 0 });
  expect(await push([fixAt(11, { accuracyM: 5_000 }), fixAt(12, { lat: 10 })])).toEqual({ kept: 0 });
  expect(await push([far(21)])).toEqual({ kept: 1 });
  expect(timesOf(published)).toEqual([10, 21]);
  expect(await last.read(MARKET, [courierId, randomUUID()])).toEqual([published[1], undefined]);
  const [row] = await db.sql`select last_fix_at_ms from couriers where id = ${courierId}`;
  expect(Number(row?.["last_fix_at_ms"])).toBe(START_MS + 10_000);
});

test("[MOT11] of a phone that sends every fix the screens are told what they need, and every fix is written down", async () => {
  const { courierId, published, push } = await makeCourier();
  for (let second = 0; second <= 120; second += 5) await push([fixAt(second, { lat: -34.9 })]);
  // Standing still: a word a minute.
  expect(timesOf(published)).toEqual([0, 60, 120]);
  expect((await traceOf(courierId)).flat().length).toBe(25);
});

test("[MOT11] a motion moves the marker at once and writes no trace; twice or late it does nothing", async () => {
  const { courierId, published, move } = await makeCourier();
  expect(await move(fixAt(10))).toEqual({ kept: 1 });
  expect(await move(fixAt(10))).toEqual({ kept: 0 });
  expect(await move(fixAt(9))).toEqual({ kept: 0 });
  expect(await move(fixAt(11))).toEqual({ kept: 1 });
  expect(timesOf(published)).toEqual([10, 11]);
  expect(published[0]).toMatchObject({ speedMps: 4, headingDeg: 0 });
  expect(await traceOf(courierId)).toEqual([]);
});

test("[MOT11] a trace is one row a minute and moves nothing; what is no trace is refused", async () => {
  const { courierId, published, write } = await makeCourier();
  const fixes = [fixAt(1), fixAt(6), fixAt(59)];
  expect(await write(encodeTrace(fixes))).toEqual({ kept: 3 });
  await write(encodeTrace(fixes));
  expect(await traceOf(courierId)).toEqual([[1, 6, 59]]);
  expect(published).toEqual([]);
  await expect(write("not a trace")).rejects.toMatchObject({ code: "payload.invalid" });
  await expect(write(encodeTrace([fixAt(1, { accuracyM: -1 })]))).rejects.toMatchObject({ code: "payload.invalid" });
  expect(await traceOf(courierId)).toEqual([[1, 6, 59]]);
});

test("[RTM18] another hub, or this one after a restart, goes on from the last position", async () => {
  const one = await makeCourier();
  await one.push([fixAt(30)]);
  const other = hubOf(one).push;
  await other(await callerOf(one.courierId), { marketId: MARKET, fixes: [fixAt(20)] });
  expect(one.published.length).toBe(1);
});

test("[RTM42] what is carried is asked again when the courier's stream has moved, and always where that is not known", async () => {
  const one = await makeCourier();
  const asked: string[] = [];
  const watched = connectDb(services.databaseUrl, {
    max: 1,
    name: "test-hands",
    onStatement: (text) => void (text.includes("left join deliveries") && asked.push(text)),
  });
  onTestFinished(() => watched.close());
  let head: string | undefined = "one/7";
  const { move } = hubOf(one, { db: watched, headNow: () => head });
  const caller = await callerOf(one.courierId);
  const say = (second: number) =>
    move(caller, { marketId: MARKET, motion: { ...fixAt(second), speedMps: 0, headingDeg: 0 } });
  const after = async (second: number) => {
    await say(second);
    return asked.length;
  };
  expect(await after(1)).toBe(1);
  expect(await after(2)).toBe(1);
  head = "one/8";
  expect(await after(3)).toBe(2);
  expect(await after(4)).toBe(2);
  head = undefined;
  expect(await after(5)).toBe(3);
  expect(await after(6)).toBe(4);
  // What was known before is not taken up again: a gap may have hidden a change and its end.
  head = "one/8";
  expect(await after(7)).toBe(5);
});

test("[RTM62] who sends their trace is not asked for apart; who is suspended is refused after two minutes all the same", async () => {
  const one = await makeCourier();
  const asked: string[] = [];
  const watched = connectDb(services.databaseUrl, {
    max: 1,
    name: "test-belief",
    onStatement: (text) => void (text.includes('"active"') && asked.push(text)),
  });
  onTestFinished(() => watched.close());
  const clock = new FakeClock();
  const { move, write } = hubOf(one, { db: watched, clock, headNow: () => "one/1" });
  const caller = await callerOf(one.courierId);
  const say = (second: number) =>
    move(caller, { marketId: MARKET, motion: { ...fixAt(second), speedMps: 0, headingDeg: 0 } });
  const trace = (second: number) => write(caller, { marketId: MARKET, trace: encodeTrace([fixAt(second)]) });
  await say(1);
  for (const second of [100, 200, 300]) {
    await clock.advance(100_000);
    await trace(second);
    await say(second);
  }
  expect(asked).toHaveLength(1);
  await db.sql`update couriers set active = false where id = ${one.courierId}`;
  await trace(301);
  await clock.advance(121_000);
  await expect(say(422)).rejects.toMatchObject({ code: "courier.not-found" });
  expect(asked).toHaveLength(2);
});

test("[RTM18] who is no courier here is refused", async () => {
  const { push } = await makeCourier();
  await db.sql`update couriers set active = false where market_id = ${MARKET}`;
  await expect(push([fixAt(1)])).rejects.toMatchObject({ code: "courier.not-found" });
});

test("[RTM20] the zone is told with every move of the marker", async () => {
  const { zones, move } = await makeCourier();
  const away = fixAt(3_000, { lat: -34.8 });
  for (const one of [fixAt(1), fixAt(2), away]) await move(one);
  expect(zones).toEqual([zoneOf(fixAt(1)), zoneOf(fixAt(2)), zoneOf(away)]);
});

test("[RTM18] a fix of the future is not believed, and holds nothing up", async () => {
  const { published, push } = await makeCourier();
  expect(await push([far(1), far(36_000)])).toEqual({ kept: 1 });
  expect(await push([far(6)])).toEqual({ kept: 1 });
  expect(timesOf(published)).toEqual([1, 6]);
});

/** A writer whose statements are counted, and what it needs of a courier. */
async function makeWriter() {
  const inserts: string[] = [];
  const watched = connectDb(services.databaseUrl, {
    max: 2,
    name: "test-writer",
    onStatement: (text) => void (text.includes("insert into traces") && inserts.push(text)),
  });
  onTestFinished(() => watched.close());
  const writer = makeTraceWriter({ db: watched, clock: wallClock, gatherMs: 5 });
  const courierAt = async (second: number) => {
    const { courierId } = await makeCourier();
    return { marketId: MARKET, courierId, newest: { ...fixAt(second), zone: zoneOf(fixAt(second)) } };
  };
  const placeAtMs = async (courierId: string) => {
    const [row] = await db.sql<{ at: string | null }[]>`
      select last_fix_at_ms as at from couriers where id = ${courierId}`;
    return row?.at ? Number(row.at) - START_MS : null;
  };
  return { inserts, writer, courierAt, placeAtMs };
}

test("[RTM45] traces of many couriers that come together are one statement; of one courier they are one row", async () => {
  const { inserts, writer, courierAt, placeAtMs } = await makeWriter();
  const couriers = await Promise.all([1, 2, 3].map(courierAt));
  await Promise.all([
    ...couriers.map((courier) => writer.write(courier, [fixAt(7), fixAt(65)])),
    ...couriers.map((courier) => writer.write(courier, [fixAt(3), fixAt(7)])),
  ]);
  expect(inserts).toHaveLength(1);
  for (const [nth, { courierId }] of couriers.entries()) {
    expect(await traceOf(courierId)).toEqual([[3, 7], [65]]);
    expect(await placeAtMs(courierId)).toBe((nth + 1) * 1000);
  }
});

test("[RTM45] a courier's row that is being changed holds no trace up; its place is noted with the next", async () => {
  const { writer, courierAt, placeAtMs } = await makeWriter();
  const [locked, free] = [await courierAt(1), await courierAt(2)];
  await db.sql.begin(async (sql) => {
    await sql`select from couriers where id = ${locked.courierId} for update`;
    await Promise.all([locked, free].map((courier) => writer.write(courier, [fixAt(5)])));
  });
  expect(await Promise.all([locked, free].map(({ courierId }) => placeAtMs(courierId)))).toEqual([null, 2_000]);
  await writer.write(locked, [fixAt(6)]);
  expect(await placeAtMs(locked.courierId)).toBe(1_000);
  expect(await traceOf(locked.courierId)).toEqual([[5, 6]]);
});

test("[RTM45] what the store did not take is answered for to nobody, and may come again", async () => {
  const { writer, courierAt } = await makeWriter();
  const [one, other] = [await courierAt(1), await courierAt(2)];
  const broken = { ...other, courierId: "no-uuid" };
  const outcomes = await Promise.allSettled([writer.write(one, [fixAt(1)]), writer.write(broken, [fixAt(1)])]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await traceOf(one.courierId)).toEqual([]);
  await writer.write(one, [fixAt(1)]);
  expect(await traceOf(one.courierId)).toEqual([[1]]);
});
