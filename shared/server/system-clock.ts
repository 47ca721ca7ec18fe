import type { Clock } from "../lib/clock.ts";

/** Where a clock that is not wall time began, and how fast it goes. */
export interface ClockSettings {
  readonly CLOCK_RATE: number;
  readonly CLOCK_ORIGIN_MS?: number | undefined;
  readonly CLOCK_WALL_ORIGIN_MS?: number | undefined;
}

/** setTimeout takes no more; a longer delay is waited for in pieces. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The deployment's clock over the machine's. Processes with the same settings agree as far as their machines' clocks
 * do. A pending `after` does not keep a process alive.
 */
export function makeSystemClock(settings: ClockSettings, wallNowMs: () => number = Date.now): Clock {
  const { CLOCK_RATE: rate, CLOCK_ORIGIN_MS: originMs, CLOCK_WALL_ORIGIN_MS: wallOriginMs } = settings;
  const nowMs =
    originMs === undefined || wallOriginMs === undefined
      ? wallNowMs
      : (): number => originMs + Math.floor((wallNowMs() - wallOriginMs) * rate);
  return {
    rate,
    nowMs,
    after(delayMs, task) {
      let timer: NodeJS.Timeout;
      const wait = (leftMs: number): void => {
        const pieceMs = Math.min(leftMs, LONGEST_TIMER_MS);
        timer = setTimeout(() => (leftMs > pieceMs ? wait(leftMs - pieceMs) : task()), pieceMs);
        timer.unref();
      };
      wait(Math.max(0, Math.ceil(delayMs / rate)));
      return () => clearTimeout(timer);
    },
  };
}
