/**
 * `npm run bench:accepts -- [--accepts 1000] [--runs 100] [--races 10000] [--json FILE]`: of many answers to one offer at once
 * exactly one wins, through two hubs and at the store. Exit code 1 when any race had not exactly one winner.
 */

import { z } from "zod";

import { connectDb } from "#shared/server/db/connect.ts";

import { openMarket } from "../../../deploy/local/seed.ts";
import { startSystem } from "../../../deploy/local/system.ts";
import { CENTRE } from "../../swarm/plan.ts";
import { Histogram } from "../../swarm/histogram.ts";
import { SWARM_MARKET } from "../../swarm/run/seed.ts";
import { runBench, say } from "../run-bench.ts";
import { runThroughHubs } from "./hub-runs.ts";
import { runStoreRaces } from "./store-races.ts";
import { seedLanes } from "./truth.ts";

const USAGE = "usage: npm run bench:accepts -- [--accepts 1000] [--runs 100] [--races 10000] [--hubs 2] [--json FILE]";
/** Races at the store that are under way at a time; one lane more is for the hubs. */
const LANES = 8;
const FAULTS_TOLD = 20;
const ADMIN = { email: "admin@swarm.example", password: "one offer, one winner", name: "Swarm admin" };

const args = z.object({
  accepts: z.coerce.number().int().min(2).max(10_000).default(1_000),
  runs: z.coerce.number().int().min(0).max(10_000).default(100),
  races: z.coerce.number().int().min(0).max(1_000_000).default(10_000),
  hubs: z.coerce.number().int().min(1).max(8).default(2),
  json: z.string().min(1).optional(),
});

async function measure(asked: z.output<typeof args>, dir: string, signal: AbortSignal) {
  const { accepts, runs, races, hubs } = asked;
  const nowMs = Date.now();
  const system = await startSystem({
    dir,
    hubs,
    // No rounds and no sweeps of others: every offer here is made by hand.
    workers: 0,
    payments: "sandbox",
    tell: say,
    env: { LOG_LEVEL: "warn", DATABASE_POOL: "20", REQUESTS_PER_MINUTE: "100000000", SOCKETS_PER_PERSON: "1000" },
    prepare: (url) => openMarket(url, { market: { ...SWARM_MARKET, center: CENTRE }, admin: ADMIN }),
  });
  const db = connectDb(system.databaseUrl, { max: 2, name: "tiffin-accepts" });
  try {
    const [lane, ...lanes] = await seedLanes(db, LANES + 1, nowMs);
    if (!lane) throw new Error("there is a lane");
    const through = await runThroughHubs({ system, db, lane, accepts, runs, signal, tell: say });
    const { databaseUrl } = system;
    const store = await runStoreRaces({ databaseUrl, lanes, races, nowMs, signal, tell: say });
    const took = new Histogram();
    for (const ms of through.tookMs) took.add(ms);
    const { winners, wrong, done, refused, turnedAway } = through;
    const { storeRaces, storeWrong, ends } = store;
    for (const fault of [...through.faults, ...store.faults].slice(0, FAULTS_TOLD)) say(fault);
    const times = { p50Ms: took.quantile(0.5), p99Ms: took.quantile(0.99) };
    return { runs, accepts, hubs, winners, wrong, done, refused, turnedAway, ...times, storeRaces, storeWrong, ends };
  } finally {
    await db.close();
    await system.stop();
  }
}

process.exit(
  await runBench(
    { name: "accepts", usage: USAGE, args },
    measure,
    ({ runs, winners, wrong, storeRaces, storeWrong }, { races }) =>
      winners === runs && storeRaces === races && wrong + storeWrong === 0,
  ),
);
