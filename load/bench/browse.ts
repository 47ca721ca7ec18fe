import { deepStrictEqual } from "node:assert";
import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import { freePort } from "../../deploy/local/port.ts";
import { startSystem, type RunningSystem } from "../../deploy/local/system.ts";
import { processPart } from "../../deploy/local/system-parts.ts";
import { browsedAt, makeBrowsing, type Browsed, type Browsing } from "../swarm/crowd/browsing.ts";
import type { Address } from "../swarm/crowd/network.ts";
import { openLoop } from "../swarm/crowd/open-loop.ts";
import { makeTokenMint } from "../swarm/crowd/tokens.ts";
import { Histogram } from "../swarm/histogram.ts";
import { idOf, planOf, type SwarmPlan } from "../swarm/plan.ts";
import { rounded } from "../swarm/run/figures.ts";
import { machineLine, useOfFamily } from "../swarm/run/machine.ts";
import { SWARM_MARKET } from "../swarm/run/seed.ts";
import { fillMarket, SWARM_ENV } from "../swarm/run/stage.ts";
import { runBench, say } from "./run-bench.ts";

const USAGE =
  "usage: npm run bench:browse -- [--restaurants 3800] [--hubs 2] [--rate 100] [--seconds 15] [--rounds 3] [--json FILE]";

const args = z.object({
  restaurants: z.coerce.number().int().min(1).max(100_000).default(3_800),
  hubs: z.coerce.number().int().min(1).max(16).default(2),
  rate: z.coerce.number().min(1).max(5_000).default(100),
  /** In all, of each of the two. */
  seconds: z.coerce.number().min(3).max(600).default(15),
  rounds: z.coerce.number().int().min(1).max(20).default(3),
  json: z.string().min(1).optional(),
});
type Asked = z.output<typeof args>;

const KINDS: readonly Browsed[] = ["restaurants", "restaurant", "menu"];
/** Enough of every other kind for a market of restaurants to be one. */
const OTHERS = 100;
const CUSTOMERS = 64;
const COMPARED = 50;
const WARM_UP_MS = 3_000;
const IDLE_MS = 3_000;
const LOOK_EVERY_MS = 20;
const POOL = 8;
const NOTHING: Used = { atMs: 0, ownMs: 0, postgresMs: 0 };

/** One who answers: the platform's hubs, or the plain handler. */
interface Side {
  readonly addresses: readonly Address[];
  readonly pids: readonly number[];
  took: Readonly<Record<Browsed, Histogram>>;
  used: Used;
  turn: number;
  refused: number;
}

interface Scene {
  readonly system: RunningSystem;
  readonly plan: SwarmPlan;
  readonly token: (turn: number) => string;
}

async function measure(asked: Asked, dir: string, signal: AbortSignal) {
  const plan = { ...planOf(OTHERS), kitchens: asked.restaurants };
  const system = await startSystem({
    dir,
    hubs: asked.hubs,
    workers: 0,
    payments: "sandbox",
    tell: say,
    env: { ...SWARM_ENV, DATABASE_POOL: String(POOL) },
    prepare: (url) => fillMarket(url, plan, say),
  });
  try {
    signal.throwIfAborted();
    return await compare({ system, plan, token: tokensOf(system) }, asked, dir, signal);
  } finally {
    await system.stop();
  }
}

function tokensOf({ secrets }: RunningSystem): Scene["token"] {
  const mint = makeTokenMint(secrets.jwtSecret);
  const tokens = Array.from({ length: CUSTOMERS }, (_, index) =>
    mint({ personId: idOf("customer", index), roles: [{ role: "customer", marketId: null, restaurantId: null }] }),
  );
  return (turn) => tokens[turn % CUSTOMERS] ?? "";
}

async function compare(scene: Scene, asked: Asked, dir: string, signal: AbortSignal) {
  const { system } = scene;
  const plainUrl = await startPlain(system, dir, asked.hubs);
  const hubs = sideOf(
    system.hubUrls,
    system.hubUrls.map((_, index) => system.pid(`hub-${index}`)),
  );
  const plain = sideOf([plainUrl], [system.pid("plain")]);
  await sameAnswers(scene, hubs, plain);
  for (const side of [hubs, plain]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await play(scene, side, asked.rate, WARM_UP_MS);
    Object.assign(side, { took: noTimes(), used: NOTHING, refused: 0 });
  }
  // Postgres hears the hubs' looks while the plain handler is asked, too.
  const idle = await idleOf(scene, hubs, signal);
  const idleBeside = { ...idle, ownMs: 0 };
  for (let round = 0; round < asked.rounds; round += 1) {
    for (const side of [hubs, plain]) {
      signal.throwIfAborted();
      // oxlint-disable-next-line no-await-in-loop -- turn by turn, so that whatever else the machine does falls on both
      await play(scene, side, asked.rate, (asked.seconds * 1_000) / asked.rounds, side === hubs ? idle : idleBeside);
    }
    say(`round ${round + 1} of ${asked.rounds}; ${machineLine()}`);
  }
  const [ofHubs, ofPlain] = [figuresOfSide(hubs), figuresOfSide(plain)];
  const cpuRatioVsPlain = rounded(ofHubs.cpuMsARequest / ofPlain.cpuMsARequest, 3);
  return { restaurants: asked.restaurants, rate: asked.rate, cpuRatioVsPlain, hubs: ofHubs, plain: ofPlain };
}

