/** `npm run reset`: empties the data folder. What was downloaded stays. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { endOrphan } from "./daemon.ts";
import { DATA } from "./folders.ts";

const { values } = parseArgs({ options: { data: { type: "string", default: DATA } } });
const RECORDS = [
  ["Postgres", "postgres.pid"],
  ["Redis", "redis-live/redis.process.json"],
  ["Redis", "redis-queue/redis.process.json"],
] as const;

try {
  for (const [name, file] of RECORDS) {
    await endOrphan({
      name,
      recordFile: join(values.data, file),
      stopSignal: name === "Postgres" ? "SIGINT" : "SIGTERM",
    });
  }
  const was = existsSync(values.data);
  rmSync(values.data, { recursive: true, force: true });
  process.stdout.write(was ? `${values.data} is empty now.\n` : `${values.data} was empty already.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
