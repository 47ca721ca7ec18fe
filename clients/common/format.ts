/** Minor units as money in the reader's language, e.g. 1250 EUR as "€12.50". */
export function formatMoney(amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}

/** A time of day, e.g. "18:05", in the reader's zone or the given one. */
export function formatClock(atMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", timeZone }).format(atMs);
}

/** A time of day with its seconds, e.g. "18:05:09", in the reader's zone or the given one. */
export function formatClockSeconds(atMs: number, timeZone?: string): string {
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone } as const;
  return new Intl.DateTimeFormat(undefined, clock).format(atMs);
}

/** A day and time, e.g. "Tue 3 Nov, 18:05". */
export function formatDay(atMs: number): string {
  const day = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(undefined, day).format(atMs);
}

/** Metres for people: "850 m", "2.4 km". */
export function formatDistance(distanceM: number): string {
  return distanceM < 950 ? `${Math.round(distanceM / 50) * 50} m` : `${(distanceM / 1000).toFixed(1)} km`;
}

/** A span as a running clock: "4:05", "1:02:09"; below zero with a minus. */
export function formatSpan(spanMs: number): string {
  const sign = spanMs < 0 ? "−" : "";
  const totalS = Math.floor(Math.abs(spanMs) / 1000);
  const [hours, minutes, seconds] = [Math.floor(totalS / 3600), Math.floor(totalS / 60) % 60, totalS % 60];
  const padded = String(seconds).padStart(2, "0");
  return hours > 0 ? `${sign}${hours}:${String(minutes).padStart(2, "0")}:${padded}` : `${sign}${minutes}:${padded}`;
}
