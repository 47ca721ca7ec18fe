import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { beforeAll, expect, test } from "vitest";

import { etaTrials } from "#shared/contracts/eta.ts";
import { ETA_PRIORS } from "#shared/domain/eta/parts.ts";
import { makeBelieved, type Believed } from "#shared/server/eta/believed.ts";
import { MODEL_FORMAT } from "#shared/server/eta/model-format.ts";
import { etaVersions } from "#shared/server/eta/model-store.ts";
import { connectRedis, type RedisClient } from "#shared/server/redis/connect.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { learnEtas } from "./learn-etas.ts";

const MINUTE_MS = 60_000;
/** What the orders of {@link pastOrders} take from their payment to the door, on the average. */
const TRULY_MS = 34 * MINUTE_MS;
const PATIENCE_MS = 120_000;
const log = { info: () => {}, warn: () => {} };

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;
let redis: RedisClient;
let believed: Believed;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1, believedOf: (marketId) => believed.of(marketId) });
  redis = connectRedis(services.redisLiveUrl, "positions", "test", () => {});
  believed = makeBelieved({ db: town.db, redis, priors: ETA_PRIORS, log });
  scene = scenesOf(town);
  await pastOrders(500, town.clock.nowMs() - 48 * 3_600_000);
  return () => redis.disconnect();
}, PATIENCE_MS);

/**
 * Orders that are over, as rows: every four minutes one from a kitchen that says ten minutes and takes twenty; 1 min to its
 * answer, 3 to leave, 8 on the way, 2 at the door.
 */
async function pastOrders(count: number, fromMs: number): Promise<void> {
  const { sql } = town.db;
  const [courier] = town.couriers;
  const times = sql`
    select i, ${MARKET} as market_id, created, created + 60000 as confirmed, created + 660000 as said,
      created + 60000 + round(1200000 * off) as ready, created + 180000 as accepted, created + 420000 as arrived,
      created + 240000 + round(1200000 * off) as away, created + 240000 + round(1680000 * off) as door,
      created + 240000 + round(1800000 * off) as delivered,
      (lpad(to_hex(created), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid as id
    from (select i, ${fromMs}::bigint + i::bigint * 240000 as created, 0.8 + 0.4 * ((i * 37) % 101) / 100 as off
      from generate_series(1, ${count}::int) as i) as made`;
  const { customer, restaurantId } = town;
  await sql`
    insert into orders (market_id, id, code, customer_id, restaurant_id, status, kind, currency, price, total_minor, drop_line,
      drop_instructions, drop_lat, drop_lng, zone, placed_at_ms, created_at_ms, confirmed_at_ms, ready_at_ms, picked_up_at_ms,
      delivered_at_ms, ended_at_ms, items, kitchen_load)
    select market_id, id, 'PAST', ${customer.personId}, ${restaurantId}, 'CONCLUDED', 'delivery', 'UYU', '{}', 100, 'Door', '',
      -34.905, -56.175, 'zone', created, created, confirmed, ready, away, delivered, delivered, 2, 0 from (${times}) as t`;
  await sql`
    insert into deliveries (market_id, id, order_id, restaurant_id, status, courier_id, slot, version, assigned_at_ms,
      arrived_at_merchant_at_ms, picked_up_at_ms, arrived_at_customer_at_ms, delivered_at_ms, ended_at_ms, created_at_ms)
    select market_id, gen_random_uuid(), id, ${restaurantId}, 'DELIVERY_FINISHED', ${courier?.id ?? null}, 1, 1, accepted, arrived,
      away, door, delivered, delivered, confirmed from (${times}) as t`;
  await sql`
    insert into order_events (market_id, id, type, payload, actor_role, at_ms, order_id, order_seq)
    select market_id, gen_random_uuid(), type, jsonb_build_object('order', jsonb_build_object('readyEstimateAtMs', said)), 'kitchen',
      at_ms, id, seq
    from (select t.*, e.* from (${times}) as t,
      lateral (values ('order.confirmed', confirmed, 1), ('delivery.delivery_ongoing', away, 2)) as e (type, at_ms, seq)) as all_events`;
}

async function quotedMs(): Promise<number> {
  const { eta, center } = await town.market(town.db.orm, MARKET);
  const nowMs = town.clock.nowMs();
  const { restaurantId } = town;
  const door = { lat: -34.905, lng: -56.175 };
  const basket = { restaurantId, prepMinutes: 10, items: 2, load: 0, from: center, to: door };
  return eta.quote({ nowMs, kind: "delivery", ...basket }).p50AtMs - nowMs;
}

const learn = () =>
  learnEtas({ db: town.db, market: town.market, priors: ETA_PRIORS, log }, MARKET, town.clock.nowMs());
const versionsOf = async () => (await etaVersions.readVersions(town.db.orm, MARKET)).map(({ version }) => version);

