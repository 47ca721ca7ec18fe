import { randomUUID } from "node:crypto";

import postgres from "postgres";

import { openMarket } from "../../../deploy/local/seed.ts";
import { startSystem, type RunningSystem, type SystemOptions } from "../../../deploy/local/system.ts";
import { keepSession, openActorSession, patientApi } from "../../actors/session.ts";
import { MARKET, openTown, TWIN_ADMIN, type Company, type FrontDoor } from "./office.ts";
import type { Town } from "./town.ts";
import { twinTime, type TwinTime } from "./twin-time.ts";

export interface LiveStageOptions {
  readonly town: Town;
  readonly minutes: number;
  /** Deployment seconds in a wall second. */
  readonly speed: number;
  /** An empty folder for everything that is kept. */
  readonly dir: string;
  readonly hubs: number;
  readonly workers: number;
  /** Where the city's file lies, for routers that know streets. */
  readonly cityDir: string | undefined;
  readonly fetch: typeof fetch;
  readonly tell: (sentence: string) => void;
  /** Hears of a system as soon as there is one, so that it can be ended from outside. */
  readonly onSystem: (system: RunningSystem) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface LiveStage {
  readonly system: RunningSystem;
  readonly company: Company;
  readonly time: TwinTime;
}

/** Wall ms for starting again, and for each person who then connects. */
const CURTAIN_MS = 8_000;
const CURTAIN_EACH_MS = 40;
const PERSONS_PATIENCE_WALL_MS = 30_000;
const ROUND_EVERY_MS = 10_000;
const ROUND_EVERY_WALL_MS = 350;
/** Short, so that a run ends soon after its last meal. */
const CONCLUDE_AFTER_MS = 5 * 60_000;

/**
 * The whole platform with a town's people in it, its clock about to begin a Friday evening. Everybody is made in ordinary
 * time; then the same system starts again, on the same stores and ports, under the deployment's clock.
 */
export async function setLiveStage(options: LiveStageOptions): Promise<LiveStage> {
  const { town, speed, dir, hubs, tell, onSystem, signal, cityDir } = options;
  const base: SystemOptions = { dir, hubs, workers: 0, payments: "sandbox", tell };
  const env = { ...QUIET_ENV, ...(cityDir === undefined ? {} : { CITY_DIR: cityDir }) };
  const first = await startSystem({ ...base, env, prepare: (url) => prepare(url, town) });
  onSystem(first);
  signal?.throwIfAborted();
  const company = await openTown({ door: await doorOf(first.hubUrls, options.fetch), tell, signal }, town);
  await first.stop();

  const people = town.restaurants.length + town.couriers.length;
  const time = twinTime({
    startWallMs: Date.now(),
    curtainWallMs: CURTAIN_MS + people * CURTAIN_EACH_MS,
    minutes: options.minutes,
    speed,
  });
  const clock = Object.fromEntries(Object.entries(time.clock).map(([name, value]) => [name, String(value)]));
  const system = await startSystem({
    ...base,
    workers: options.workers,
    hubPorts: first.hubUrls.map((url) => Number(new URL(url).port)),
    env: { ...env, ...clock, ...paceEnv(speed) },
  });
  onSystem(system);
  signal?.throwIfAborted();
  return { system, company, time };
}

async function doorOf(hubUrls: readonly string[], send: typeof fetch): Promise<FrontDoor> {
  const hubs = { hubUrls, fetch: send };
  const anonymous = patientApi(hubs);
  return {
    admin: (await openActorSession({ ...hubs, ...TWIN_ADMIN })).api,
    register: async (account) =>
      keepSession({ ...hubs, ...account }, await anonymous.call("account.register", account)),
    signIn: (account) => openActorSession({ ...hubs, ...account }),
    newId: randomUUID,
  };
}

async function prepare(databaseUrl: string, { center }: Town): Promise<void> {
  await openMarket(databaseUrl, { market: { ...MARKET, center }, admin: TWIN_ADMIN });
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  // Stamps every commit with its time: the one honest start of "from the commit to the client". From the next start on.
  await sql`alter system set track_commit_timestamp = on`;
  await sql.end();
}

/** Everybody lives at one address here, so it may ask much; simulated people need no dear hashes. */
const QUIET_ENV = {
  LOG_LEVEL: "warn",
  REQUESTS_PER_MINUTE: "1000000",
  SIGN_INS_PER_MINUTE: "1000000",
  PASSWORD_HASH: "low",
  // What people at doors and on streets usually take here (world/parameters.ts).
  PICKUP_SERVICE_S: "90",
  DROPOFF_SERVICE_S: "110",
} as const;

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
