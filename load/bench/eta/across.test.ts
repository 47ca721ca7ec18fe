import { expect, test } from "vitest";

import { learnPaces } from "#shared/domain/eta/learning/pace-field.ts";
import { emptyLadder } from "#shared/domain/eta/learning/ladder.ts";
import type { Outcome } from "#shared/domain/eta/learning/task.ts";
import { waysAcross } from "#shared/domain/eta/learning/ways-across.ts";
import { offsetBy } from "#shared/domain/geo/distance.ts";

import { pacedOf, waysOfMoments, withWays, withWaysLeft } from "./across.ts";
import { momentOf, restOf, type Fix, type Rest } from "./under-way.ts";

const CORNER = { lat: 37.75, lng: -122.45 };
/** Seconds a metre, along a road to the east. */
const PACE = 0.1;
const LENGTH_M = 6_000;
const at = (eastM: number) => offsetBy(CORNER, eastM, 100);

const ridden: Fix[] = Array.from({ length: 11 }, (_, nth) => ({
  ...at((nth * LENGTH_M) / 10),
  sinceS: (nth * LENGTH_M * PACE) / 10,
}));
const ways = waysAcross(learnPaces(Array.from({ length: 20 }, () => ridden)));

/** Half-way along the road, having taken so many times as long as is usual. */
function halfWay(slower: number, leftS: number): Rest {
  const elapsedS = (slower * LENGTH_M * PACE) / 2;
  const task: Omit<Outcome, "tookS"> = {
    askedAtMs: 0,
    hourOfWeek: 12,
    from: at(LENGTH_M / 2),
    to: at(LENGTH_M),
    way: (LENGTH_M * PACE) / 2,
    subject: "cab",
    facts: [7],
  };
  return { ...task, began: at(0), elapsedS, seenS: elapsedS, share: elapsedS / (elapsedS + leftS), tookS: leftS };
}

function factsOf(rest: Rest): readonly number[] {
  const { began, to } = rest;
  return withWaysLeft([rest], waysOfMoments(ways, [{ began, to, here: { ...rest.from, sinceS: rest.seenS } }]))[0]!
    .facts;
}

test("[ETA34] under way it is told what the paces say of what is left, of the whole, and how much slower it went so far", () => {
  const [first, leftS, lengthM, , wholeS, restS, slower, detourS, scaledS] = factsOf(halfWay(2, 300)) as number[];
  const usualS = (LENGTH_M * PACE) / 2;
  expect(first).toBe(7);
  expect(leftS! / usualS).toBeCloseTo(1, 1);
  expect(lengthM! / (LENGTH_M / 2)).toBeCloseTo(1, 1);
  expect(wholeS! / (2 * usualS)).toBeCloseTo(1, 1);
  expect(restS).toBeCloseTo(wholeS! - 2 * usualS, 6);
  expect(slower).toBeGreaterThan(1.8);
  expect(slower).toBeLessThan(2.2);
  expect(Math.abs(detourS!)).toBeLessThan(0.1 * wholeS!);
  expect(scaledS).toBeCloseTo(leftS! * slower!, 6);
});

test("[ETA34] a pace so far is believed only within bounds, and nothing of it knows how long the trip will take", () => {
  expect(factsOf(halfWay(40, 300)).at(-1)! / factsOf(halfWay(40, 300))[1]!).toBeCloseTo(4, 6);
  expect(factsOf(halfWay(0.01, 300)).at(-1)! / factsOf(halfWay(0.01, 300))[1]!).toBeCloseTo(0.3, 6);
  expect(factsOf(halfWay(1, 10))).toEqual(factsOf(halfWay(1, 3_000)));
});

test("[ETA38] the way of a trip, whole or left, is the seconds that the paces say; where no way leads, so many a metre", () => {
  const trip: Outcome = { ...halfWay(1, 300), from: at(0), way: LENGTH_M, tookS: 600 };
  const [whole, nowhere] = withWays(ways, [trip, { ...trip, to: offsetBy(CORNER, 0, 200_000) }]);
  expect(whole!.way / (LENGTH_M * PACE)).toBeCloseTo(1, 1);
  expect(nowhere!.way / 200_000).toBeCloseTo(0.2, 2);
  const moment = momentOf(trip, ridden, 0.5);
  const paced = pacedOf(moment, waysOfMoments(ways, [moment])[0]!);
  const rest = restOf(emptyLadder(0, 1), moment, paced);
  expect(rest.way).toBe(paced.leftS);
  expect(rest.way / ((LENGTH_M * PACE) / 2)).toBeCloseTo(1, 1);
  expect(rest.tookS).toBe(300);
});
