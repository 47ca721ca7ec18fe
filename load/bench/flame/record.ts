import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { newestOf } from "./symbols.ts";

/** Looks at each process so often, times a second of its running; no multiple of what timers go by. */
const LOOKS_PER_S = 199;
const MOST_BYTES = 2 ** 30;

/** Processes whose command line holds this text, but for this one. */
export function processesOf(match: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid && Number(name) !== process.ppid)
    .filter((pid) => commandOf(pid).includes(match))
    .map(Number);
}

/** The command line; empty when the process is gone. */
function commandOf(pid: string): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    // The shim and whoever asks for this name the same file.
    return words.some((word) => word.endsWith("deploy/run.mjs") || word === "--match") ? "" : words.join(" ");
  } catch {
    return "";
  }
}

/**
 * What `perf script` tells of all threads of these processes, kernel included.
 *
 * @param dir for what is recorded
 * @throws when there is no `perf`, or it may not look
 */
export function record(pids: readonly number[], seconds: number, dir: string): string {
  const file = join(dir, "perf.data");
  const which = ["-e", "cpu-clock", "-F", String(LOOKS_PER_S), "-g", "-p", pids.join(",")];
  perf(["record", "-q", "-o", file, ...which, "--", "sleep", String(seconds)]);
  for (const pid of pids) {
    const map = `/tmp/perf-${pid}.map`;
    if (existsSync(map)) writeFileSync(map, newestOf(readFileSync(map, "utf8")));
  }
  return perf(["script", "-i", file, "-F", "comm,pid,tid,ip,sym,dso"]);
}

function perf(args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync("perf", args, { encoding: "utf8", maxBuffer: MOST_BYTES });
  if (error) throw new Error(`perf could not be run (Debian: apt-get install linux-perf): ${error.message}`);
  if (status !== 0) throw new Error(`perf ${args[0] ?? ""} failed: ${stderr.trim()}`);
  return stdout;
}
