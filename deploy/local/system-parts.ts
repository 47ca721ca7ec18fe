import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { startDaemon } from "./daemon.ts";
import { PROJECT } from "./folders.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import type { Part } from "./supervise.ts";

/** One process of ours: which file, with what settings, and where it listens. */
export interface ProcessOptions {
  readonly name: string;
  /** From the top of the project: "hub/main.ts". */
  readonly entry: string;
  readonly args?: readonly string[];
  /** Added to our own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The data folder: the process' record and log go there. */
  readonly dir: string;
}

/**
 * Node would let the youngest objects take 130 MB of a process before it looks at them; with 48 a worker decides as fast, and with 12 a hub
 * holds as many connections in half the memory (docs/adr/0024). A hub fills within a minute when everybody comes at once, and V8 would go through all of it
 * whenever it has grown by a part (docs/adr/0054).
 */
const HUB_FLAGS = ["--max-semi-space-size=4", "--initial-old-space-size=160"];
const WORKER_FLAGS = ["--max-semi-space-size=16"];
/** What Node is told of V8, for a hub or a worker; the same stands in docker-compose.yml and the Dockerfile. [LIF11] */
export const v8FlagsOf = (entry: string): readonly string[] => (entry.startsWith("hub/") ? HUB_FLAGS : WORKER_FLAGS);
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning", "--enable-source-maps"];
export const nodeFlagsOf = (entry: string) => [...NODE_FLAGS, ...v8FlagsOf(entry)];

/**
 * A process of ours. It is up when it has printed a line `{"ready":true,…}` on standard output; its log is
 * `logs/NAME.log` in the data folder.
 */
export function processPart({ name, entry, args = [], env, dir }: ProcessOptions): Part {
  const logs = join(dir, "logs");
  return {
    name,
    async start() {
      mkdirSync(logs, { recursive: true });
      const starting = startDaemon({
        name,
        command: process.execPath,
        args: [...nodeFlagsOf(entry), join(PROJECT, entry), ...args],
        env,
        recordFile: join(dir, "run", `${name}.pid`),
        logFile: join(logs, `${name}.log`),
        ready: /\{"ready":true/u,
        stopSignal: "SIGTERM",
      });
      return await starting.catch((error: unknown) => {
        const taken = /EADDRINUSE[^\n]*?(\S+:\d+)/u.exec(error instanceof Error ? error.message : "");
        if (taken === null) throw error;
        throw new Error(`${name} cannot listen on ${taken[1]}: another program does.`, { cause: error });
      });
    },
  };
}

/** An embedded server that keeps the port of its first start, so that it can die and come back under its clients. */
interface ServerPart extends Part {
  /** After the first start. */
  url(): string;
}

/** Postgres in `DIR/postgres`. */
export function postgresPart(dir: string): ServerPart {
  let known: { url: string; port: number } | undefined;
  return {
    name: "postgres",
    url: () => known?.url ?? "",
    async start() {
      const server = await startPostgres({ dataDir: join(dir, "postgres"), ...(known && { port: known.port }) });
      known = server;
      return server;
    },
  };
}

/** A Redis in `DIR/NAME`. */
export function redisPart(dir: string, name: string, cluster = false): ServerPart & { busPort(): number } {
  let known: { url: string; port: number; busPort: number } | undefined;
  return {
    name,
    url: () => known?.url ?? "",
    busPort: () => known?.busPort ?? 0,
    async start() {
      const ports = known && { port: known.port, busPort: known.busPort };
      const server = await startRedis({ dataDir: join(dir, name), cluster, ...ports });
      known = server;
      return server;
    },
  };
}
