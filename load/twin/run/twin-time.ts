import type { DayClock } from "../../replay/replay-time.ts";

const DAY_MS = 24 * 3_600_000;
/** Uruguay keeps UTC-3 all year, since 2015. */
const UTC_OFFSET_MIN = -180;
const FRIDAY = 5;
const EVENING_HOUR = 20;

/** The hours of a twin in deployment time, and that in wall time. */
export interface TwinTime {
  readonly clock: DayClock;
  /** Orders come from here on. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly wallOf: (atMs: number) => number;
}

/**
 * A Friday evening, the week's busiest hours, beyond all that the set-up wrote.
 *
 * @param startWallMs when the clock is to begin
 * @param curtainWallMs wall ms that everybody has to connect before the first order
 */
export function twinTime(options: {
  readonly startWallMs: number;
  readonly curtainWallMs: number;
  readonly minutes: number;
  readonly speed: number;
}): TwinTime {
  const { startWallMs, curtainWallMs, minutes, speed } = options;
  const leadMs = Math.ceil(curtainWallMs * speed);
  const midnightMs = fridayAfter(startWallMs + DAY_MS + leadMs);
  const fromMs = midnightMs + EVENING_HOUR * 3_600_000 - UTC_OFFSET_MIN * 60_000;
  const originMs = fromMs - leadMs;
  return {
    clock: { CLOCK_RATE: speed, CLOCK_ORIGIN_MS: originMs, CLOCK_WALL_ORIGIN_MS: startWallMs },
    fromMs,
    untilMs: fromMs + minutes * 60_000,
    wallOf: (atMs) => startWallMs + (atMs - originMs) / speed,
  };
}

/** The next midnight (UTC) that begins a Friday. */
function fridayAfter(atMs: number): number {
  const day = Math.floor(atMs / DAY_MS) + 1;
  // 1 January 1970 was a Thursday.
  const weekday = (day + 4) % 7;
  return (day + ((FRIDAY - weekday + 7) % 7)) * DAY_MS;
}
