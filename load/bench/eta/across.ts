import { mendPaces } from "#shared/domain/eta/learning/mend-paces.ts";
import { learnPaces } from "#shared/domain/eta/learning/pace-field.ts";
import type { Outcome } from "#shared/domain/eta/learning/task.ts";
import { waysAcross, type Ways } from "#shared/domain/eta/learning/ways-across.ts";

import type { Fix, Rest } from "./under-way.ts";

/** Times a pace seen so far is believed to be slower or faster for what is left. */
const [FASTEST, SLOWEST] = [0.3, 4] as const;
/** Less than this is no way to tell a pace by. */
const LEAST_S = 30;

/** Ways across the city as traces and durations of these trips tell of it; no map is read. */
export function learnWays(trips: readonly Outcome[], traces: readonly (readonly Fix[])[]): Ways {
  return waysAcross(mendPaces(learnPaces(traces), trips));
}

/** Trips with what the paces say of their ways: seconds, how far round, and how slowly towards the end. */
export function withWays<T extends Outcome>(ways: Ways, trips: readonly T[]): T[] {
  const across = ways.between(trips);
  return trips.map((trip, index) => {
    const { tookS, lengthM } = across[index]!;
    const straightM = Math.max(1, trip.way);
    return { ...trip, facts: [...trip.facts, tookS, lengthM, lengthM / straightM, tookS / straightM] };
  });
}

/** The same of what is left under way, beside what the paces say of the whole trip and of what is gone of it. */
export function withWaysLeft(ways: Ways, rests: readonly Rest[]): Rest[] {
  const left = ways.between(rests);
  const whole = ways.between(rests.map(({ began, to }) => ({ from: began, to })));
  const gone = ways.between(rests.map(({ began, from }) => ({ from: began, to: from })));
  return rests.map((rest, index) => {
    const [leftS, wholeS, goneS] = [left[index]!.tookS, whole[index]!.tookS, gone[index]!.tookS];
    const { elapsedS, seenS } = rest;
    const slower = seenS / Math.max(LEAST_S, goneS);
    return {
      ...rest,
      facts: [
        ...rest.facts,
        leftS,
        left[index]!.lengthM,
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
