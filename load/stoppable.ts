import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface LongRun {
  /** Of the folder that holds all that the run makes, when it is not kept. */
  readonly name: string;
  /** A folder that stays; absent: a temporary one that goes with the run. */
  readonly keep?: string | undefined;
}

/**
 * A run that brings up processes of its own: Ctrl-C, or the end of whoever started it, stops it and lets it clean up.
 *
 * @param work is given its folder, and what tells it to stop
 * @returns the exit code: that of `work`, or 130 when it was stopped
 */
export async function stoppable(
  { name, keep }: LongRun,
  work: (dir: string, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => ending.abort());
  process.once("disconnect", () => ending.abort());
  const dir = keep ?? mkdtempSync(join(tmpdir(), `tiffin-${name}-`));
  try {
    return await work(dir, ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    process.stderr.write("stopped\n");
    return 130;
  } finally {
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}
