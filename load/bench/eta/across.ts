import { mendPaces } from "#shared/domain/eta/learning/mend-paces.ts";
import { learnPaces } from "#shared/domain/eta/learning/pace-field.ts";
import type { Outcome } from "#shared/domain/eta/learning/task.ts";
import { waysAcross, type Ways } from "#shared/domain/eta/learning/ways-across.ts";

import type { Fix } from "./under-way.ts";

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
