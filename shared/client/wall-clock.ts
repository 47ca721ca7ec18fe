import type { Clock } from "../lib/clock.ts";

/** Wall time of this browser or process. Pings, retries and tokens use it, never the deployment's clock. */
export const wallClock: Clock = {
  nowMs: () => Date.now(),
  rate: 1,
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
