import { climb, type Ladder } from "#shared/domain/eta/learning/ladder.ts";
import type { Outcome } from "#shared/domain/eta/learning/task.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

export interface Fix extends Point {
  /** Seconds since the trip began. */
  readonly sinceS: number;
}

/** What is left of a trip at a moment of it. */
export interface Rest extends Outcome {
  /** How much of the trip's time was over; whoever answers does not know it. */
  readonly share: number;
  /** Where the whole trip began. */
  readonly began: Point;
  /** Since then, now and at the newest fix. */
  readonly elapsedS: number;
  readonly seenS: number;
}

/** A moment of a trip under way, and what has been seen of it by then. */
export interface Moment {
  readonly trip: Outcome;
  readonly share: number;
  readonly elapsedS: number;
  readonly seen: readonly Fix[];
  readonly began: Point;
  readonly here: Fix;
  readonly to: Point;
}

/** Seconds of ways by the paces of squares. */
export interface Paced {
  readonly leftS: number;
  readonly wholeS: number;
  readonly goneS: number;
}

/** Fixes that pace is taken over. */
const FEW = 4;

export function momentOf(trip: Outcome, trace: readonly Fix[], share: number): Moment {
  const elapsedS = trip.tookS * share;
  const seen = trace.filter(({ sinceS }) => sinceS <= elapsedS);
  const here = seen.at(-1) ?? { ...trip.from, sinceS: 0 };
  return { trip, share, elapsedS, seen, began: trip.from, here, to: trip.to };
}

/**
 * What is known of a trip under way: the newest fix, how long it has taken from the beginning to there and what that
 * should have taken, and how fast the last fixes went. The way left is what the ladder of whole ways expects of it.
 */
export function restOf(ladder: Ladder, { trip, share, elapsedS, seen, here }: Moment, paced: Paced): Rest {
  const askedAtMs = trip.askedAtMs + elapsedS * 1000;
  const hourOfWeek = (trip.hourOfWeek + elapsedS / 3600) % 168;
  const expected = (from: Point, to: Point, way: number) => climb(ladder, { ...trip, from, to, way }).expectedS;
  const wholeS = expected(trip.from, trip.to, paced.wholeS);
  const leftS = expected(here, trip.to, paced.leftS);
  const goneS = here.sinceS === 0 ? 0 : expected(trip.from, here, paced.goneS);
  const goneM = distanceM(trip.from, here);
  const pathM = lengthM(seen);
  return {
    share,
    began: trip.from,
    elapsedS,
    seenS: here.sinceS,
    askedAtMs,
    hourOfWeek,
    from: { lat: here.lat, lng: here.lng },
    to: trip.to,
    way: leftS,
    subject: trip.subject,
    facts: [
      elapsedS,
      elapsedS - here.sinceS,
      wholeS,
      wholeS - elapsedS,
      goneS,
      here.sinceS === 0 ? Number.NaN : Math.log(here.sinceS / goneS),
      goneM,
      pathM,
      goneM / Math.max(1, pathM),
      distanceM(here, trip.to),
      distanceM(trip.from, trip.to),
      speedMps(seen.slice(-2)),
      speedMps(seen.slice(-FEW)),
      speedMps(seen),
      headwayM(seen, trip.to),
    ],
    tookS: Math.max(1, trip.tookS - elapsedS),
  };
}

function lengthM(fixes: readonly Fix[]): number {
  return fixes.reduce((sum, fix, index) => sum + (index === 0 ? 0 : distanceM(fixes[index - 1] ?? fix, fix)), 0);
}

function speedMps(fixes: readonly Fix[]): number {
  const tookS = (fixes.at(-1)?.sinceS ?? 0) - (fixes[0]?.sinceS ?? 0);
  return tookS > 0 ? lengthM(fixes) / tookS : Number.NaN;
}

/** How much nearer the last two fixes came to the end of the way. */
function headwayM(fixes: readonly Fix[], to: Point): number {
  const [before, now] = fixes.slice(-2);
  return before && now ? distanceM(before, to) - distanceM(now, to) : Number.NaN;
}
