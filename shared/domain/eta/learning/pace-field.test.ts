import { describe, expect, test } from "vitest";

import { seededRng } from "../../../lib/rng.ts";
import { distanceM, offsetBy } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { mendPaces } from "./mend-paces.ts";
import { learnPaces, type PaceField, type Seen } from "./pace-field.ts";
import type { Outcome } from "./task.ts";
import { waysAcross } from "./ways-across.ts";

const CORNER: Point = { lat: 37.75, lng: -122.45 };
/** Seconds a metre in a street, and on the fast road that runs east and west 2 km further north. */
const [STREET, ROAD] = [0.2, 0.05];
const at = (eastM: number, northM: number) => offsetBy(CORNER, eastM, northM);

/** A trace straight from one place to another, a fix every minute. */
function trace(from: readonly [number, number], to: readonly [number, number], pace: number): Seen[] {
  const lengthM = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const fixes = Math.max(1, Math.round((lengthM * pace) / 60));
  return Array.from({ length: fixes + 1 }, (_, index) => {
    const along = index / fixes;
    const place = at(from[0] + along * (to[0] - from[0]), from[1] + along * (to[1] - from[1]));
    return { ...place, sinceS: along * lengthM * pace };
  });
}

/** Streets of 6 km by 1.6 km, a road in the north, and two streets that lead there. Between them is nothing. */
function city(): Seen[][] {
  const across = Array.from({ length: 8 }, (_, row) => 100 + 200 * row);
  const up = Array.from({ length: 30 }, (_, column) => 100 + 200 * column);
  const both = (one: readonly [number, number], other: readonly [number, number], pace: number) =>
    Array.from({ length: 4 }, () => [trace(one, other, pace), trace(other, one, pace)]).flat();
  return [
    ...across.flatMap((north) => both([0, north], [6_000, north], STREET)),
    ...up.flatMap((east) => both([east, 0], [east, 1_600], STREET)),
    ...both([100, 1_600], [100, 2_100], STREET),
    ...both([5_900, 1_600], [5_900, 2_100], STREET),
    ...both([0, 2_100], [6_000, 2_100], ROAD),
  ];
}

function toldS(field: PaceField, from: Point, to: Point): number {
  return waysAcross(field).between([{ from, to }])[0]!.tookS;
}

describe("paces of squares", () => {
  const field = learnPaces(city());

  test("[ETA31] the way between two places is the fastest that traces know of, by a road further away if that is faster, and as long as it is", () => {
    const [from, to] = [at(100, 1_500), at(5_900, 1_500)];
    const [across] = waysAcross(field).between([{ from, to }]);
    const straightM = distanceM(from, to);
    expect(across!.tookS).toBeLessThan(0.75 * straightM * STREET);
    expect(across!.tookS).toBeGreaterThan(straightM * ROAD);
    expect(across!.lengthM).toBeGreaterThan(1.1 * straightM);
    const [nearFrom, nearTo] = [at(2_100, 300), at(3_300, 300)];
    expect(toldS(field, nearFrom, nearTo) / (1_200 * STREET)).toBeCloseTo(1, 1);
  });

  test("[ETA31] where nobody was seen no way leads, and from there the nearest known square answers", () => {
    const island = learnPaces([
      ...city(),
      ...Array.from({ length: 8 }, () => trace([0, 30_000], [900, 30_000], STREET)),
    ]);
    expect(toldS(island, at(100, 100), at(300, 30_000))).toBeNaN();
    expect(toldS(island, at(100, 100), at(90_000, 90_000))).toBeNaN();
    expect(toldS(field, at(3_000, -400), at(5_900, 100))).toBeGreaterThan(0);
    expect(toldS(learnPaces([]), at(100, 100), at(300, 300))).toBeNaN();
  });

  test("[ETA31] one bearing may be slower than the other in the same squares", () => {
    const hill = learnPaces([
      ...Array.from({ length: 20 }, () => trace([0, 100], [4_000, 100], 0.3)),
      ...Array.from({ length: 20 }, () => trace([4_000, 100], [0, 100], 0.1)),
    ]);
    const [west, east] = [at(300, 100), at(3_700, 100)];
    expect(toldS(hill, west, east)).toBeGreaterThan(2 * toldS(hill, east, west));
  });

  test("[ETA32] trips without traces make slow squares slower, and leave those that they did not cross", () => {
    const rng = seededRng(1);
    const slow = ({ lng }: Point) => lng > at(4_000, 0).lng;
    const trips: Outcome[] = Array.from({ length: 3_000 }, (_, index) => {
      const half = rng() < 0.5 ? 0 : 4_100;
      const [from, to] = [at(half + 1_800 * rng(), 1_500 * rng()), at(half + 1_800 * rng(), 1_500 * rng())];
      const tookS = Math.max(30, toldS0(from, to)) * (slow(from) ? 1.5 : 1);
      return { askedAtMs: index * 600_000, hourOfWeek: 12, from, to, way: 1, subject: "cab", facts: [], tookS };
    });
    const mended = mendPaces(field, trips);
    const change = (from: Point, to: Point) => toldS(mended, from, to) / toldS(field, from, to);
    const slower = change(at(4_300, 300), at(5_700, 1_300)) / change(at(300, 300), at(1_700, 1_300));
    expect(slower).toBeGreaterThan(1.3);
    expect(slower).toBeLessThan(1.7);
    expect(mended.squares[waysAcross(field).keys[waysAcross(field).squareAt(at(3_000, 2_100))]!]).toEqual(
      field.squares[waysAcross(field).keys[waysAcross(field).squareAt(at(3_000, 2_100))]!],
    );
  });

  test("[ETA33] the same traces and trips give the same paces, and a field that was stored answers as before", () => {
    expect(learnPaces(city())).toEqual(field);
    // Cast: what was written is read again.
    const stored = JSON.parse(JSON.stringify(field)) as PaceField;
    const [from, to] = [at(100, 1_500), at(5_900, 700)];
    expect(toldS(stored, from, to)).toBe(toldS(field, from, to));
  });

  const known = waysAcross(field);
  function toldS0(from: Point, to: Point): number {
    return known.between([{ from, to }])[0]!.tookS;
  }
});
