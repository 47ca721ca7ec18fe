import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A process and when it began, so that a number that was given to another program later is not taken for it. */
export interface ProcessId {
  readonly pid: number;
  /** Opaque; equal only for the same process. */
  readonly began: string;
}

/** The process that has this number now, or undefined when none has (a zombie counts as none). */
export function processNow(pid: number): ProcessId | undefined {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // After the name in brackets come the state and, as field 22 of the line, the start in ticks since boot.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? undefined : { pid, began: fields[19] ?? "" };
    }
    const began = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return began === "" ? undefined : { pid, began };
  } catch {
    return undefined;
  }
}

/** Does that very process still run? */
export function isRunning(id: ProcessId): boolean {
  return processNow(id.pid)?.began === id.began;
}

/** This process. */
export function ourselves(): ProcessId {
  const us = processNow(process.pid);
  if (us === undefined) throw new Error("this process is not in the process table");
  return us;
}

/**
 * Ends a process that is not our child: asks by `signal`, kills after `graceMs`. Resolves when it is gone. A process
 * that is not ours tells nobody that it ended, so this one polls.
 */
export async function endProcess(id: ProcessId, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const killAtMs = performance.now() + graceMs;
  sendSignal(id, signal);
  while (isRunning(id)) {
    if (performance.now() > killAtMs) sendSignal(id, "SIGKILL");
    await delay(20);
  }
}

/** Sends a signal; a process that is gone already is as good. */
export function sendSignal(id: ProcessId, signal: NodeJS.Signals): void {
  if (!isRunning(id)) return;
  try {
    process.kill(id.pid, signal);
  } catch (error) {
    // Cast: kill throws system errors only.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
