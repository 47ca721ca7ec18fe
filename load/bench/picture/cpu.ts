import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";

import { migrate } from "#drizzle/migrate.ts";
import { connectDb } from "#shared/server/db/connect.ts";

import { startPostgres } from "../../../deploy/local/postgres.ts";
import { startRedis } from "../../../deploy/local/redis.ts";
import { openMarket } from "../../../deploy/local/seed.ts";
import { quantile } from "../../replay/offline.ts";
import { CENTRE } from "../../swarm/plan.ts";
import { seedSwarm, SWARM_MARKET } from "../../swarm/run/seed.ts";
import {
  planOfCouriers,
  WATCHERS_EACH,
  type CrowdAsked,
  type HubAsked,
  type HubTold,
  type Kind,
  type PhonesTold,
  type WatchersTold,
} from "./messages.ts";

const HUBS = 2;
/** Wall ms after the last fix in which what is under way arrives. */
const LAST_ONES_MS = 2_000;
const ADMIN = { email: "admin@bench.example", password: "how right the map is", name: "Bench admin" };
/** The orders were picked up so long ago, ms: before the phones' time begins. */
const PICKED_UP_AGO_MS = 2 * 3_600_000;

export interface CpuAsked {
  readonly couriers: number;
  /** Of a turn of one side. */
  readonly seconds: number;
  readonly rounds: number;
  readonly traces: string | undefined;
}

/** Processor time of all hubs of a side, by what a courier has done in a minute. */
export interface CpuFigures {
  readonly cpuRatioVsPlain: number;
  /** Microseconds a courier-minute. */
  readonly cpuUsPerCourierMinute: number;
  readonly plainCpuUsPerCourierMinute: number;
  /** Motions and traces that phones sent to our hubs, and fixes that they sent to the plain ones, a courier-minute. */
  readonly cpuIngressPerMinute: number;
  readonly plainIngressPerMinute: number;
  readonly cpuRounds: readonly { readonly oursUs: number; readonly plainUs: number }[];
}

/**
 * What it costs hubs to take couriers' places and to show each to three customers: ours against plain Socket.IO with its
 * Redis adapter, which emits every fix to the order's room. Two hubs each, so that Redis is used; the same rides; turn by
 * turn in one run.
 */
