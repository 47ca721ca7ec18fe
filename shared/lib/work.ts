/** Work that can be put down between its steps: each yield ends one, the result is returned. */
export type Work<T> = Generator<undefined, T>;

/** All of its steps one after the other. */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/**
 * Steps until one of them ends after `sliceMs`, then a pause, and so on: what shares the thread waits no longer than a slice and
 * a step.
 *
 * @param pause lets others have their turn
 */
export async function inSlices<T>(
  work: Work<T>,
  { sliceMs, nowMs, pause }: { sliceMs: number; nowMs: () => number; pause: () => Promise<unknown> },
): Promise<T> {
  let beganMs = nowMs();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (nowMs() - beganMs < sliceMs) continue;
    // oxlint-disable-next-line no-await-in-loop -- slices are one after the other
    await pause();
    beganMs = nowMs();
  }
}