async function idleOf({ system }: Scene, side: Side, signal: AbortSignal): Promise<Used> {
  const before = usedBy(system, side);
  await delay(IDLE_MS, undefined, { signal });
  return usedSince(before, usedBy(system, side));
}

/** The plain handler, with as many connections to Postgres as all hubs together. @returns where it listens */
async function startPlain(system: RunningSystem, dir: string, hubs: number): Promise<string> {
  const port = await freePort();
  const env = {
    DATABASE_URL: system.databaseUrl,
    DATABASE_POOL: String(POOL * hubs),
    MARKET: SWARM_MARKET.id,
    PLAIN_PORT: String(port),
  };
  await system.add(processPart({ name: "plain", entry: "load/bench/plain-browse.ts", env, dir }));
  return `http://127.0.0.1:${port}`;
}

function sideOf(urls: readonly string[], pids: readonly number[]): Side {
  const addresses = urls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) }));
  return { addresses, pids, took: noTimes(), used: NOTHING, turn: 0, refused: 0 };
}

function noTimes(): Side["took"] {
  return { restaurants: new Histogram(), restaurant: new Histogram(), menu: new Histogram() };
}

/**
 * Asks both for the same things.
 *
 * @throws {AssertionError} when they do not say the same: then their costs say nothing of each other
 */
async function sameAnswers({ plan, token }: Scene, ...sides: readonly Side[]): Promise<void> {
  for (let turn = 0; turn < COMPARED; turn += 1) {
    const { path } = browsedAt(plan, SWARM_MARKET.id, turn);
    // oxlint-disable-next-line no-await-in-loop -- a few, one after the other
    const [ours, theirs] = await Promise.all(sides.map((side) => answerOf(side, path, token(turn))));
    deepStrictEqual(ours, theirs, path);
  }
}

async function answerOf({ addresses }: Side, path: string, token: string): Promise<object> {
  const [address] = addresses;
  const url = `http://${address?.host}:${address?.port}${path}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  const body: unknown = await answer.json();
  // Each writes cursors of its own.
  return { ...z.record(z.string(), z.unknown()).parse(body), nextCursor: undefined };
}

/** Plays browsing at one side for a while, by the clock, and waits for the last answer. */
async function play(
  { system, plan, token }: Scene,
  side: Side,
  rate: number,
  forMs: number,
  idle = NOTHING,
): Promise<void> {
  const browsing = makeBrowsing(side.addresses, plan, SWARM_MARKET.id, token);
  browsing.measure();
  const before = usedBy(system, side);
  const from = side.turn;
  const schedule = openLoop({ perS: rate }, (atMs, turn) => {
    side.turn = from + turn + 1;
    browsing.next(atMs, from + turn);
  });
  await delay(forMs);
  schedule.stop();
  // oxlint-disable-next-line no-await-in-loop -- looks again; each is given up at some time
  while (endedOf(browsing) < side.turn - from) await delay(LOOK_EVERY_MS);
  const used = usedSince(before, usedBy(system, side), idle);
  browsing.close();
  for (const kind of KINDS) side.took[kind].merge(browsing.tookMs[kind].toText());
  side.refused += browsing.counts.refused;
  side.used = {
    atMs: side.used.atMs + used.atMs,
    ownMs: side.used.ownMs + used.ownMs,
    postgresMs: side.used.postgresMs + used.postgresMs,
  };
}

function endedOf({ counts }: Browsing): number {
  return counts.answered + counts.refused;
}

/** Processor ms that a side and Postgres have used so far. */
interface Used {
  readonly atMs: number;
  readonly ownMs: number;
  readonly postgresMs: number;
}

function usedBy(system: RunningSystem, { pids }: Side): Used {
  const msOf = (of: readonly number[]) => (useOfFamily(of)?.cpuS ?? 0) * 1_000;
  return { atMs: performance.now(), ownMs: msOf(pids), postgresMs: msOf([system.pid("postgres")]) };
}

/** What was used in between beyond what is used when nobody asks. */
function usedSince(before: Used, after: Used, idle = NOTHING): Used {
  const shareOfIdle = idle.atMs > 0 ? (after.atMs - before.atMs) / idle.atMs : 0;
  return {
    atMs: after.atMs - before.atMs,
    ownMs: after.ownMs - before.ownMs - idle.ownMs * shareOfIdle,
    postgresMs: after.postgresMs - before.postgresMs - idle.postgresMs * shareOfIdle,
  };
}

function figuresOfSide({ took, used, refused }: Side) {
  const requests = KINDS.reduce((sum, kind) => sum + took[kind].count, 0);
  const kinds = KINDS.map(
    (kind) => [kind, { p50Ms: took[kind].quantile(0.5), p99Ms: took[kind].quantile(0.99) }] as const,
  );
  return {
    requests,
    refused,
    ...Object.fromEntries(kinds),
    processMsARequest: rounded(used.ownMs / requests, 3),
    postgresMsARequest: rounded(used.postgresMs / requests, 3),
    cpuMsARequest: rounded((used.ownMs + used.postgresMs) / requests, 3),
  };
}

process.exit(
  await runBench(
    { name: "browse", usage: USAGE, args },
    measure,
    ({ hubs, plain }) => hubs.refused + plain.refused === 0,
  ),
);
