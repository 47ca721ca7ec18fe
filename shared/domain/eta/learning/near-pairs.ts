import { DEGREE_M } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import type { Task } from "./task.ts";

/** Side of the squares that ends of ways are counted in. */
const SQUARE_M = 400;
/** How far a square's outcomes reach: at this distance of both ends together they weigh e^(-1/2). */
const REACH_M = 350;
/** So many outcomes are taken to have agreed with what was expected. */
const STRENGTH = 3;
const BESIDE = [-1, 0, 1] as const;

/** What outcomes left over, summed by the squares of both their ends; plain numbers, to be stored as they are. */
export interface PairSums {
  readonly eastPerDegreeM: number;
  readonly squares: Readonly<Record<string, readonly [left: number, outcomes: number]>>;
}

/** @param left of each task, what its outcome left over: a logarithm */
export function sumPairs(tasks: readonly Task[], left: readonly number[]): PairSums {
  const eastPerDegreeM = DEGREE_M * Math.cos(((tasks[0]?.from.lat ?? 0) * Math.PI) / 180);
  const squares: Record<string, [number, number]> = {};
  for (const [index, { from, to }] of tasks.entries()) {
    const key = keyOf(at(from, eastPerDegreeM).map(Math.floor), at(to, eastPerDegreeM).map(Math.floor));
    const sums = (squares[key] ??= [0, 0]);
    sums[0] = Math.round((sums[0] + left[index]!) * 1e4) / 1e4;
    sums[1] += 1;
  }
  return { eastPerDegreeM, squares };
}

/** What ways with both ends near these left over in the mean, weighed by their distance, and the weight behind it. */
export function nearPairs({ eastPerDegreeM, squares }: PairSums, { from, to }: Task): [mean: number, weight: number] {
  const [starts, ends] = [around(at(from, eastPerDegreeM)), around(at(to, eastPerDegreeM))];
  let [sum, weight] = [0, 0];
  for (const start of starts)
    for (const end of ends) {
      const found = squares[`${start.key}>${end.key}`];
      if (!found) continue;
      sum += start.nearness * end.nearness * found[0];
      weight += start.nearness * end.nearness * found[1];
    }
  return [sum / (weight + STRENGTH), weight];
}

function at({ lat, lng }: Point, eastPerDegreeM: number): [east: number, north: number] {
  return [(lng * eastPerDegreeM) / SQUARE_M, (lat * DEGREE_M) / SQUARE_M];
}

/** The square of a place and those about it, and how much each one's middle counts there. */
function around([east, north]: readonly [number, number]) {
  return BESIDE.flatMap((eastward) =>
    BESIDE.map((northward) => {
      const square = [Math.floor(east) + eastward, Math.floor(north) + northward] as const;
      const offM = SQUARE_M * Math.hypot(square[0] + 0.5 - east, square[1] + 0.5 - north);
      return { key: square.join(","), nearness: Math.exp(-(offM ** 2) / (2 * REACH_M ** 2)) };
    }),
  );
}

function keyOf(start: readonly number[], end: readonly number[]): string {
  return `${start.join(",")}>${end.join(",")}`;
}
