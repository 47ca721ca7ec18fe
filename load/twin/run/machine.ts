import { readdirSync, readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a run took of the machine, all its processes together. */
export interface MachineUse {
  /** Cores kept busy on the average; null where the system does not tell. */
  readonly cpuCores: number | null;
  /** The most memory at a time, shared pages counted once (PSS); null where the system does not tell. */
  readonly memoryMb: number | null;
  /** How late timers of the twin's own process came, wall ms. */
  readonly timersLateP99Ms: number;
}

export interface MachineWatch {
  /** Since the watch began, or the last `again`. */
  use(): MachineUse;
  again(): void;
  stop(): void;
}

const LOOK_EVERY_MS = 5_000;
/** What Linux counts in: USER_HZ is 100 everywhere that Node runs. */
const TICKS_A_SECOND = 100;

/** Watches this process and all that it has started (Linux: /proc). */
export function watchMachine(nowMs: () => number = () => performance.now()): MachineWatch {
  const late = monitorEventLoopDelay({ resolution: 20 });
  late.enable();
  let began = { atMs: nowMs(), cpuS: cpuSeconds() };
  let mostMb = memoryMb();
  const timer = setInterval(() => (mostMb = Math.max(mostMb ?? 0, memoryMb() ?? 0) || null), LOOK_EVERY_MS);
  timer.unref();
  return {
    use() {
      const cpuS = cpuSeconds();
      const spanS = (nowMs() - began.atMs) / 1000;
      const cores = cpuS === undefined || began.cpuS === undefined ? null : Math.max(0, cpuS - began.cpuS) / spanS;
      return {
        cpuCores: cores === null ? null : Math.round(cores * 100) / 100,
        memoryMb: mostMb === null ? null : Math.round(mostMb),
        timersLateP99Ms: Math.round(late.percentile(99) / 1e6),
      };
    },
    again() {
      began = { atMs: nowMs(), cpuS: cpuSeconds() };
      late.reset();
    },
    stop() {
      clearInterval(timer);
      late.disable();
    },
  };
}

interface Proc {
  readonly pid: number;
  readonly parent: number;
  readonly cpuS: number;
}

/** This process and its descendants. */
function family(): Proc[] {
  const all = pids().flatMap(procOf);
  const mine = new Set([process.pid]);
  for (let before = 0; before < mine.size;) {
    before = mine.size;
    for (const { pid, parent } of all) if (mine.has(parent)) mine.add(pid);
  }
  return all.filter(({ pid }) => mine.has(pid));
}

function pids(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
  } catch {
    return [];
  }
}

function procOf(pid: string): Proc[] {
  try {
    // After the name in brackets: state, parent, …; times are fields 14 to 17 (proc(5)).
    const rest = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /su, "")
      .split(" ")
      .map(Number);
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + (rest[at] ?? 0), 0);
    return [{ pid: Number(pid), parent: rest[1] ?? 0, cpuS: ticks / TICKS_A_SECOND }];
  } catch {
    return [];
  }
}

function cpuSeconds(): number | undefined {
  const mine = family();
  return mine.length === 0 ? undefined : mine.reduce((sum, each) => sum + each.cpuS, 0);
}

function memoryMb(): number | null {
  const pss = family().map(({ pid }) => {
    try {
      return Number(/^Pss:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return pss.length === 0 ? null : pss.reduce((sum, kb) => sum + kb, 0) / 1024;
}
