import { monitorEventLoopDelay } from "node:perf_hooks";

import { memoryMbOf, processFamily } from "#shared/server/process-family.ts";

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

function cpuSeconds(): number | undefined {
  const mine = processFamily(process.pid);
  return mine.length === 0 ? undefined : mine.reduce((sum, each) => sum + each.cpuS, 0);
}

function memoryMb(): number | null {
  const mine = processFamily(process.pid);
  return mine.length === 0 ? null : mine.reduce((sum, { pid }) => sum + memoryMbOf(pid), 0);
}
