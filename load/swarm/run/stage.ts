import { setTimeout as delay } from "node:timers/promises";

import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { connectRedis, type RedisClient } from "#shared/server/redis/connect.ts";

import { openMarket } from "../../../deploy/local/seed.ts";
import { startSystem, type RunningSystem } from "../../../deploy/local/system.ts";
import type { CrowdOrders } from "../crowd/orders.ts";
import { CENTRE, planOf, type SwarmPlan } from "../plan.ts";
import { startCrowds, type Crowds } from "./crowds.ts";
import { useOfFamily, type Use } from "./machine.ts";
import { seedSwarm, SWARM_MARKET } from "./seed.ts";

export interface StageOptions {
  readonly connections: number;
  readonly hubs: number;
  readonly crowds: number;
  readonly workers: number;
  readonly connectPerS: number;
  readonly commitsPerS: number;
  readonly restPerS: number;
  /** How many commits there must be things to say for, over the whole run. */
  readonly commitsInAll: number;
  /** An empty folder for everything that is kept. */
  readonly dir: string;
  readonly tell: (sentence: string) => void;
  /** Plants a fault in the log of one watcher. */
  readonly withhold?: boolean;
}

/** The platform with everybody in its store, and the processes that will play them. */
export interface Stage {
  readonly system: RunningSystem;
  readonly plan: SwarmPlan;
  readonly db: Db;
  readonly redis: RedisClient;
  readonly crowds: Crowds;
  readonly logFiles: readonly string[];
  hubPids(): number[];
  /** Waits, unless the run is stopped. */
  pause(ms: number): Promise<void>;
}

/** What each kind of process has used of the processor. */
export function usesOf({ system, crowds }: Stage): Record<"hubs" | "postgres" | "redis" | "swarm", Use | null> {
  const of = (prefix: string) => system.names.filter((name) => name.startsWith(prefix)).map((name) => system.pid(name));
  return {
    hubs: useOfFamily(of("hub-")),
    postgres: useOfFamily(of("postgres")),
    redis: useOfFamily(of("redis")),
    swarm: useOfFamily(crowds.pids),
  };
}

const FIX_EVERY_MS = 5_000;
/** What Postgres gives all hubs together: more at a time only get in each other's way on the few cores of one machine. */
const HUB_CONNECTIONS = 48;
/** What all hubs together take on at a time: about as much as the machine answers in two seconds. */
const REQUESTS_AT_ONCE = 800;
const ADMIN = { email: "admin@swarm.example", password: "a city at its peak", name: "Swarm admin" };
/** Beside the delays: start, ready, hand-out. */
const OTHER_STEPS = 3;
/** More to say than will be said. */
const SPARE = 1.3;

/** Sets everything up, calls `play`, and takes all of it down again, whatever happened. */
export async function onStage<T>(
  options: StageOptions,
  play: (stage: Stage) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { dir, hubs, workers, tell } = options;
  const plan = planOf(options.connections);
  const system = await startSystem({
    dir,
    hubs,
    workers,
    payments: "sandbox",
    tell,
    env: {
      ...SWARM_ENV,
      DATABASE_POOL: String(Math.max(4, Math.floor(HUB_CONNECTIONS / (hubs + workers)))),
      REQUESTS_AT_ONCE: String(Math.max(32, Math.floor(REQUESTS_AT_ONCE / hubs))),
    },
    prepare: (url) => fillMarket(url, plan, tell),
  });
  const closing: (() => unknown)[] = [];
  try {
    signal.throwIfAborted();
    // Commits are stamped from Postgres' next start on.
    await system.restart("postgres");
    const db = connectDb(system.databaseUrl, { max: 2, name: "tiffin-swarm" });
    closing.push(() => db.close());
    const redis = connectRedis(system.redisLiveUrl, "events", "swarm", () => {});
    closing.push(() => redis.disconnect());
    const orders = ordersOf(options, plan, system);
    const crowds = await startCrowds(orders);
    closing.push(() => crowds.kill());
    const hubPids = () => system.hubUrls.map((_, index) => system.pid(`hub-${index}`));
    const pause = (ms: number) => delay(ms, undefined, { signal });
    const logFiles = orders.map(({ logFile }) => logFile);
    const stage = { system, plan, db, redis, crowds, hubPids, pause, logFiles };
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
    });
    return await Promise.race([play(stage), crowds.broken, aborted]);
  } finally {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    for (const close of closing.toReversed()) await close();
    await system.stop();
  }
}

/** Everybody lives on one machine here, so it may ask much; payments are over before the run begins. */
export const SWARM_ENV = {
  LOG_LEVEL: "warn",
  REQUESTS_PER_MINUTE: "100000000",
  CONCLUDE_AFTER_MS: "86400000",
} as const;

/** Opens the swarm's market and writes everybody of the plan into it. */
export async function fillMarket(
  databaseUrl: string,
  plan: SwarmPlan,
  tell: (sentence: string) => void,
): Promise<void> {
  await openMarket(databaseUrl, { market: { ...SWARM_MARKET, center: CENTRE }, admin: ADMIN });
  const db = connectDb(databaseUrl, { max: 1, name: "tiffin-swarm-seed" });
  try {
    const { customers, couriers, kitchens, operators, orders } = plan;
    tell(
      `writing ${customers} customers, ${couriers} couriers, ${kitchens} kitchens, ${operators} operators, ${orders} orders`,
    );
    await seedSwarm(db, plan, Date.now());
    await db.sql`alter system set track_commit_timestamp = on`;
  } finally {
    await db.close();
  }
}

function ordersOf(options: StageOptions, plan: SwarmPlan, system: RunningSystem): CrowdOrders[] {
  const { crowds, connections, dir } = options;
  const cooked = Math.max(1, plan.orders - plan.carried);
  const delays = Math.max(1, Math.ceil((options.commitsInAll * SPARE) / cooked) - OTHER_STEPS);
  return Array.from({ length: crowds }, (_, part) => ({
    part,
    parts: crowds,
    connections,
    marketId: SWARM_MARKET.id,
    secret: system.secrets.jwtSecret,
    hubs: system.hubUrls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) })),
    logFile: `${dir}/crowd-${part}.ndjson`,
    connectPerS: options.connectPerS / crowds,
    commitsPerS: options.commitsPerS / crowds,
    restPerS: options.restPerS / crowds,
    fixEveryMs: FIX_EVERY_MS,
    delaysAnOrder: delays,
    withhold: part === 0 && options.withhold === true,
  }));
}
