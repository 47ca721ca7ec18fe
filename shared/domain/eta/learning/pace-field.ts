import { DEGREE_M } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";

/** Side of the squares that a pace is learned for, and how many of them lend each other theirs, a side. */
export const SQUARE_M = 200;
const WIDE_SQUARES = 4;
/** A pace is told apart by which eighth of the compass one goes towards: from the east on, against the clock. */
export const BEARINGS = 8;
/** Metres that the pace of the square as a whole, and that of the place around it, count for. */
const SQUARE_STRENGTH_M = 400;
const WIDE_STRENGTH_M = 2_000;
/** Squares in which less was gone are no part of the field: water, hills, what a straight line between two fixes cut off. */
const FEWEST_M = 300;
/** Two fixes further apart than this tell nothing of the way between. */
const LONGEST_GAP_S = 180;

/** Somebody was here so many seconds after the beginning of a way. */
export interface Seen extends Point {
  readonly sinceS: number;
}

/** How slowly one gets on across a city, learned from traces and without its map; plain numbers, to be stored as they are. */
export interface PaceField {
  readonly eastPerDegreeM: number;
  /** By `east,north` of the square: seconds a metre towards each of the {@link BEARINGS}. */
  readonly squares: Readonly<Record<string, readonly number[]>>;
}

/** What was gone towards each bearing: seconds and metres in turn. */
type Gone = Float64Array;

/**
 * Paces as the traces had them, by squares and bearings: each step between two fixes counts, stops too, along the straight
 * line between them. Where little was gone, what is around counts for more. The same traces give the same field.
 */
export function learnPaces(traces: readonly (readonly Seen[])[]): PaceField {
  const eastPerDegreeM = DEGREE_M * Math.cos(((traces[0]?.[0]?.lat ?? 0) * Math.PI) / 180);
  const squares = new Map<string, Gone>();
  const wide = new Map<string, Gone>();
  let [wholeS, wholeM] = [0, 0];
  for (const trace of traces)
    for (const [index, to] of trace.entries()) {
      const from = trace[index - 1];
      const tookS = to.sinceS - (from?.sinceS ?? to.sinceS);
      if (!from || tookS <= 0 || tookS > LONGEST_GAP_S) continue;
      const [east, north] = [from.lng * eastPerDegreeM, from.lat * DEGREE_M];
      const [eastM, northM] = [to.lng * eastPerDegreeM - east, to.lat * DEGREE_M - north];
      const lengthM = Math.hypot(eastM, northM);
      wholeS += tookS;
      wholeM += lengthM;
      const pieces = Math.max(1, Math.ceil(lengthM / (SQUARE_M / 2)));
      for (let piece = 0; piece < pieces; piece++) {
        const along = (piece + 0.5) / pieces;
        const at = [(east + along * eastM) / SQUARE_M, (north + along * northM) / SQUARE_M] as const;
        const goneIn = [goneAt(squares, at, 1), goneAt(wide, at, WIDE_SQUARES)];
        for (const [bearing, share] of bearingsOf(eastM, northM))
          for (const gone of goneIn) {
            gone[2 * bearing]! += (share * tookS) / pieces;
            gone[2 * bearing + 1]! += (share * lengthM) / pieces;
          }
      }
    }
  const usual = wholeM > 0 ? wholeS / wholeM : 0;
  const learned: Record<string, readonly number[]> = {};
  for (const [key, gone] of squares) {
    if (metresOf(gone) < FEWEST_M) continue;
    const [east = 0, north = 0] = key.split(",").map(Number);
    learned[key] = pacesOf(gone, goneAt(wide, [east, north], WIDE_SQUARES), usual);
  }
  return { eastPerDegreeM, squares: learned };
}

function pacesOf(gone: Gone, around: Gone, usual: number): number[] {
  const widePace = (secondsOf(around) + WIDE_STRENGTH_M * usual) / (metresOf(around) + WIDE_STRENGTH_M);
  const squarePace = (secondsOf(gone) + SQUARE_STRENGTH_M * widePace) / (metresOf(gone) + SQUARE_STRENGTH_M);
  return Array.from({ length: BEARINGS }, (_, bearing) => {
    const [seconds, metres] = [2 * bearing, 2 * bearing + 1];
    const towards = (around[seconds]! + WIDE_STRENGTH_M * usual) / (around[metres]! + WIDE_STRENGTH_M);
    const before = Math.sqrt(towards * squarePace);
    return rounded((gone[seconds]! + SQUARE_STRENGTH_M * before) / (gone[metres]! + SQUARE_STRENGTH_M));
  });
}

/** The two bearings that a direction lies between, and its share in each; standing still belongs to all alike. */
export function bearingsOf(eastM: number, northM: number): (readonly [bearing: number, share: number])[] {
  if (Math.hypot(eastM, northM) < 1)
    return Array.from({ length: BEARINGS }, (_, bearing) => [bearing, 1 / BEARINGS] as const);
  const turn = (Math.atan2(northM, eastM) / (2 * Math.PI) + 1) * BEARINGS;
  const low = Math.floor(turn);
  return [
    [low % BEARINGS, 1 - (turn - low)],
    [(low + 1) % BEARINGS, turn - low],
  ];
}

/** Paces are kept to a tenth of a second each kilometre. */
export function rounded(pace: number): number {
  return Math.round(pace * 1e4) / 1e4;
}

function goneAt(all: Map<string, Gone>, [east, north]: readonly [number, number], side: number): Gone {
  const key = `${Math.floor(east / side)},${Math.floor(north / side)}`;
  const known = all.get(key);
  if (known) return known;
  const gone = new Float64Array(2 * BEARINGS);
  all.set(key, gone);
  return gone;
}

function secondsOf(gone: Gone): number {
  return gone.reduce((sum, each, index) => (index % 2 === 0 ? sum + each : sum), 0);
}

function metresOf(gone: Gone): number {
  return gone.reduce((sum, each, index) => (index % 2 === 1 ? sum + each : sum), 0);
}
