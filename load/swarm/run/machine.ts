import { readFileSync } from "node:fs";
import { cpus, freemem } from "node:os";

import { memoryMbOf, processFamily } from "#shared/server/process-family.ts";

/** What a set of processes has used so far, and what it holds now. */
export interface Use {
  readonly atMs: number;
  readonly cpuS: number;
  /** Proportional set size, KB. */
  readonly pssKb: number;
  /** Calls of write(2) and its kin, to whatever. */
  readonly writes: number;
}

/** Looks at processes of this machine (Linux: /proc); null where it has none. */
export function useOf(pids: readonly number[], withMemory = true): Use | null {
  const family = processFamily(process.pid);
  const mine = family.filter(({ pid }) => pids.includes(pid));
  if (mine.length === 0) return null;
  return {
    atMs: performance.now(),
    cpuS: mine.reduce((sum, { cpuS }) => sum + cpuS, 0),
    pssKb: withMemory ? pids.reduce((sum, pid) => sum + memoryMbOf(pid) * 1024, 0) : 0,
    writes: pids.reduce((sum, pid) => sum + writesOf(pid), 0),
  };
}

/** The same of processes and all that they have started; of their memory and writes nothing. */
export function useOfFamily(pids: readonly number[]): Use | null {
  const family = new Map(pids.flatMap((pid) => processFamily(pid)).map((each) => [each.pid, each.cpuS]));
  if (family.size === 0) return null;
  const cpuS = [...family.values()].reduce((sum, each) => sum + each, 0);
  return { atMs: performance.now(), cpuS, pssKb: 0, writes: 0 };
}

/** Cores kept busy between two looks. */
export function coresBetween(before: Use | null, after: Use | null): number | null {
  if (!before || !after) return null;
  // A process that was started again has used less than the one before it.
  return Math.max(0, ((after.cpuS - before.cpuS) * 1000) / (after.atMs - before.atMs));
}

function writesOf(pid: number): number {
  try {
    return Number(/^syscw:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export interface Wanted {
  readonly connections: number;
  readonly hubs: number;
  readonly crowds: number;
}

/** Kept for a process' own files and connections: stores, logs, keep-alive requests. */
const OWN_FILES = 400;
const KB_A_CONNECTION = 60;
const KB_FOR_ALL_ELSE = 3_000_000;

/** What stands in the way of so many connections on this machine, in sentences that say what to do. [SWM5] */
export function obstacles(wanted: Wanted, machine: Limits = limitsHere()): string[] {
  const { connections, hubs, crowds } = wanted;
  const found: string[] = [];
  const most = machine.openFiles - OWN_FILES;
  for (const [what, count, option] of [
    ["hub", hubs, "--hubs"],
    ["process of the swarm", crowds, "--crowds"],
  ] as const) {
    const each = Math.ceil(connections / count);
    if (each <= most) continue;
    found.push(
      `each ${what} would hold ${each} connections, and this system gives a process ${machine.openFiles} open files: ` +
        `raise it (ulimit -n), or give ${option} ${Math.ceil(connections / most)}`,
    );
  }
  const needKb = connections * KB_A_CONNECTION + KB_FOR_ALL_ELSE;
  if (machine.freeKb < needKb) {
    found.push(
      `it needs about ${gb(needKb)} GB of memory, and ${gb(machine.freeKb)} GB are free: ask for fewer connections`,
    );
  }
  return found;
}

export interface Limits {
  /** Of one process; Node raises its own to what the system allows. */
  readonly openFiles: number;
  readonly freeKb: number;
}

function limitsHere(): Limits {
  return { openFiles: openFiles(), freeKb: freeKb() };
}

function openFiles(): number {
  try {
    const [, , hard] = /^Max open files\s+(\S+)\s+(\S+)/mu.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return hard === undefined || hard === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(hard);
  } catch {
    return Number.MAX_SAFE_INTEGER;
  }
}

function freeKb(): number {
  try {
    return Number(/^MemAvailable:\s+(\d+)/mu.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]);
  } catch {
    return freemem() / 1024;
  }
}

function gb(kb: number): string {
  return (kb / 1_000_000).toFixed(1);
}

/** Cores and memory, for whoever reads the figures. */
export function machineLine(): string {
  return `${cpus().length} cores, ${gb(freeKb())} GB free, ${openFiles()} open files a process`;
}
