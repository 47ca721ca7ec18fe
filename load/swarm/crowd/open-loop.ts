const LOOK_EVERY_MS = 4;

export interface Schedule {
  stop(): void;
}

/**
 * Does something `perS` times a second whatever becomes of it: each at its own moment, and when this process was late, all
 * that is due, each with the moment for which it was meant. So nothing slow makes itself rare. [SWM3]
 *
 * @param act `atMs` is epoch ms with a fraction
 */
export function openLoop(
  perS: number,
  act: (atMs: number, turn: number) => void,
  nowMs: () => number = preciseNowMs,
): Schedule {
  if (perS <= 0) return { stop: () => {} };
  const startMs = nowMs();
  let done = 0;
  const timer = setInterval(() => {
    const due = ((nowMs() - startMs) * perS) / 1000;
    for (; done < due; done += 1) act(startMs + (done * 1000) / perS, done);
  }, LOOK_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

/** Wall time, epoch ms with a fraction: the same for every process of this machine to within its clock's corrections. */
export function preciseNowMs(): number {
  return performance.timeOrigin + performance.now();
}