export async function measureCpu(asked: CpuAsked, tell: (sentence: string) => void): Promise<CpuFigures> {
  const dir = mkdtempSync(join(tmpdir(), "tiffin-bench-"));
  const redis = await startRedis({ dataDir: join(dir, "redis") });
  const postgres = await startPostgres({ dataDir: join(dir, "postgres") });
  try {
    await fill(postgres.url, asked.couriers);
    return await compare({ redisUrl: redis.url, databaseUrl: postgres.url }, asked, tell);
  } finally {
    await postgres.stop();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

export async function compare(
  where: Omit<HubAsked, "kind">,
  asked: CpuAsked,
  tell: (sentence: string) => void,
): Promise<CpuFigures> {
  const sides: Side[] = [];
  try {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: they share the machine
    for (const kind of ["ours", "plain"] as const) sides.push(await openSide({ kind, ...where }, asked));
    return figuresOf(await playRounds(asked, sides, tell));
  } finally {
    for (const { hubs, phones, watchers } of sides)
      for (const child of [phones, watchers, ...hubs]) if (child.connected) child.disconnect();
  }
}

export async function fill(databaseUrl: string, couriers: number): Promise<void> {
  await migrate(databaseUrl);
  await openMarket(databaseUrl, { market: { ...SWARM_MARKET, center: CENTRE }, admin: ADMIN });
  const db = connectDb(databaseUrl, { max: 1, name: "bench-picture" });
  await seedSwarm(db, planOfCouriers(couriers), Date.now() - PICKED_UP_AGO_MS);
  await db.close();
}

interface Side {
  readonly kind: Kind;
  readonly hubs: readonly ChildProcess[];
  readonly phones: ChildProcess;
  readonly watchers: ChildProcess;
}

async function openSide(hub: HubAsked, { couriers, traces }: CpuAsked): Promise<Side> {
  const hubs = Array.from({ length: HUBS }, () => start("hub.ts", hub));
  const told = await Promise.all(hubs.map((each) => said<HubTold & { port: number }>(each)));
  const crowd: CrowdAsked = { kind: hub.kind, ports: told.map(({ port }) => port), couriers, traces };
  const watchers = start("watchers.ts", crowd);
  await said(watchers);
  const phones = start("phones.ts", crowd);
  await said(phones);
  return { kind: hub.kind, hubs, phones, watchers };
}

function start(file: string, asked: object): ChildProcess {
  return fork(join(import.meta.dirname, file), [JSON.stringify(asked)]);
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

function ask<T>(child: ChildProcess): Promise<T> {
  const answer = said<T>(child);
  child.send("count");
  return answer;
}

interface Turn {
  readonly us: number;
  readonly ingress: number;
}

async function playRounds(asked: CpuAsked, sides: readonly Side[], tell: (sentence: string) => void) {
  const rounds: Record<Kind, Turn>[] = [];
  // The first is thrown away: code is compiled in it.
  for (let round = 0; round <= asked.rounds; round += 1) {
    const turns = new Map<Kind, Turn>();
    for (const side of sides) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: they share the machine
      const turn = await playTurn(asked, side);
      turns.set(side.kind, turn);
      const name = round === 0 ? "warm-up" : `round ${round}`;
      tell(`${name}, ${side.kind}: ${turn.us.toFixed(0)} µs a courier-minute, ${turn.ingress.toFixed(2)} messages in`);
    }
    const [ours, plain] = [turns.get("ours"), turns.get("plain")];
    if (round > 0 && ours && plain) rounds.push({ ours, plain });
  }
  return rounds;
}

interface Counted {
  readonly cpuUs: number;
  readonly shown: number;
  readonly fixes: number;
  readonly motions: number;
  readonly traces: number;
}

async function countsOf({ hubs, phones, watchers }: Side): Promise<Counted> {
  const cpu = await Promise.all(hubs.map((hub) => ask<HubTold & { cpuUs: number }>(hub)));
  const { shown } = await ask<WatchersTold & { shown: number }>(watchers);
  const { fixes, motions, traces } = await ask<PhonesTold & { fixes: number; motions: number; traces: number }>(phones);
  return { cpuUs: cpu.reduce((sum, one) => sum + one.cpuUs, 0), shown, fixes, motions, traces };
}

async function playTurn({ couriers, seconds }: CpuAsked, side: Side): Promise<Turn> {
  const before = await countsOf(side);
  side.phones.send("go");
  await after(seconds * 1000);
  side.phones.send("stand");
  await after(LAST_ONES_MS);
  const now = await countsOf(side);
  const minutes = (couriers * seconds) / 60;
  const since = (what: keyof Counted) => now[what] - before[what];
  const said = side.kind === "ours" ? since("motions") : since("fixes");
  if (since("shown") !== said * WATCHERS_EACH)
    throw new Error(`${side.kind}: of ${said} positions ${WATCHERS_EACH} watchers each were shown ${since("shown")}`);
  const ingress = side.kind === "ours" ? since("motions") + since("traces") : since("fixes");
  return { us: since("cpuUs") / minutes, ingress: ingress / minutes };
}

function figuresOf(rounds: readonly Record<Kind, Turn>[]): CpuFigures {
  const median = (of: (round: Record<Kind, Turn>) => number, digits: number) =>
    Math.round(quantile(rounds.map(of), 0.5) * 10 ** digits) / 10 ** digits;
  return {
    cpuRatioVsPlain: median(({ ours, plain }) => ours.us / plain.us, 3),
    cpuUsPerCourierMinute: median(({ ours }) => ours.us, 0),
    plainCpuUsPerCourierMinute: median(({ plain }) => plain.us, 0),
    cpuIngressPerMinute: median(({ ours }) => ours.ingress, 2),
    plainIngressPerMinute: median(({ plain }) => plain.ingress, 2),
    cpuRounds: rounds.map(({ ours, plain }) => ({ oursUs: Math.round(ours.us), plainUs: Math.round(plain.us) })),
  };
}
