/** One span of a week in the market's time zone; a closing past midnight counts on from 1440. */
export interface OpeningSpan {
  /** 0 = Sunday. */
  readonly weekday: number;
  readonly opensMinute: number;
  readonly closesMinute: number;
}

/** Where the hands of a wall clock stand. */
export interface LocalTime {
  /** 0 = Sunday. */
  readonly weekday: number;
  /** Minutes since midnight, 0..1439. */
  readonly minute: number;
}

/** Reads the wall clock of one time zone at an instant (epoch ms). */
export type LocalClock = (atMs: number) => LocalTime;

const MINUTE_MS = 60_000;
const REMEMBERED_MINUTES = 64;
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/**
 * A wall clock that knows the zone's summer time. Make one for a whole list: making it costs more than reading it.
 *
 * @param timeZone IANA name
 */
export function makeLocalClock(timeZone: string): LocalClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  });
  // A list asks for the same few minutes for each of its restaurants.
  const read = new Map<number, LocalTime>();
  return (atMs) => {
    const minute = Math.floor(atMs / MINUTE_MS);
    const known = read.get(minute);
    if (known) return known;
    if (read.size >= REMEMBERED_MINUTES) read.clear();
    const local = localTimeOf(format, minute * MINUTE_MS);
    read.set(minute, local);
    return local;
  };
}

function localTimeOf(format: Intl.DateTimeFormat, atMs: number): LocalTime {
  const parts = new Map(format.formatToParts(atMs).map((part) => [part.type, part.value]));
  return {
    weekday: WEEKDAYS.indexOf(parts.get("weekday") ?? ""),
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
  };
}

/** Whether one of the spans holds the instant; the closing minute is outside. [PRC13, PRC14] */
export function isOpen(hours: readonly OpeningSpan[], local: LocalTime): boolean {
  return hours.some((span) => {
    const sinceOpening =
      (weekMinute(local) - span.weekday * DAY_MINUTES - span.opensMinute + WEEK_MINUTES) % WEEK_MINUTES;
    return sinceOpening < span.closesMinute - span.opensMinute;
  });
}

/**
 * The next instant at which it opens, for a restaurant that is closed by its hours now. [PRC15]
 *
 * @returns epoch ms, at a whole minute; null when it never opens
 */
export function nextOpening(hours: readonly OpeningSpan[], clock: LocalClock, atMs: number): number | null {
  const now = weekMinute(clock(atMs));
  const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  const openings = hours.map((span) => {
    const wanted = span.weekday * DAY_MINUTES + span.opensMinute;
    const aheadMinutes = (wanted - now + WEEK_MINUTES) % WEEK_MINUTES || WEEK_MINUTES;
    const straightMs = minuteMs + aheadMinutes * MINUTE_MS;
    // A change to or from summer time in between moves the wall clock: put the hands right.
    const off = ((weekMinute(clock(straightMs)) - wanted + 1.5 * WEEK_MINUTES) % WEEK_MINUTES) - 0.5 * WEEK_MINUTES;
    const rightMs = straightMs - off * MINUTE_MS;
    // In the hour that summer time skips, the opening is when the clock has jumped past it.
    return isOpen(hours, clock(rightMs)) ? rightMs : straightMs;
  });
  return openings.length === 0 ? null : Math.min(...openings);
}

function weekMinute(local: LocalTime): number {
  return local.weekday * DAY_MINUTES + local.minute;
}
