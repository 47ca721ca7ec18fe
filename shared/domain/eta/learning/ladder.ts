import { latLngToCell } from "h3-js";

import type { Point } from "../../geo/point.ts";
import type { Outcome, Task } from "./task.ts";

/** H3 resolution of a block (about 170 m from middle to corner), a neighbourhood (460 m) and a district (1.2 km). */
const FINE = 9;
const NEAR = 8;
const WIDE = 7;
/** A single outcome moves a mean by no more than this, in logarithms: three times, or a third. */
const FURTHEST = 1.1;
/** Means of fewer outcomes than this are not kept: they are nearly 0 and there are many. */
const FEWEST_KEPT = 3;

/** From coarse to fine: what a mean is taken by, and how many outcomes the rung above counts for. */
const RUNGS = [
  ["hourOfDay", 20],
  ["hourOfWeek", 20],
  ["subject", 12],
  ["to", 15],
  ["from", 15],
  ["pairWide", 10],
  ["pair", 8],
  ["subjectHours", 12],
  ["toFine", 15],
  ["fromFine", 15],
] as const;

export type RungName = (typeof RUNGS)[number][0];
export const RUNG_NAMES: readonly RungName[] = RUNGS.map(([name]) => name);

/** What was learned of each rung's keys: the mean, already shrunk, and how many outcomes stand behind it. */
export type Ladder = Readonly<Record<RungName, Readonly<Record<string, readonly [mean: number, outcomes: number]>>>> & {
  /** Seconds = `restS` + `perWay` × way, before any rung. */
  readonly restS: number;
  readonly perWay: number;
};

export interface Climb {
  /** Seconds by the way alone. */
  readonly wayS: number;
  /** Seconds with all rungs. */
  readonly expectedS: number;
  /** Each rung's own share of it, logarithms. */
  readonly rungs: readonly number[];
  readonly outcomes: readonly number[];
}

interface Cells {
  readonly fine: string;
  readonly near: string;
  readonly wide: string;
}

const CELLS_KEPT = 200_000;
const cells = new Map<string, Cells>();

/** Of the point to some 10 m: what is kept does not depend on who asked first. */
function cellsAt(point: Point): Cells {
  const [lat, lng] = [point.lat.toFixed(4), point.lng.toFixed(4)];
  const key = `${lat}/${lng}`;
  const known = cells.get(key);
  if (known) return known;
  const at = (resolution: number) => latLngToCell(Number(lat), Number(lng), resolution);
  const found = { fine: at(FINE), near: at(NEAR), wide: at(WIDE) };
  if (cells.size >= CELLS_KEPT) cells.clear();
  cells.set(key, found);
  return found;
}

export function nearCell(point: Point): string {
  return cellsAt(point).near;
}

function keysOf(task: Task): Record<RungName, string> {
  const hour = Math.floor(task.hourOfWeek);
  const [from, to] = [cellsAt(task.from), cellsAt(task.to)];
  return {
    hourOfDay: String(hour % 24),
    hourOfWeek: String(hour),
    subject: task.subject,
    from: from.near,
    to: to.near,
    pairWide: `${from.wide}>${to.wide}`,
    pair: `${from.near}>${to.near}`,
    subjectHours: `${task.subject}/${Math.floor((hour % 24) / 4)}`,
    toFine: to.fine,
    fromFine: from.fine,
  };
}

/** Nothing learned: the way by itself. */
export function emptyLadder(restS: number, perWay: number): Ladder {
  return { ...(Object.fromEntries(RUNG_NAMES.map((name) => [name, {}])) as Record<RungName, {}>), restS, perWay };
}

/**
 * Partial pooling: each rung learns the mean of what the rungs above left over, shrunk towards 0 as if some outcomes had
 * agreed with them, so that a pair of cells that was hardly seen says what its hour and its cells say.
 *
 * @param rungs those that may say something; the others stay empty
 */
export function fitLadder(outcomes: readonly Outcome[], rungs: readonly RungName[] = RUNG_NAMES): Ladder {
  const line = lineThrough(outcomes);
  const left = outcomes.map((each) => clamp(Math.log(each.tookS / wayOf(line, each.way))));
  const keys = outcomes.map(keysOf);
  const learned: Partial<Record<RungName, Record<string, readonly [number, number]>>> = {};
  for (const [name, strength] of RUNGS) {
    if (!rungs.includes(name)) {
      learned[name] = {};
      continue;
    }
    const sums = new Map<string, [sum: number, count: number]>();
    for (const [index, rung] of keys.entries()) {
      const key = rung[name];
      const kept = sums.get(key);
      if (kept) {
        kept[0] += left[index]!;
        kept[1] += 1;
      } else sums.set(key, [left[index]!, 1]);
    }
    const means: Record<string, readonly [number, number]> = {};
    for (const [key, [sum, count]] of sums)
      if (count >= FEWEST_KEPT) means[key] = [rounded(sum / (count + strength)), count];
    for (const [index, rung] of keys.entries()) left[index]! -= means[rung[name]]?.[0] ?? 0;
    learned[name] = means;
  }
  return { ...(learned as Record<RungName, Record<string, readonly [number, number]>>), ...line };
}

export function climb(ladder: Ladder, task: Task): Climb {
  const keys = keysOf(task);
  const found = RUNG_NAMES.map((name) => ladder[name][keys[name]]);
  const rungs = found.map((each) => each?.[0] ?? 0);
  const wayS = wayOf(ladder, task.way);
  return {
    wayS,
    expectedS: wayS * Math.exp(rungs.reduce((sum, each) => sum + each, 0)),
    rungs,
    outcomes: found.map((each) => each?.[1] ?? 0),
  };
}

type Line = Pick<Ladder, "restS" | "perWay">;

function wayOf({ restS, perWay }: Line, way: number): number {
  return Math.max(20, restS + perWay * way);
}

/** Least squares, then once more without what lies further off than three times the usual. */
function lineThrough(outcomes: readonly Outcome[]): Line {
  const first = squares(outcomes);
  const off = ({ way, tookS }: Outcome) => Math.abs(tookS - first.restS - first.perWay * way);
  const usual = outcomes.reduce((sum, each) => sum + off(each), 0) / Math.max(1, outcomes.length);
  return squares(outcomes.filter((each) => off(each) <= 3 * usual));
}

function squares(outcomes: readonly Outcome[]): Line {
  let [ways, tooks, both, square] = [0, 0, 0, 0];
  for (const { way, tookS } of outcomes) {
    ways += way;
    tooks += tookS;
    both += way * tookS;
    square += way * way;
  }
  const count = Math.max(1, outcomes.length);
  const spread = count * square - ways * ways;
  const perWay = spread > 0 ? Math.max(0, (count * both - ways * tooks) / spread) : 0;
  return { restS: (tooks - perWay * ways) / count, perWay };
}

function clamp(value: number): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, value));
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
