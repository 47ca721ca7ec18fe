import type { Life } from "./life.ts";

/** Patience's ms before somebody tries again what did not work. */
const AGAIN_MS = 5_000;

/** Tries until it works; undefined when the twin was closed before. A hub that starts again is waited for. */
export async function persistently<T>(life: Life, task: () => Promise<T>): Promise<T | undefined> {
  while (!life.closed()) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- again and again
      return await task();
    } catch (error) {
      life.tell(sentenceOf(error));
      // oxlint-disable-next-line no-await-in-loop
      await pause(life, AGAIN_MS);
    }
  }
  return undefined;
}

/** Waits so many of patience's ms; cut short by the end of the play. */
export function pause(life: Life, waitMs: number): Promise<void> {
  return waited(life, (done) => life.stage.means.patience.after(waitMs, done));
}

/** Waits until a deployment time; cut short by the end of the play. */
export function until(life: Life, atMs: number): Promise<void> {
  const { clock } = life.stage;
  return waited(life, (done) => clock.after(Math.max(0, atMs - clock.nowMs()), done));
}

function waited(life: Life, begin: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      life.stops.delete(done);
      resolve();
    };
    const cancel = begin(done);
    life.stops.add(done);
  });
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
