import { execFile, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

import postgres from "postgres";

import { DaemonFailure, endOrphan, explainFailure, startDaemon } from "./daemon.ts";
import type { Daemon, DaemonSpec } from "./daemon.ts";
import { freePort, isPortFree } from "./port.ts";
import { findPostgres } from "./postgres-binaries.ts";
import { endProcess, processNow } from "./process-id.ts";

const NOBODY = 65_534;
/** SIGINT is Postgres' fast shutdown: ends sessions, writes a checkpoint. */
const STOP = "SIGINT";
/** Backends of a killed server let go of its memory within this time. */
const LEFTOVERS_GONE_WITHIN_MS = 15_000;

export interface PostgresOptions {
  /** Made where missing. Survives everything but its removal. */
  readonly dataDir: string;
  /** A free one where absent. */
  readonly port?: number;
  /** Further server settings, as `-c name=value`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RunningPostgres {
  /** Of the database `tiffin`, with the superuser's password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason, with how: `by SIGKILL`, `with code 1`. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

interface ClusterFiles {
  readonly data: string;
  /** The superuser's password. */
  readonly secret: string;
  /** Stands there while initdb works. */
  readonly making: string;
  readonly record: string;
}

/** How this machine lets us run Postgres, which refuses to run as root. */
type Rank = { readonly prefix: readonly string[]; readonly uid?: number };

/**
 * Starts the embedded Postgres on 127.0.0.1 over `dataDir` and resolves when it takes connections. What a killed
 * launcher left running there is ended first.
 *
 * @throws {Error} one sentence when the port is taken, the disk is full, or the folder is in use by a living launcher
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const files: ClusterFiles = {
    data: options.dataDir,
    secret: `${options.dataDir}.secret`,
    making: `${options.dataDir}.making`,
    record: `${options.dataDir}.pid`,
  };
  mkdirSync(dirname(options.dataDir), { recursive: true });
  await endOrphan({ name: "Postgres", recordFile: files.record, stopSignal: STOP });
  await forgetDeadPostmaster(files.data);
  if (options.port !== undefined && !(await isPortFree(options.port))) throw portTaken(options.port);
  const rank = findRank();
  try {
    await createCluster(files, rank);
    const { daemon, port } = await startServer(options, files.record, rank);
    const url = await createDatabase(port, readFileSync(files.secret, "utf8"));
    return { url, port, pid: daemon.pid, ended: daemon.ended, stop: () => daemon.stop() };
  } catch (error) {
    const sentence =
      explainFailure(error, { name: "Postgres", folder: options.dataDir }) ?? explainRank(error, rank, options.dataDir);
    throw sentence === undefined ? error : new Error(sentence, { cause: error });
  }
}

function portTaken(port: number): Error {
  return new Error(`Port ${port} is taken by another program: stop it, or choose another port for Postgres.`);
}

function findRank(): Rank {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const mapped = ["-U", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  // In a user namespace of its own Postgres sees an ordinary user, while its files stay root's.
  if (spawnSync("unshare", [...mapped, "true"]).status === 0) return { prefix: ["unshare", ...mapped] };
  return { prefix: [], uid: NOBODY };
}

/** Root where no user namespace is allowed: another user's Postgres must be able to enter the folder. */
function explainRank(failure: unknown, rank: Rank, dataDir: string): string | undefined {
  if (rank.uid === undefined || !(failure instanceof Error) || !/Permission denied|EACCES/iu.test(failure.message))
    return undefined;
  return `Postgres may not run as root, and the user that stands in for it cannot enter ${dataDir} or the project: start as an ordinary user.`;
}

function asRank(rank: Rank, command: string, args: readonly string[]): [string, string[]] {
  const [first, ...rest] = [...rank.prefix, command, ...args];
  return [first ?? command, rest];
}

/** initdb, once. A note beside the folder says that it is being made, so that half a cluster is never taken for one. */
async function createCluster(files: ClusterFiles, rank: Rank): Promise<void> {
  if (existsSync(join(files.data, "PG_VERSION")) && !existsSync(files.making)) return;
  if (existsSync(files.data) && readdirSync(files.data).length > 0 && !existsSync(files.making)) {
    throw new Error(`${files.data} is not empty and no database of ours: move it away, or choose another folder.`);
  }
  writeFileSync(files.making, "");
  rmSync(files.data, { recursive: true, force: true });
  mkdirSync(files.data, { recursive: true, mode: 0o700 });
  writeFileSync(files.secret, randomBytes(18).toString("base64url"), { mode: 0o600 });
  if (rank.uid !== undefined) {
    chownSync(files.data, rank.uid, rank.uid);
    chownSync(files.secret, rank.uid, rank.uid);
  }
  const [command, args] = asRank(rank, findPostgres().initdb, [
    "-D",
    files.data,
    "--username=tiffin",
    `--pwfile=${files.secret}`,
    "--auth=scram-sha-256",
    "--locale=C.UTF-8",
    "--encoding=UTF8",
    "--no-instructions",
  ]);
  const identity = rank.uid === undefined ? {} : { uid: rank.uid, gid: rank.uid };
  await promisify(execFile)(command, args, identity);
  rmSync(files.making);
}

async function createDatabase(port: number, password: string): Promise<string> {
  const address = `postgres://tiffin:${password}@127.0.0.1:${port}`;
  const sql = postgres(`${address}/postgres`, { max: 1, onnotice: () => {} });
  try {
    const found = await sql`select 1 from pg_database where datname = 'tiffin'`;
    if (found.length === 0) await sql`create database tiffin`;
  } finally {
    await sql.end();
  }
  return `${address}/tiffin`;
}

async function startServer(
  options: PostgresOptions,
  recordFile: string,
  rank: Rank,
): Promise<{ daemon: Daemon; port: number }> {
  const giveUpAtMs = performance.now() + LEFTOVERS_GONE_WITHIN_MS;
  for (;;) {
    const port = options.port ?? (await freePort());
    try {
      return { daemon: await startDaemon(serverSpec(options, port, recordFile, rank)), port };
    } catch (error) {
      const failure = kindOfFailure(error);
      if (failure === "port" && options.port !== undefined) throw portTaken(options.port);
      if (failure === "other" || performance.now() > giveUpAtMs) throw error;
      // The backends of a killed server notice its death by themselves, unseen by us.
      if (failure === "leftovers") await delay(100);
    }
  }
}

function kindOfFailure(error: unknown): "port" | "leftovers" | "other" {
  const words = error instanceof DaemonFailure ? error.lastWords : "";
  if (/could not create any TCP\/IP sockets|Address already in use/u.test(words)) return "port";
  return /pre-existing shared memory block/u.test(words) ? "leftovers" : "other";
}

function serverSpec(options: PostgresOptions, port: number, recordFile: string, rank: Rank): DaemonSpec {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    // Said aloud, because what is measured here must hold on a machine that loses its power.
    fsync: "on",
    synchronous_commit: "on",
    ...options.settings,
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [command, args] = asRank(rank, findPostgres().postgres, ["-D", options.dataDir, "-p", String(port), ...set]);
  return {
    name: "Postgres",
    command,
    args,
    ...(rank.uid === undefined ? {} : { uid: rank.uid }),
    recordFile,
    logFile: `${options.dataDir}.log`,
    ready: /database system is ready to accept connections/u,
    stopSignal: STOP,
  };
}

/**
 * Postgres refuses to start while the number in postmaster.pid is alive, even when it is another program's by now. We
 * remove it when that process is dead or is not a Postgres over this folder, and end it when it is.
 */
async function forgetDeadPostmaster(dataDir: string): Promise<void> {
  const file = join(dataDir, "postmaster.pid");
  if (!existsSync(file)) return;
  const running = processNow(Number.parseInt(readFileSync(file, "utf8"), 10));
  if (running !== undefined && commandLine(running.pid).includes(dataDir)) await endProcess(running, STOP, 20_000);
  rmSync(file, { force: true });
}

function commandLine(pid: number): string {
  if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout;
}
