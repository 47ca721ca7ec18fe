import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";

import { connectDb } from "#shared/server/db/connect.ts";

import { PROJECT } from "../../../deploy/local/folders.ts";
import { startPostgres } from "../../../deploy/local/postgres.ts";
import { startRedis } from "../../../deploy/local/redis.ts";
import { nodeFlagsOf } from "../../../deploy/local/system-parts.ts";
import { openMarket } from "../../../deploy/local/seed.ts";
import { CENTRE } from "../../swarm/plan.ts";
import { seedSwarm, SWARM_MARKET } from "../../swarm/run/seed.ts";
import {
  planOfCouriers,
  type CrowdAsked,
  type HubAsked,
  type HubTold,
  type Kind,
  type PhonesTold,
  type WatchersTold,
} from "./messages.ts";

const ADMIN = { email: "admin@bench.example", password: "how right the map is", name: "Bench admin" };
/** Between two looks whether more has come, wall ms. */
const LOOK_EVERY_MS = 2_000;
const MOST_LOOKS = 15;
/** The orders were picked up so long ago, ms: before the phones' time begins. */
const PICKED_UP_AGO_MS = 2 * 3_600_000;

export type Where = Omit<HubAsked, "kind">;

/** Redis, and a Postgres with couriers who each carry an order; both end with what is done with them. */
export async function withServices<T>(couriers: number, work: (where: Where) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "tiffin-bench-"));
  const redis = await startRedis({ dataDir: join(dir, "redis") });
  const postgres = await startPostgres({ dataDir: join(dir, "postgres") });
  try {
    await fill(postgres.url, couriers);
    return await work({ redisUrl: redis.url, databaseUrl: postgres.url });
  } finally {
    await postgres.stop();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function fill(databaseUrl: string, couriers: number): Promise<void> {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  await promisify(execFile)(process.execPath, [join(PROJECT, "drizzle/migrate.ts")], { env });
  await openMarket(databaseUrl, { market: { ...SWARM_MARKET, center: CENTRE }, admin: ADMIN });
  const db = connectDb(databaseUrl, { max: 1, name: "bench-picture" });
  await seedSwarm(db, planOfCouriers(couriers), Date.now() - PICKED_UP_AGO_MS);
  await db.close();
}

/** Hubs of one kind with the couriers and customers who are at them, each a process. */
export interface Side {
  readonly kind: Kind;
  readonly hubs: readonly ChildProcess[];
  readonly phones: ChildProcess;
  readonly watchers: ChildProcess;
  readonly crowd: CrowdAsked;
}

export async function openSide(
  hub: HubAsked,
  { hubs: count, ...crowded }: Omit<CrowdAsked, "kind" | "ports"> & { readonly hubs: number },
): Promise<Side> {
  const hubs = Array.from({ length: count }, () => start("hub.ts", hub));
  const told = await Promise.all(hubs.map((each) => said<HubTold & { port: number }>(each)));
  const crowd: CrowdAsked = { kind: hub.kind, ports: told.map(({ port }) => port), ...crowded };
  const watchers = await startCrowd("watchers.ts", crowd);
  const phones = await startCrowd("phones.ts", crowd);
  return { kind: hub.kind, hubs, phones, watchers, crowd };
}

/** Ready when it resolves. */
export async function startCrowd(file: string, crowd: CrowdAsked): Promise<ChildProcess> {
  const child = start(file, crowd);
  await said(child);
  return child;
}

export function closeSide({ hubs, phones, watchers }: Side): void {
  for (const child of [phones, watchers, ...hubs]) if (child.connected) child.disconnect();
}

function start(file: string, asked: object): ChildProcess {
  const execArgv = file === "hub.ts" ? nodeFlagsOf("hub/") : process.execArgv;
  return fork(join(import.meta.dirname, file), [JSON.stringify(asked)], { execArgv });
}

/** The next word of a process. */
async function said<T>(child: ChildProcess): Promise<T> {
  const gone = new AbortController();
  const ended = () => gone.abort(new Error("a process of the bench has ended"));
  child.once("exit", ended);
  try {
    // Cast: what this kind of process says.
    const [message] = (await once(child, "message", { signal: gone.signal })) as [T];
    return message;
  } finally {
    child.off("exit", ended);
  }
}

export function ask<T>(child: ChildProcess): Promise<T> {
  const answer = said<T>(child);
  child.send("count");
  return answer;
}

/** Since the processes began. */
export interface Counted {
  readonly cpuUs: number;
  readonly arrived: number;
  readonly shown: number;
  readonly fixes: number;
  readonly motions: number;
  readonly traces: number;
}

async function countsOf({ hubs, phones, watchers }: Side): Promise<Counted> {
  const told = await Promise.all(hubs.map((hub) => ask<HubTold & { cpuUs: number; arrived: number }>(hub)));
  const sum = (what: "cpuUs" | "arrived") => told.reduce((total, one) => total + one[what], 0);
  const { shown } = await ask<WatchersTold & { shown: number }>(watchers);
  const { fixes, motions, traces } = await ask<PhonesTold & { fixes: number; motions: number; traces: number }>(phones);
  return { cpuUs: sum("cpuUs"), arrived: sum("arrived"), shown, fixes, motions, traces };
}

/** What has been counted when nothing more comes: on a crowded machine the last ones are long under way. */
export async function settledCountsOf(side: Side): Promise<Counted> {
  let before = await countsOf(side);
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    // oxlint-disable-next-line no-await-in-loop -- looks again
    await after(LOOK_EVERY_MS);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const now = await countsOf(side);
    if (now.motions === before.motions && now.shown === before.shown) return now;
    before = now;
  }
  return before;
}
