import { groupBy } from "../../../lib/group-by.ts";
import { makeHeap } from "../../../lib/heap.ts";
import { DEGREE_M } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { BEARINGS, bearingsOf, SQUARE_M, type PaceField } from "./pace-field.ts";

/** The fastest way across a field between two places. */
export interface WayAcross {
  readonly tookS: number;
  readonly lengthM: number;
}

/** One step of a way, towards its end. */
export interface Step {
  readonly square: number;
  readonly next: number;
  readonly tookS: number;
  readonly bearings: readonly (readonly [bearing: number, share: number])[];
}

/** Ways to one square from all others. */
export interface WaysTo {
  /** Seconds from middle to middle; Infinity where no way leads. */
  secondsFrom(square: number): number;
  metresFrom(square: number): number;
  stepsFrom(square: number): Iterable<Step>;
}

export interface Ways {
  /** The keys of the field's squares, in the order of their numbers. */
  readonly keys: readonly string[];
  /** The number of the square at a place, or of the nearest one that is part of the field; -1 far from all. */
  squareAt(place: Point): number;
  /** Valid until asked again. */
  to(square: number): WaysTo;
  /** NaN where no way leads. */
  between(ways: readonly { readonly from: Point; readonly to: Point }[]): WayAcross[];
}

/** To the squares beside, at the corners, and a knight's move away: sixteen directions. */
const MOVES = [-2, -1, 0, 1, 2]
  .flatMap((east) => [-2, -1, 0, 1, 2].map((north) => ({ east, north })))
  .filter(({ east, north }) => {
    const [long, both] = [Math.max(Math.abs(east), Math.abs(north)), Math.abs(east) + Math.abs(north)];
    return both > 0 && (long === 1 || both === 3);
  })
  .map(({ east, north }) => ({
    east,
    north,
    lengthM: SQUARE_M * Math.hypot(east, north),
    bearings: bearingsOf(SQUARE_M * east, SQUARE_M * north),
  }));
/** So many squares about a place are looked at for one of the field. */
const FURTHEST_SQUARES = 40;
/** The squares about one, ring by ring: by so many to the east and north. */
const RINGS = Array.from({ length: FURTHEST_SQUARES }, (_, index) => {
  const around = index + 1;
  const side = Array.from({ length: 2 * around + 1 }, (__, at) => at - around);
  return side
    .flatMap((east) => side.map((north) => ({ east, north })))
    .filter(({ east, north }) => Math.max(Math.abs(east), Math.abs(north)) === around);
});

/** Fastest ways by the paces of a field: each square is a node, and Dijkstra (1959) goes backwards from the end of ways. */
export function waysAcross({ eastPerDegreeM, squares }: PaceField): Ways {
  const keys = Object.keys(squares);
  const numbers = new Map(keys.map((key, index) => [key, index]));
  const places = keys.map((key) => key.split(",").map(Number) as [number, number]);
  const paces = keys.map((key) => squares[key]!);
  const moves = MOVES.length;
  const before = new Int32Array(keys.length * moves).fill(-1);
  const costs = new Float64Array(keys.length * moves);
  for (const [square, [east, north]] of places.entries())
    for (const [index, move] of MOVES.entries()) {
      const from = numbers.get(`${east - move.east},${north - move.north}`);
      if (from === undefined) continue;
      const pace = move.bearings.reduce(
        (sum, [bearing, share]) => sum + (share * (paces[square]![bearing]! + paces[from]![bearing]!)) / 2,
        0,
      );
      before[square * moves + index] = from;
      costs[square * moves + index] = pace * move.lengthM;
    }

  const heap = makeHeap();
  const tookS = new Float64Array(keys.length);
  const lengthM = new Float64Array(keys.length);
  const next = new Int32Array(keys.length);
  const moved = new Uint8Array(keys.length);
  const done = new Uint8Array(keys.length);

  const at = ({ lat, lng }: Point) => [(lng * eastPerDegreeM) / SQUARE_M, (lat * DEGREE_M) / SQUARE_M] as const;

  function squareAt(place: Point): number {
    const [east, north] = at(place);
    const [column, row] = [Math.floor(east), Math.floor(north)];
    const here = numbers.get(`${column},${row}`);
    if (here !== undefined) return here;
    let [best, bestOff] = [-1, Infinity];
    for (const ring of numbers.size > 0 ? RINGS : []) {
      if (best >= 0) break;
      for (const by of ring) {
        const square = numbers.get(`${column + by.east},${row + by.north}`);
        const off = Math.hypot(column + by.east + 0.5 - east, row + by.north + 0.5 - north);
        if (square !== undefined && off < bestOff) [best, bestOff] = [square, off];
      }
    }
    return best;
  }

  function* stepsFrom(from: number): Generator<Step> {
    for (let square = from; tookS[square]! > 0 && tookS[square]! < Infinity; square = next[square]!) {
      const onTo = next[square]!;
      const { bearings } = MOVES[moved[square]!]!;
      yield { square, next: onTo, tookS: tookS[square]! - tookS[onTo]!, bearings };
    }
  }

  function to(end: number): WaysTo {
    tookS.fill(Infinity);
    lengthM.fill(0);
    done.fill(0);
    tookS[end] = 0;
    heap.clear();
    heap.push(0, end);
    for (let square = heap.pop(); square >= 0; square = heap.pop()) {
      if (done[square]) continue;
      done[square] = 1;
      for (let index = 0; index < moves; index++) {
        const from = before[square * moves + index]!;
        if (from < 0) continue;
        const thereS = tookS[square]! + costs[square * moves + index]!;
        if (thereS >= tookS[from]!) continue;
        tookS[from] = thereS;
        lengthM[from] = lengthM[square]! + MOVES[index]!.lengthM;
        next[from] = square;
        moved[from] = index;
        heap.push(thereS, from);
      }
    }
    return { secondsFrom: (square) => tookS[square]!, metresFrom: (square) => lengthM[square]!, stepsFrom };
  }

  /** From square to square, stretched to the exact ends as the straight line between them is. */
  function between(asked: readonly { readonly from: Point; readonly to: Point }[]): WayAcross[] {
    const answers: WayAcross[] = asked.map(() => ({ tookS: Number.NaN, lengthM: Number.NaN }));
    for (const [end, indexes] of groupBy(asked.keys(), (index) => squareAt(asked[index]!.to))) {
      if (end < 0) continue;
      const ways = to(end);
      for (const index of indexes) {
        const start = squareAt(asked[index]!.from);
        if (start < 0 || ways.secondsFrom(start) === Infinity) continue;
        const [[east, north], [eastEnd, northEnd]] = [at(asked[index]!.from), at(asked[index]!.to)];
        const straightM = SQUARE_M * Math.hypot(eastEnd - east, northEnd - north);
        const [a, b] = [places[start]!, places[end]!];
        const squaresM = SQUARE_M * Math.hypot(b[0] - a[0], b[1] - a[1]);
        answers[index] =
          start === end
            ? { tookS: straightM * meanOf(paces[end]!), lengthM: straightM }
            : {
                tookS: (ways.secondsFrom(start) * straightM) / squaresM,
                lengthM: (ways.metresFrom(start) * straightM) / squaresM,
              };
      }
    }
    return answers;
  }

  return { keys, squareAt, to, between };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / BEARINGS;
}
