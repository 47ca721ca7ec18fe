import { mendPaces } from "#shared/domain/eta/learning/mend-paces.ts";
import { learnPaces } from "#shared/domain/eta/learning/pace-field.ts";
import type { Outcome } from "#shared/domain/eta/learning/task.ts";
import { waysAcross, type WayAcross, type Ways } from "#shared/domain/eta/learning/ways-across.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import type { Fix, Moment, Paced, Rest } from "./under-way.ts";

/** Times a pace seen so far is believed to be slower or faster for what is left. */
const [FASTEST, SLOWEST] = [0.3, 4] as const;
/** Less than this is no way to tell a pace by. */
const LEAST_S = 30;
/** Seconds a metre where no way leads. */
const UNKNOWN_PACE = 0.2;

/** Ways across the city as traces and durations of these trips tell of it; no map is read. */
export function learnWays(trips: readonly Outcome[], traces: readonly (readonly Fix[])[]): Ways {
  return waysAcross(mendPaces(learnPaces(traces), trips));
}

/**
 * Trips whose way is the seconds that the paces say of it, in place of metres; with them how long it is, how far round, and how
 * slowly towards the end.
 */
export function withWays<T extends Outcome>(ways: Ways, trips: readonly T[]): T[] {
  const across = ways.between(trips);
  return trips.map((trip, index) => {
    const { tookS, lengthM } = across[index]!;
    const straightM = Math.max(1, distanceM(trip.from, trip.to));
    return {
      ...trip,
      way: secondsOf(across[index]!, trip.from, trip.to),
      facts: [...trip.facts, tookS, lengthM, lengthM / straightM, tookS / straightM],
    };
  });
}

function secondsOf({ tookS }: WayAcross, from: Point, to: Point): number {
  return Number.isNaN(tookS) ? UNKNOWN_PACE * distanceM(from, to) : tookS;
}

/** Ways of a trip under way: what is left, the whole and what is gone. */
interface WaysOfMoment {
  readonly left: WayAcross;
  readonly whole: WayAcross;
  readonly gone: WayAcross;
}

export function waysOfMoments(ways: Ways, moments: readonly Pick<Moment, "began" | "here" | "to">[]): WaysOfMoment[] {
  const left = ways.between(moments.map(({ here, to }) => ({ from: here, to })));
  const whole = ways.between(moments.map(({ began, to }) => ({ from: began, to })));
  const gone = ways.between(moments.map(({ began, here }) => ({ from: began, to: here })));
  return moments.map((_, index) => ({ left: left[index]!, whole: whole[index]!, gone: gone[index]! }));
}

export function pacedOf({ began, here, to }: Moment, { left, whole, gone }: WaysOfMoment): Paced {
  return {
    leftS: secondsOf(left, here, to),
    wholeS: secondsOf(whole, began, to),
    goneS: secondsOf(gone, began, here),
  };
}

/** Under way, with what the paces say of what is left, of the whole trip and of what is gone of it. */
export function withWaysLeft(rests: readonly Rest[], across: readonly WaysOfMoment[]): Rest[] {
  return rests.map((rest, index) => {
    const { left, whole, gone } = across[index]!;
    const [leftS, wholeS, goneS] = [left.tookS, whole.tookS, gone.tookS];
    const { elapsedS, seenS } = rest;
    const slower = seenS / Math.max(LEAST_S, goneS);
    return {
      ...rest,
      facts: [
        ...rest.facts,
        leftS,
        left.lengthM,
        leftS / Math.max(LEAST_S, rest.way),
        wholeS,
        wholeS - elapsedS,
        slower,
        goneS + leftS - wholeS,
        leftS * Math.max(FASTEST, Math.min(SLOWEST, slower)),
      ],
    };
  });
}
