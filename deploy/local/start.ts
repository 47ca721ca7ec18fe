/** `npm start`: the whole platform on this machine, with a demo city. Ctrl-C ends it; the data stays. */
import { parseArgs } from "node:util";

import { buildClients, CLIENT_DIST } from "./build-clients.ts";
import { demoActors } from "./demo-actors.ts";
import { DEMO_MARKET } from "./demo-market.ts";
import { DATA } from "./folders.ts";
import { DEMO_ADMIN, populate } from "./populate.ts";
import type { DemoAccounts } from "./populate.ts";
import { isPortFree } from "./port.ts";
import { openMarket } from "./seed.ts";
import { startSystem } from "./system.ts";
import type { RunningSystem } from "./system.ts";
import { welcome } from "./welcome.ts";

const HUBS = 2;
/** A terminal and npm may both send one Ctrl-C: only one that comes later means impatience. */
const IMPATIENT_AFTER_MS = 2_000;

const { values } = parseArgs({
  options: {
    quiet: { type: "boolean", default: false },
    port: { type: "string", default: "3000" },
    data: { type: "string", default: DATA },
  },
});
const beganAtMs = performance.now();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (sentence: string): void =>
  print(`${((performance.now() - beganAtMs) / 1000).toFixed(1).padStart(6)} s  ${sentence}`);

const up = startUp();
listenForTheEnd();
up.then(
  ({ system, accounts }) => print(welcome({ system, accounts, quiet: values.quiet, dir: values.data })),
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);

async function startUp(): Promise<{ system: RunningSystem; accounts: DemoAccounts }> {
  const first = Number(values.port);
  const hubPorts = Array.from({ length: HUBS }, (_, index) => first + index);
  for (const port of hubPorts) {
    if (!(await isPortFree(port))) {
      throw new Error(
        `Port ${port} is taken by another program: stop it, or choose others with "npm start -- --port 4000".`,
      );
    }
  }
  const { DATABASE_URL: databaseUrl, REDIS_LIVE_URL: redisLiveUrl, REDIS_QUEUE_URL: redisQueueUrl } = process.env;
  const clients = buildClients(tell);
  // Heard below; until then a failed build must not end the process while the stores are coming up.
  clients.catch(() => {});
  const system = await startSystem({
    dir: values.data,
    hubs: HUBS,
    workers: 1,
    payments: "sandbox",
    hubPorts,
    given: { databaseUrl, redisLiveUrl, redisQueueUrl },
    env: { CLIENT_DIST },
    // A hub looks for its pages when it starts, so they are there before it.
    prepare: async (url) => {
      await Promise.all([openMarket(url, { market: DEMO_MARKET, admin: DEMO_ADMIN }), clients]);
    },
    tell,
  });
  try {
    tell("opening the demo market");
    const accounts = await populate(system.hubUrls[0] ?? "");
    if (!values.quiet) {
      tell("calling the actors");
      await system.add(demoActors(values.data, system.hubUrls, accounts));
    }
    return { system, accounts };
  } catch (error) {
    await system.stop();
    throw error;
  }
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
    print("\nStopping…");
    void up
      .then(({ system }) => system.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  // The process that npm runs was killed: nobody is there to stop us any more.
  process.on("disconnect", end);
}