test(
  "[ETA16, ETA17, ETA20, ETA21] a market whose kitchens are slower than their word is told nearer times once it has learned",
  async () => {
    const byPriorsMs = await quotedMs();
    // Two workers at once, and one after them.
    const made = await Promise.all([learn(), learn()]);
    expect(made.filter((version) => version !== undefined)).toEqual([1]);
    expect(await learn()).toBeUndefined();
    expect(await versionsOf()).toEqual([1]);
    const [first] = await etaVersions.readVersions(town.db.orm, MARKET);
    const trials = etaTrials.parse(first?.trials);
    expect(trials.orders).toBe(500);
    expect(trials.parts.prep.used).not.toBe("prior");
    // One hour's deliveries of one courier overlap: who carried something else meanwhile teaches nothing of the way.
    expect(trials.parts.ride.outcomes).toBe(0);

    expect(await quotedMs()).toBe(byPriorsMs);
    await believed.refresh();
    const learnedMs = await quotedMs();
    expect(Math.abs(learnedMs - TRULY_MS)).toBeLessThan(0.6 * Math.abs(byPriorsMs - TRULY_MS));
    // At the order, as at the quote; with the kitchen's word, as with its usual minutes.
    const order = await scene.created();
    const read = () => town.useCases["order.read"](as(town.customer), order);
    expect(((await read()).promise?.p50AtMs ?? 0) - town.clock.nowMs()).toBeGreaterThan(byPriorsMs + 5 * MINUTE_MS);
    await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
    expect(((await read()).eta?.p50AtMs ?? 0) - town.clock.nowMs()).toBeGreaterThan(byPriorsMs + 5 * MINUTE_MS);
  },
  PATIENCE_MS,
);

test("[ETA21] every process hears of a version by the store, whatever Redis holds or does", async () => {
  const broken = { get: () => Promise.reject(new Error("away")), set: () => Promise.reject(new Error("away")) };
  const wrong = { get: () => Promise.resolve('{"prep":{"trust":2}}'), set: () => Promise.resolve("OK" as const) };
  for (const other of [redis, broken, wrong]) {
    const elsewhere = makeBelieved({ db: town.db, redis: other, priors: ETA_PRIORS, log });
    expect(elsewhere.of(MARKET).version).toBe(0);
    await elsewhere.refresh();
    expect(elsewhere.of(MARKET).version).toBe(1);
  }
  // What stands in Redis names its version, and is enough where the store has been asked once.
  expect(await redis.get(`eta-models/${MODEL_FORMAT}/${MARKET}/1`)).toContain("durations");
});

test("[ETA21] a version that cannot be read leaves what was known in force, and is complained of once", async () => {
  const warned: unknown[] = [];
  const noRedis = { get: () => Promise.resolve(null), set: () => Promise.resolve("OK" as const) };
  const deps = {
    db: town.db,
    redis: noRedis,
    priors: ETA_PRIORS,
    log: { ...log, warn: (...said: unknown[]) => void warned.push(said) },
  };
  const elsewhere = makeBelieved(deps);
  const [kept] = await town.db.sql<{ models: string }[]>`select models::text from eta_models where version = 1`;
  await town.db.sql`update eta_models set models = models || '{"prep": {"kind": "new"}}' where version = 1`;
  for (let look = 0; look < 3; look++) await elsewhere.refresh();
  expect(elsewhere.of(MARKET).version).toBe(0);
  expect(warned).toHaveLength(1);
  await town.db.sql`update eta_models set models = ${kept?.models ?? ""}::jsonb where version = 1`;
});

test(
  "[ETA21] one command brings the priors back, and what is learned later does not undo it",
  async () => {
    const learnedMs = await quotedMs();
    const command = (...args: string[]) =>
      promisify(execFile)(
        process.execPath,
        [join(import.meta.dirname, "../../deploy/eta-models.ts"), "--market", MARKET, ...args],
        { env: { ...process.env, DATABASE_URL: services.databaseUrl } },
      );
    expect((await command("--none")).stdout).toContain("the priors in force (pinned");
    await believed.refresh();
    expect(believed.of(MARKET).version).toBe(0);
    expect(await quotedMs()).toBeLessThan(learnedMs - 5 * MINUTE_MS);

    await pastOrders(100, town.clock.nowMs() - 8 * 3_600_000);
    expect(await learn()).toBe(2);
    await believed.refresh();
    expect(believed.of(MARKET).version).toBe(0);

    expect(await etaVersions.choose(town.db, MARKET, { use: 7 }, town.clock.nowMs())).toBe(false);
    expect((await command("--use", "1")).stdout).toContain("* 1 ");
    await believed.refresh();
    expect(await quotedMs()).toBe(learnedMs);
    await etaVersions.choose(town.db, MARKET, { use: "newest" }, town.clock.nowMs());
    await believed.refresh();
    expect(believed.of(MARKET).version).toBe(2);
    expect(await etaVersions.readChoices(town.db.orm)).toMatchObject([{ marketId: MARKET, version: 2, pinned: false }]);
    await expect(command("--use", "one")).rejects.toThrow("npm run eta:models");
    await expect(command("--market", "nowhere", "--none")).rejects.toThrow(`no market nowhere; there are ${MARKET}`);
  },
  PATIENCE_MS,
);
