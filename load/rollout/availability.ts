import { quantile } from "../replay/offline.ts";

/** One question from outside, and what became of it. Times are wall ms; `dueMs` since the epoch. */
export interface ProbeResult {
  /** What was asked. */
  readonly name: string;
  readonly kind: "rest" | "socket";
  /** When it was to begin: what begins late is late. */
  readonly dueMs: number;
  readonly tookMs: number;
  /** Answered rightly. In time is judged apart. */
  readonly right: boolean;
  readonly why?: string | undefined;
}

/** A held connection is live, or is not any more, from a moment on. */
export interface HeldChange {
  readonly atMs: number;
  readonly live: boolean;
}

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface PhaseFigures {
  readonly availabilityPct: number | null;
  readonly probes: number;
  readonly bad: number;
  readonly restP50Ms: number | null;
  readonly restP99Ms: number | null;
  readonly socketP50Ms: number | null;
  readonly socketP99Ms: number | null;
  readonly longestOutageMs: number;
  readonly secondsNotLive: number;
}

/** An answer that comes later than this is none. */
export const GOOD_WITHIN_MS = 2_000;

export function isGood({ right, tookMs }: Pick<ProbeResult, "right" | "tookMs">): boolean {
  return right && tookMs <= GOOD_WITHIN_MS;
}

/** What the probes that were due in a span saw. Each counts in the span of its due time, however late its answer. [ROL10] */
export function phaseFigures(all: readonly ProbeResult[], held: readonly HeldChange[], span: Span): PhaseFigures {
  const due = all.filter(({ dueMs }) => dueMs >= span.fromMs && dueMs < span.untilMs);
  const bad = due.filter((probe) => !isGood(probe)).length;
  const rest = times(due, "rest");
  const socket = times(due, "socket");
  return {
    availabilityPct: availabilityPct(due.length, bad),
    probes: due.length,
    bad,
    restP50Ms: rounded(rest, 0.5),
    restP99Ms: rounded(rest, 0.99),
    socketP50Ms: rounded(socket, 0.5),
    socketP99Ms: rounded(socket, 0.99),
    longestOutageMs: longestOutageMs(due, span.untilMs),
    secondsNotLive: secondsNotLive(held, span),
  };
}

/** Share of good probes, cut off (not rounded up) after three digits; null of none: nothing was shown. */
export function availabilityPct(probes: number, bad: number): number | null {
  return probes === 0 ? null : Math.floor(((probes - bad) / probes) * 100_000) / 1_000;
}

/**
 * For each question, from when its first bad probe was due until its next good one was; the longest of all. One that is good
 * does not hide another that is not.
 */
export function longestOutageMs(probes: readonly ProbeResult[], untilMs: number): number {
  const names = new Set(probes.map(({ name }) => name));
  let longest = 0;
  for (const name of names) {
    let badSinceMs: number | undefined;
    const mine = probes.filter((probe) => probe.name === name).toSorted((a, b) => a.dueMs - b.dueMs);
    for (const probe of mine) {
      if (!isGood(probe)) badSinceMs ??= probe.dueMs;
      else if (badSinceMs !== undefined) {
        longest = Math.max(longest, probe.dueMs - badSinceMs);
        badSinceMs = undefined;
      }
    }
    if (badSinceMs !== undefined) longest = Math.max(longest, untilMs - badSinceMs);
  }
  return Math.round(longest);
}

/** Seconds of a span in which the held connection was not live. Before its first change it was not. */
export function secondsNotLive(held: readonly HeldChange[], { fromMs, untilMs }: Span): number {
  const changes = held.toSorted((a, b) => a.atMs - b.atMs);
  let [atMs, live, awayMs] = [fromMs, false, 0];
  for (const change of [...changes, { atMs: untilMs, live: true }]) {
    const nextMs = Math.min(untilMs, Math.max(fromMs, change.atMs));
    if (!live) awayMs += nextMs - atMs;
    [atMs, live] = [nextMs, change.live];
  }
  return Math.round(awayMs) / 1000;
}

function times(probes: readonly ProbeResult[], kind: ProbeResult["kind"]): number[] {
  return probes.filter((probe) => probe.kind === kind).map(({ tookMs }) => tookMs);
}

function rounded(values: readonly number[], share: number): number | null {
  return values.length === 0 ? null : Math.round(quantile(values, share));
}
