import { makeLocalClock, type LocalClock } from "#shared/domain/restaurant/opening-hours.ts";

/** Local time of a deployment time; asked often, so whole quarters of an hour are looked up once. */
export function localTimeIn(timeZone: string): LocalClock {
  const clock = makeLocalClock(timeZone);
  const QUARTER_MS = 15 * 60_000;
  let known = { quarter: Number.NaN, weekday: 0, minute: 0 };
  return (atMs) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    // Every zone's offset is a whole number of quarters: within one, minutes run evenly.
    if (quarter !== known.quarter) known = { quarter, ...clock(quarter * QUARTER_MS) };
    return { weekday: known.weekday, minute: known.minute + Math.floor((atMs % QUARTER_MS) / 60_000) };
  };
}
