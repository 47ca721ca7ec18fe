import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { offsetBy } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { districtsOf, type Shares } from "./districts.ts";
import { askDurations, crossFit, fitDurations } from "./duration-model.ts";
import { makeLivePaces, readLivePaces, withLivePaces, type LivePaces } from "./live-paces.ts";
import { learnPaces, type Seen } from "./pace-field.ts";
import { endedAtMs, type Outcome } from "./task.ts";
import { waysAcross } from "./ways-across.ts";

const MINUTE_MS = 60_000;
const CORNER: Point = { lat: 37.75, lng: -122.45 };
const LENGTH_M = 8_000;
const PACE = 0.1;
const at = (eastM: number) => offsetBy(CORNER, eastM, 100);

/** A road of 8 km from west to east, and nothing else. */
const road: Seen[] = Array.from({ length: 21 }, (_, nth) => ({
  ...at((nth * LENGTH_M) / 20),
  sinceS: (nth * LENGTH_M * PACE) / 20,
}));
const ways = waysAcross(learnPaces(Array.from({ length: 20 }, () => road)));

function ridden(fromM: number, toM: number, askedAtMs: number, slower = 1): Outcome {
  const way = (toM - fromM) * PACE;
  const hourOfWeek = (askedAtMs / 3_600_000) % 168;
  return { askedAtMs, hourOfWeek, from: at(fromM), to: at(toM), way, subject: "cab", facts: [], tookS: way * slower };
}

const everywhere = Array.from({ length: 60 }, (_, nth) => ridden(100 * nth, 100 * nth + 1_900, nth * MINUTE_MS));
const districts = districtsOf(ways, everywhere);
const sharesOf = (fromM: number, toM: number): Shares => districts.sharesOf([{ from: at(fromM), to: at(toM) }])[0]!;

/** The west of the road takes half as long again, as so many trips have just found. */
function slowWest(trips: number): LivePaces {
  const live = makeLivePaces(districts);
  for (let trip = 0; trip < trips; trip++) live.learn(sharesOf(100, 1_900), Math.log(1.5), 0);
  return live;
}

test("[ETA35] a way is spread over the districts that it goes through, by the time that it spends in each", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7_000 }), fc.integer({ min: 300, max: 7_900 }), (fromM, toM) => {
      fc.pre(toM > fromM + 250);
      const shares = sharesOf(fromM, toM);
      expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(new Set(shares.map(([district]) => district)).size).toBe(shares.length);
    }),
  );
  expect(sharesOf(100, 7_800).length).toBeGreaterThan(5);
  expect(sharesOf(110, 130)).toEqual([[expect.any(Number), 1]]);
});

describe("[ETA35] what trips took beyond what was expected", () => {
  test("[ETA35] is told of ways through the same districts, the more trips said it the more, and less of ways further off", () => {
    const [few] = slowWest(2).read(sharesOf(100, 1_900), 0);
    const [same] = slowWest(20).read(sharesOf(100, 1_900), 0);
    const [partly] = slowWest(20).read(sharesOf(100, 3_900), 0);
    const [elsewhere] = slowWest(20).read(sharesOf(6_100, 7_900), 0);
    expect(few).toBeGreaterThan(0);
    expect(same).toBeGreaterThan(2 * few);
    expect(same).toBeLessThan(Math.log(1.5));
    expect(partly).toBeLessThan(0.8 * same);
    expect(partly).toBeGreaterThan(elsewhere);
    expect(elsewhere).toBeLessThan(0.4 * same);
  });

  test("[ETA35] fades with the hours until it goes as usual again, and one trip that was lost for hours says no more than others", () => {
    const live = slowWest(20);
    const told = [0, 60, 180, 6_000].map((minutes) => live.read(sharesOf(100, 1_900), minutes * MINUTE_MS));
    for (const [nth, [slower, deviation]] of told.entries())
      if (nth > 0) {
        expect(slower).toBeLessThan(told[nth - 1]![0]);
        expect(deviation).toBeGreaterThan(told[nth - 1]![1]);
      }
    expect(told.at(-1)![0]).toBeCloseTo(0, 6);
    const lost = (off: number) => {
      const one = makeLivePaces(districts);
      one.learn(sharesOf(100, 1_900), off, 0);
      return one.read(sharesOf(100, 1_900), 0);
    };
    expect(lost(5)).toEqual(lost(0.6));
    expect(makeLivePaces(districts).read([], 0)).toEqual([0, 0]);
  });

  test("[ETA35] makes whoever is told surer, never less sure, whatever was seen", () => {
    const seen = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 300, max: 2_900 }),
        fc.double({ noNaN: true, min: -2, max: 2 }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(seen, (trips) => {
        const live = makeLivePaces(districts);
        const asked = sharesOf(1_000, 4_000);
        let [, before] = live.read(asked, 0);
        for (const [fromM, lengthM, off] of trips) {
          live.learn(sharesOf(fromM, fromM + lengthM), off, 0);
          const [slower, deviation] = live.read(asked, 0);
          expect(Math.abs(slower)).toBeLessThan(1);
          expect(deviation).toBeLessThanOrEqual(before + 1e-12);
          before = deviation;
        }
      }),
      { numRuns: 50 },
    );
  });
});

test("[ETA36] a way is told nothing of trips that were not over at its moment, itself among them", () => {
  const trips = everywhere.map((each, nth) => ({ ...each, tookS: each.tookS * (1 + (nth % 5) / 5) }));
  const told = (outcomes: readonly Outcome[]) => {
    const shares = districts.sharesOf(outcomes);
    return readLivePaces(districts, { outcomes, expectedS: outcomes.map(({ way }) => way), shares }, outcomes, shares);
  };
  const before = told(trips);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 59 }), fc.double({ min: 0.2, max: 5, noNaN: true }), (from, factor) => {
      const nowMs = trips[from]!.askedAtMs;
      const changed = trips.map((each) =>
        endedAtMs(each) <= nowMs
          ? each
          : { ...each, tookS: Math.max((nowMs - each.askedAtMs) / 1000 + 1, each.tookS * factor) },
      );
      expect(told(changed).slice(0, from + 1)).toEqual(before.slice(0, from + 1));
    }),
    { numRuns: 20 },
  );
  expect(told(trips.map((each) => ({ ...each, tookS: 2 * each.tookS }))).at(-1)).not.toEqual(before.at(-1));
});

test("[ETA37] what goes slower just now is expected to take that much longer, also slower than any day that was learned from", () => {
  const outcomes = Array.from({ length: 400 }, (_, nth) => ridden(10 * nth, 2_000 + 10 * nth, nth * 20 * MINUTE_MS));
  const usual = withLivePaces(
    outcomes,
    outcomes.map((_, nth) => [nth % 2 === 0 ? 0.05 : -0.05, 0.1] as const),
  ).map((each) => ({ ...each, tookS: each.tookS * Math.exp(each.slower ?? 0) }));
  const forest = {
    trees: 20,
    rate: 0.2,
    leaves: 4,
    minLeaf: 10,
    rowShare: 0.8,
    featureShare: 1,
    smooth: 0.2,
    shrink: 1,
    seed: 1,
  };
  const model = fitDurations(usual, [], { levels: [0.5], mindsSeconds: 1, forest }, crossFit(outcomes));
  const said = (slower: number) => askDurations(model, withLivePaces([outcomes[100]!], [[slower, 0.1]])[0]!, [])[0]!;
  expect(said(0.05) / outcomes[100]!.tookS).toBeCloseTo(Math.exp(0.05), 1);
  expect(said(0.6) / said(0.05)).toBeGreaterThan(0.95 * Math.exp(0.55));
});
