import { groupBy } from "../../../lib/group-by.ts";
import { rounded, BEARINGS, type PaceField } from "./pace-field.ts";
import type { Outcome } from "./task.ts";
import { waysAcross } from "./ways-across.ts";

/** Each look finds new fastest ways; after a few of them little changes. */
const LOOKS = 4;
/** Seconds on ways through a square that are taken to have agreed with its pace. */
const STRENGTH_S = 300;
/** A single trip says no more than this of its way, in logarithms: twice, or half. */
const FURTHEST = 0.7;
const HOUR_STRENGTH = 20;
/** Trips that took this much longer than their way tell of something else. */
const MOST_TIMES = 3;
const MOST_MORE_S = 600;
const LEAST_S = 60;

/**
 * Mends paces by trips of which only ends and duration are known: what each took more or less than its fastest way, the hours of the
 * week apart, is laid on the squares of that way in proportion to the time that they take, as tomography does (SIRT: Gilbert,
 * J. Theor. Biol. 1972). The same trips give the same field.
 *
 * @param looks how often the fastest ways are looked for anew
 */
export function mendPaces(field: PaceField, trips: readonly Outcome[], looks = LOOKS): PaceField {
  let mended = field;
  for (let look = 0; look < looks; look++) mended = mendedOnce(mended, trips);
  return mended;
}

function mendedOnce(field: PaceField, trips: readonly Outcome[]): PaceField {
  const ways = waysAcross(field);
  const left = leftOver(
    trips,
    ways.between(trips).map(({ tookS }) => tookS),
  );
  const sums = new Float64Array(ways.keys.length * BEARINGS);
  const seconds = new Float64Array(ways.keys.length * BEARINGS);
  for (const [end, indexes] of groupBy(trips.keys(), (index) => ways.squareAt(trips[index]!.to))) {
    if (end < 0) continue;
    const waysTo = ways.to(end);
    for (const index of indexes) {
      const start = ways.squareAt(trips[index]!.from);
      if (start < 0 || Number.isNaN(left[index]!)) continue;
      for (const { square, next, tookS, bearings } of waysTo.stepsFrom(start))
        for (const [bearing, share] of bearings)
          for (const at of [square, next]) {
            seconds[at * BEARINGS + bearing]! += (share * tookS) / 2;
            sums[at * BEARINGS + bearing]! += (share * tookS * left[index]!) / 2;
          }
    }
  }
  const squares: Record<string, readonly number[]> = {};
  for (const [square, key] of ways.keys.entries())
    squares[key] = field.squares[key]!.map((pace, bearing) => {
      const at = square * BEARINGS + bearing;
      return rounded(pace * Math.exp(sums[at]! / (seconds[at]! + STRENGTH_S)));
    });
  return { ...field, squares };
}

/** What trips took beyond what their ways and hours of the week say, in logarithms; NaN where there is no way. */
function leftOver(trips: readonly Outcome[], wayS: readonly number[]): number[] {
  const { restS, perWay } = lineOf(trips, wayS);
  const left = trips.map(({ tookS }, index) => {
    const off = Math.log(tookS / Math.max(LEAST_S, restS + perWay * wayS[index]!));
    return Math.max(-FURTHEST, Math.min(FURTHEST, off));
  });
  const hours = groupBy(trips.keys(), (index) => Math.floor(trips[index]!.hourOfWeek));
  for (const indexes of hours.values()) {
    const known = indexes.filter((index) => !Number.isNaN(left[index]!));
    const mean = known.reduce((sum, index) => sum + left[index]!, 0) / (known.length + HOUR_STRENGTH);
    for (const index of known) left[index]! -= mean;
  }
  return left;
}

/** Least squares of what trips took through the seconds of their ways: beginning and end of a trip take time that no square does. */
function lineOf(trips: readonly Outcome[], wayS: readonly number[]): { restS: number; perWay: number } {
  let [count, ways, tooks, both, square] = [0, 0, 0, 0, 0];
  for (const [index, { tookS }] of trips.entries()) {
    const way = wayS[index]!;
    if (Number.isNaN(way) || tookS > MOST_TIMES * way + MOST_MORE_S) continue;
    count += 1;
    ways += way;
    tooks += tookS;
    both += way * tookS;
    square += way * way;
  }
  const spread = count * square - ways * ways;
  if (spread <= 0) return { restS: 0, perWay: 1 };
  const perWay = (count * both - ways * tooks) / spread;
  return { restS: (tooks - perWay * ways) / count, perWay };
}
