import postgres from "postgres";

import type { Point } from "#shared/contracts/geo.ts";

import { openMarket } from "../../deploy/local/seed.ts";
import { startSystem, type RunningSystem, type SystemOptions } from "../../deploy/local/system.ts";
import { makeCast, REPLAY_ADMIN, REPLAY_MARKET, type Cast } from "./cast.ts";
import type { ReplayInstance } from "./instance.ts";
import { replayTime, type ReplayTime } from "./replay-time.ts";

export interface StageOptions {
  readonly instance: ReplayInstance;
  /** Deployment seconds in a wall second. */
  readonly speed: number;
  /** An empty folder for everything that is kept. */
  readonly dir: string;
  readonly hubs: number;
  readonly workers: number;
  readonly fetch: typeof fetch;
  readonly links?: StageLinks;
  readonly tell: (sentence: string) => void;
  /** Hears of a system as soon as there is one, so that it can be ended from outside. */
  readonly onSystem: (system: RunningSystem) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What stands between the processes of a stage, and between people and hubs. */
export interface StageLinks {
  /** Where each of the people, by name, finds the hubs. */
  hubsFor(hubUrls: readonly string[]): Promise<(name: string) => readonly string[]>;
  /** Of what stands before all hubs, where something does. */
  readonly doorUrl?: string;
  /** Settings of one hub or worker that lead it to what it leans on. */
  envOf(name: string, env: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
}

export interface Stage {
  readonly system: RunningSystem;
  readonly cast: Cast;
  readonly time: ReplayTime;
}

/** Wall ms for starting the system again and connecting, and for each person who connects. */
const CURTAIN_MS = 20_000;
const CURTAIN_EACH_MS = 25;
const PERSONS_PATIENCE_WALL_MS = 30_000;
const ROUND_EVERY_MS = 10_000;
const ROUND_EVERY_WALL_MS = 350;
/** Long enough that conclusions come apart from hand-overs, short enough that a part of a day has an end. */
const CONCLUDE_AFTER_MS = 20 * 60_000;

/**
 * The whole platform with everybody of the instance in it and the clock about to begin the day. [RPL1, RPL2]
 *
 * The people are made first, in ordinary time, because accounts cost seconds of hashing that would be hours of the day;
 * then the same system starts again, on the same stores and ports, under the day's clock.
 */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { instance, speed, dir, hubs, links, tell, onSystem, signal } = options;
  const base: SystemOptions = { dir, hubs, workers: 0, payments: "sandbox", tell, doorUrl: links?.doorUrl };
  const first = await startSystem({
    ...base,
    env: replayEnv(instance),
    prepare: (url) => prepare(url, instance.travel.center),
  });
  onSystem(first);
  signal?.throwIfAborted();
  const { hubUrls } = first;
  const hubsFor = await links?.hubsFor(hubUrls);
  const cast = await makeCast({ hubUrls, hubsFor, instance, fetch: options.fetch, tell, signal });
  await first.stop();

  const people = cast.customers.length + cast.kitchens.size + cast.couriers.length;
  const time = replayTime(instance, speed, Date.now() + CURTAIN_MS + people * CURTAIN_EACH_MS);
  const clock = Object.fromEntries(Object.entries(time.clock).map(([name, value]) => [name, String(value)]));
  const system = await startSystem({
    ...base,
    workers: options.workers,
    ...(links && { envOf: (name, env) => links.envOf(name, env) }),
    hubPorts: hubUrls.map((url) => Number(new URL(url).port)),
    env: { ...replayEnv(instance), ...clock, ...paceEnv(speed) },
  });
  onSystem(system);
  signal?.throwIfAborted();
  return { system, cast, time };
}

async function prepare(databaseUrl: string, center: Point): Promise<void> {
  const market = {
    id: REPLAY_MARKET,
    name: "Replay",
    timeZone: "UTC",
    currency: "USD",
    locale: "en-US",
    taxBasisPoints: 800,
    center,
  };
  await openMarket(databaseUrl, { market, admin: REPLAY_ADMIN });
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  // Stamps every commit with its time: the one honest start of "from the commit to the client". From the next start on.
  await sql`alter system set track_commit_timestamp = on`;
  await sql.end();
}

/** The instance's speed and minutes for hubs and workers; everybody lives at one address here, so it may ask much. */
function replayEnv(instance: ReplayInstance): Record<string, string> {
  return {
    LOG_LEVEL: "warn",
    ...instance.travel.env,
    PICKUP_SERVICE_S: String(instance.pickupServiceMin * 60),
    DROPOFF_SERVICE_S: String(instance.dropoffServiceMin * 60),
    REQUESTS_PER_MINUTE: "100000",
    SIGN_INS_PER_MINUTE: "100000",
    PASSWORD_HASH: "low",
  };
}

/** Rounds not closer than the machine bears, and for people's answers as much wall time as people need. */
function paceEnv(speed: number): Record<string, string> {
  const patienceMs = PERSONS_PATIENCE_WALL_MS * speed;
  return {
    ROUND_EVERY_MS: String(Math.ceil(Math.max(ROUND_EVERY_MS, ROUND_EVERY_WALL_MS * speed))),
    CONFIRM_WITHIN_MS: String(Math.ceil(Math.max(300_000, patienceMs))),
    PAY_WITHIN_MS: String(Math.ceil(Math.max(900_000, patienceMs))),
    CONCLUDE_AFTER_MS: String(CONCLUDE_AFTER_MS),
  };
}
