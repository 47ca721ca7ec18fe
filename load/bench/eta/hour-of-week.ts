const HOUR_MS = 3_600_000;
/** The epoch began on a Thursday. */
const SINCE_MONDAY_H = 72;

/** Hours since Monday 0:00 at a place that is so many hours ahead of UTC, with a fraction. */
export function hourOfWeek(atMs: number, utcOffsetH: number): number {
  const hours = atMs / HOUR_MS + utcOffsetH + SINCE_MONDAY_H;
  return ((hours % 168) + 168) % 168;
}
