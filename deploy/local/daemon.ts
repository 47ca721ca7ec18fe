import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { endProcess, isRunning, ourselves, processNow } from "./process-id.ts";
import type { ProcessId } from "./process-id.ts";

/** How long a server may take over a clean end before it is killed. */
const GRACE_MS = 25_000;
/** How long it may take until it is ready: a database that was killed replays its log first. */
const READY_WITHIN_MS = 120_000;

/** A server that did not come up, with its last words. */
export class DaemonFailure extends Error {
  readonly lastWords: string;
  constructor(message: string, lastWords: string) {
    super(message);
    this.lastWords = lastWords;
  }
}

export interface DaemonSpec {
  /** As a person calls it: "Postgres". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as this user where given. */
  readonly uid?: number;
  /** Where its process and ours are noted, so that the next launcher can end what we left behind. */
  readonly recordFile: string;
  readonly logFile: string;
  /** What it prints when it takes connections. */
  readonly ready: RegExp;
  /** Asks for a clean end. */
  readonly stopSignal: NodeJS.Signals;
}

export interface Daemon {
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason, with how: `by SIGKILL`, `with code 1`. */
  readonly ended: Promise<string>;
  /** Ends it cleanly. Twice is as good as once. */
  stop(): Promise<void>;
}

interface DaemonRecord {
  readonly daemon: ProcessId;
  readonly launcher: ProcessId;
}

/**
 * Ends the server that a killed launcher left behind.
 *
 * @throws {Error} when its launcher still runs: the data folder is in use
 */
export async function endOrphan(spec: Pick<DaemonSpec, "name" | "recordFile" | "stopSignal">): Promise<void> {
  if (!existsSync(spec.recordFile)) return;
  const record = readRecord(spec.recordFile);
  if (record !== undefined && isRunning(record.daemon)) {
    if (isRunning(record.launcher)) {
      throw new Error(
        `${spec.name} in ${dirname(spec.recordFile)} is in use by process ${record.launcher.pid}: stop that one first.`,
      );
    }
    await endProcess(record.daemon, spec.stopSignal, GRACE_MS);
  }
  rmSync(spec.recordFile, { force: true });
}

function readRecord(file: string): DaemonRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DaemonRecord; // Cast: only startDaemon writes this file.
  } catch {
    return undefined; // Cut off by a crash while it was written: nothing to go by.
  }
}

/**
 * On Linux the kernel itself ends a server whose launcher is killed, where util-linux is there to ask for it. The
 * record stays the guarantee for every other machine.
 */
function withDeathSignal(command: string, args: readonly string[], signal: NodeJS.Signals): [string, string[]] {
  const works = process.platform === "linux" && spawnSync("setpriv", ["--pdeathsig", "TERM", "true"]).status === 0;
  return works ? ["setpriv", ["--pdeathsig", signal.slice(3), command, ...args]] : [command, [...args]];
}

/**
 * Starts a server and resolves when it takes connections.
 *
 * @throws {DaemonFailure} when it ends before that
 */
export async function startDaemon(spec: DaemonSpec): Promise<Daemon> {
  mkdirSync(dirname(spec.recordFile), { recursive: true });
  await endOrphan(spec);
  const [command, args] = withDeathSignal(spec.command, spec.args, spec.stopSignal);
  const identity = spec.uid === undefined ? {} : { uid: spec.uid, gid: spec.uid };
  // A group of its own: Ctrl-C in a terminal reaches the launcher, which ends its servers in the right order.
  const child = spawn(command, args, {
    ...identity,
    env: { ...process.env, ...spec.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", ({ message }) => resolve(message));
    child.once("exit", (code, signal) => resolve(signal === null ? `with code ${code}` : `by ${signal}`));
  });
  const daemon = child.pid === undefined ? undefined : processNow(child.pid);
  if (daemon !== undefined) {
    writeFileSync(spec.recordFile, JSON.stringify({ daemon, launcher: ourselves() } satisfies DaemonRecord));
  }
  await waitUntilReady(child, spec, ended);
  return {
    pid: child.pid ?? 0,
    ended,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(spec.stopSignal);
        const killer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
        await ended;
        clearTimeout(killer);
      }
      rmSync(spec.recordFile, { force: true });
    },
  };
}

async function waitUntilReady(child: ChildProcess, spec: DaemonSpec, ended: Promise<unknown>): Promise<void> {
  const log = createWriteStream(spec.logFile, { flags: "a" });
  log.on("error", () => {}); // A full disk must not end the launcher: the server's own words say it better.
  let words = "";
  const impatience = setTimeout(() => child.kill("SIGKILL"), READY_WITHIN_MS);
  const listening = new Promise<"ready">((resolve) => {
    const hear = (chunk: Buffer): void => {
      log.write(chunk);
      words = (words + chunk.toString()).slice(-8_000);
      if (spec.ready.test(words)) resolve("ready");
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
  });
  child.once("close", () => log.end());
  const outcome = await Promise.race([listening, ended]);
  clearTimeout(impatience);
  if (outcome === "ready") return;
  if (child.pid !== undefined && child.stdout?.readableEnded === false) await once(child, "close");
  rmSync(spec.recordFile, { force: true });
  throw new DaemonFailure(`${spec.name} did not start; it said: ${words.trim().slice(-600)}`, words);
}

/** One sentence for what goes wrong with the machine rather than with us; undefined for anything else. */
export function explainFailure(failure: unknown, what: { name: string; folder: string }): string | undefined {
  const words =
    failure instanceof Error ? `${failure.message} ${failure instanceof DaemonFailure ? failure.lastWords : ""}` : "";
  if (/No space left on device|ENOSPC|Disk quota exceeded/iu.test(words)) {
    return `The disk that holds ${what.folder} is full: free some space, then start ${what.name} again.`;
  }
  return undefined;
}
