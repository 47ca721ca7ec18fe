import { readdirSync, readFileSync } from "node:fs";

/** A process as Linux tells of it. */
export interface ProcessUse {
  readonly pid: number;
  readonly parentPid: number;
  /** Seconds of CPU that it and its ended children have used. */
  readonly cpuS: number;
}

/** What Linux counts in: USER_HZ is 100 everywhere that Node runs. */
const TICKS_A_SECOND = 100;

/** A process and everything that it has started, and they in turn (Linux: /proc); none where the system does not tell. */
export function processFamily(rootPid: number): readonly ProcessUse[] {
  const all = pids().flatMap(useOf);
  const family = new Set([rootPid]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parentPid } of all) if (family.has(parentPid)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

/** Memory of a process, MB: its proportional set size, in which what several share counts once; 0 of one that has ended. */
export function memoryMbOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/mu.exec(readProc(pid, "smaps_rollup"))?.[1] ?? 0) / 1024;
}

/** The words of a process's command line; none of one that has ended. */
export function commandOf(pid: number): readonly string[] {
  return readProc(pid, "cmdline").split("\0").filter(Boolean);
}

function pids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/u.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function useOf(pid: number): ProcessUse[] {
  const stat = readProc(pid, "stat");
  if (stat === "") return [];
  // After the name in brackets: state, parent, …; times are fields 14 to 17 (proc(5)).
  const rest = stat
    .replace(/^.*\) /su, "")
    .split(" ")
    .map(Number);
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + (rest[at] ?? 0), 0);
  return [{ pid, parentPid: rest[1] ?? 0, cpuS: ticks / TICKS_A_SECOND }];
}

/** Empty when the process has ended while we looked. */
function readProc(pid: number, file: "cmdline" | "smaps_rollup" | "stat"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
