/** `npm start`: the whole platform on this machine, with a city that lives. Ctrl-C ends it; the data stays. */
import { startDemoClock, type DemoClock } from "../demo/clock.ts";
import { keptPlan, searchableCity } from "../demo/kept-plan.ts";
import { DEMO_MARKET } from "../demo/market.ts";
import type { DemoPlan } from "../demo/plan.ts";
import { buildClients } from "./build-clients.ts";
import { demoEnv } from "./demo-env.ts";
import { newestEventMs } from "./newest-event.ts";
import { DEMO_ADMIN, openPopulating, type DemoAccounts, type Populating } from "./populate.ts";
import { isPortFree } from "./port.ts";
import { openMarket } from "./seed.ts";
import { startOptions, type StartOptions } from "./start-options.ts";
import { startSystem, type RunningSystem } from "./system.ts";
import { twinPart } from "./twin-part.ts";
import { welcome } from "./welcome.ts";

const HUBS = 2;
/** A terminal and npm may both send one Ctrl-C: only one that comes later means impatience. */
const IMPATIENT_AFTER_MS = 2_000;

const beganAtMs = performance.now();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (sentence: string): void =>
  print(`${((performance.now() - beganAtMs) / 1000).toFixed(1).padStart(6)} s  ${sentence}`);

interface Up {
  readonly options: StartOptions;
  readonly system: RunningSystem;
  readonly clock: DemoClock;
  readonly plan: DemoPlan;
  readonly populating: Populating;
  readonly accounts: DemoAccounts;
}

const ending = new AbortController();
const up = startUp();
const lively = up.then(async (all) => {
  print(welcome(all));
  await bringToLife(all);
});
listenForTheEnd();
up.catch((error: unknown) => {
  process.stderr.write(`\n${sentenceOf(error)}\n`);
  process.exit(1);
});
lively.catch((error: unknown) => {
  if (!ending.signal.aborted)
    tell(`the city does not fill: ${sentenceOf(error)}. Stop, and start again: it goes on from there.`);
});

async function startUp(): Promise<Up> {
  const options = startOptions(process.argv.slice(2));
  const hubPorts = Array.from({ length: HUBS }, (_, index) => options.port + index);
  for (const port of hubPorts) {
    if (!(await isPortFree(port))) {
      throw new Error(
        `Port ${port} is taken by another program: stop it, or choose others with "npm start -- --port 4000".`,
      );
    }
  }
  const { DATABASE_URL: databaseUrl, REDIS_LIVE_URL: redisLiveUrl, REDIS_QUEUE_URL: redisQueueUrl } = process.env;
  const begun = Promise.withResolvers<DemoClock>();
  const clients = buildClients(tell);
  const planned = keptPlan(options.dir, options.size, tell);
  // Heard below; until then a failure must not end the process while the stores are coming up.
  for (const each of [clients, planned]) each.catch(() => {});
  const system = await startSystem({
    dir: options.dir,
    hubs: HUBS,
    workers: 1,
    payments: "sandbox",
    hubPorts,
    given: { databaseUrl, redisLiveUrl, redisQueueUrl },
    env: demoEnv(options.speed),
    // A hub looks for its pages and its city when it starts, so they are there before it.
    prepare: async (url) => {
      await Promise.all([openMarket(url, { market: DEMO_MARKET, admin: DEMO_ADMIN }), planned]);
      await Promise.all([searchableCity(url, DEMO_MARKET.id, tell), clients]);
      const { dir, speed } = options;
      const newestMs = () => newestEventMs(url);
      const clock = await startDemoClock({ dir, speed, timeZone: DEMO_MARKET.timeZone, newestMs });
      begun.resolve(clock);
      return clock.env;
    },
    tell,
  });
  try {
    tell("opening the doors");
    const [plan, clock] = [await planned, await begun.promise];
    const populating = await openPopulating(system.hubUrls, plan, ending.signal);
    return { options, system, clock, plan, populating, accounts: await populating.people() };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** What nobody has to wait for: the other restaurants, couriers and customers, and the twin that plays them. */
async function bringToLife({ options, system, clock, plan, populating }: Up): Promise<void> {
  const accounts = await populating.everybody(tell);
  if (options.quiet || ending.signal.aborted) return;
  const { dir, ordersPerHour } = options;
  await system.add(twinPart({ dir, hubUrls: system.hubUrls, plan, accounts, clockEnv: clock.env, ordersPerHour }));
  tell("the city lives: couriers ride, kitchens cook, customers order");
}

function listenForTheEnd(): void {
  let askedAtMs: number | undefined;
  const end = (): void => {
    if (askedAtMs !== undefined) {
      // On Linux the kernel ends the servers with us; elsewhere the next start does.
      if (performance.now() - askedAtMs > IMPATIENT_AFTER_MS) process.exit(1);
      return;
    }
    askedAtMs = performance.now();
    ending.abort();
    print("\nStopping…");
    void stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  // The process that npm runs was killed: nobody is there to stop us any more.
  process.on("disconnect", end);
}

async function stop(): Promise<void> {
  const { system, clock } = await up;
  // What is being filled is let go of first, so that nothing is started once the rest is stopped.
  await lively.catch(() => {});
  await system.stop();
  clock.stop();
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
