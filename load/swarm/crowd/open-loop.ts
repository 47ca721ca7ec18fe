/** Being woken costs more than what is done: with more looks a second six processes would keep a quarter of a core busy doing nothing. */
const LOOK_EVERY_MS = 10;

export interface Schedule {
  stop(): void;
}

export interface Pace {
  readonly perS: number;
  /** So long it grows evenly from nothing to `perS`, ms. */
  readonly rampMs?: number;
}

/**
 * Does something so often whatever becomes of it: each at its own moment, and when this process was late, all that is due,
 * each with the moment for which it was meant. So nothing slow makes itself rare. [SWM3]
 *
 * @param act `atMs` is epoch ms with a fraction
 */
export function openLoop(
  { perS, rampMs = 0 }: Pace,
  act: (atMs: number, turn: number) => void,
  nowMs: () => number = preciseNowMs,
): Schedule {
  if (perS <= 0) return { stop: () => {} };
  const startMs = nowMs();
  const everyMs = 1000 / perS;
  // While the pace grows, how many are due grows with the square of the time.
  const afterMs = (turn: number): number =>
    turn * everyMs < rampMs / 2 ? Math.sqrt(2 * turn * everyMs * rampMs) : turn * everyMs + rampMs / 2;
  let done = 0;
  const timer = setInterval(() => {
    const sinceMs = nowMs() - startMs;
    for (; afterMs(done) < sinceMs; done += 1) act(startMs + afterMs(done), done);
  }, LOOK_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

/** Wall time, epoch ms with a fraction: the same for every process of this machine to within its clock's corrections. */
export function preciseNowMs(): number {
  return performance.timeOrigin + performance.now();
}
