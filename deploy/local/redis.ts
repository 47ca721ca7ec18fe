import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { DaemonFailure, endOrphan, explainFailure, startDaemon } from "./daemon.ts";
import type { Daemon, DaemonSpec } from "./daemon.ts";
import { CACHE } from "./folders.ts";
import { freePort, isPortFree } from "./port.ts";
import { findRedis } from "./redis-binary.ts";
import type { RedisBinary } from "./redis-binary.ts";

const ATTEMPTS = 5;

export interface RedisOptions {
  /** Made where missing; holds the append-only file. */
  readonly dataDir: string;
  /** A free one where absent. */
  readonly port?: number;
  /** Starts as a node of a cluster; `joinCluster` makes one of several. */
  readonly cluster?: boolean;
  /** Of the cluster's bus; a free one where absent. */
  readonly busPort?: number;
  /** `noeviction` where absent, as the queues need. */
  readonly maxmemoryPolicy?: string;
  /** Where a fetched Redis is kept; the project's cache where absent. */
  readonly cacheDir?: string;
}

export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  /** Of the cluster's bus; unused outside a cluster. */
  readonly busPort: number;
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason, with how: `by SIGKILL`, `with code 1`. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a Redis on 127.0.0.1 over `dataDir` and resolves when it takes connections. What a killed launcher left
 * running there is ended first.
 *
 * @throws {Error} one sentence when there is no Redis, the port is taken, the disk is full, or the folder is in use
 */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  mkdirSync(options.dataDir, { recursive: true });
  await endOrphan({ name: "Redis", recordFile: recordFile(options), stopSignal: "SIGTERM" });
  if (options.port !== undefined && !(await isPortFree(options.port))) throw portTaken(options.port);
  const binary = await findRedis(options.cacheDir ?? CACHE, process.env["PATH"]);
  try {
    return await startOnPort(options, binary);
  } catch (error) {
    const sentence = explainFailure(error, { name: "Redis", folder: options.dataDir });
    throw sentence === undefined ? error : new Error(sentence, { cause: error });
  }
}

/** A free port may be taken between asking and listening: then another one is tried. */
async function startOnPort(options: RedisOptions, binary: RedisBinary): Promise<RunningRedis> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const busPort = options.busPort ?? (await freePort());
    try {
      return running(await startDaemon(spec(options, binary, port, busPort)), port, busPort);
    } catch (error) {
      const taken = error instanceof DaemonFailure && /Address already in use/u.test(error.lastWords);
      if (taken && options.port !== undefined) throw portTaken(options.port);
      if (!taken || attempt >= ATTEMPTS) throw error;
    }
  }
}

function recordFile(options: RedisOptions): string {
  return join(options.dataDir, "redis.process.json");
}

function portTaken(port: number): Error {
  return new Error(`Port ${port} is taken by another program: stop it, or choose another port for Redis.`);
}

function running(daemon: Daemon, port: number, busPort: number): RunningRedis {
  const url = `redis://127.0.0.1:${port}`;
  return { url, port, busPort, pid: daemon.pid, ended: daemon.ended, stop: () => daemon.stop() };
}

function spec(options: RedisOptions, binary: RedisBinary, port: number, busPort: number): DaemonSpec {
  const settings = {
    port: String(port),
    bind: "127.0.0.1",
    dir: options.dataDir,
    daemonize: "no",
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    "maxmemory-policy": options.maxmemoryPolicy ?? "noeviction",
  };
  const cluster = { "cluster-enabled": "yes", "cluster-port": String(busPort), "cluster-node-timeout": "2000" };
  const all = options.cluster === true ? { ...settings, ...cluster } : settings;
  return {
    name: "Redis",
    command: binary.command,
    env: binary.env,
    args: Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
    recordFile: recordFile(options),
    logFile: join(options.dataDir, "redis.log"),
    ready: /Ready to accept connections/u,
    stopSignal: "SIGTERM",
  };
}
