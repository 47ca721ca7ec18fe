import { makeLocalClock } from "#shared/domain/restaurant/opening-hours.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface LocalDay {
  readonly fromMs: number;
  /** The next day's beginning: 23 or 25 hours later where clocks are changed. */
  readonly toMs: number;
}

/**
 * A calendar day in a time zone, epoch ms.
 *
 * @param day `2026-11-25`
 */
export function localDay(day: string, timeZone: string): LocalDay {
  const utcMs = Date.parse(`${day}T00:00:00Z`);
  return { fromMs: midnightNear(utcMs, timeZone), toMs: midnightNear(utcMs + DAY_MS, timeZone) };
}

/** The zone's midnight at the beginning of the date that UTC begins then. */
function midnightNear(utcMs: number, timeZone: string): number {
  const clock = makeLocalClock(timeZone);
  const weekday = new Date(utcMs).getUTCDay();
  const offMin = (atMs: number): number => {
    const local = clock(atMs);
    const days = ((local.weekday - weekday + 10) % 7) - 3;
    return days * 1440 + local.minute;
  };
  // Once to come near, once more where the clocks were changed in between.
  const nearMs = utcMs - offMin(utcMs) * MINUTE_MS;
  return nearMs - offMin(nearMs) * MINUTE_MS;
}
