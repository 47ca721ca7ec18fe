import type { Verdict } from "../check/checker.ts";
import type { ReplayFigures } from "../replay/figures.ts";
import { quantile } from "../replay/offline.ts";

export type Wrong = Pick<Verdict, "lost" | "doubled" | "disordered" | "leaked">;

/** One kind of fault as it was played. Times are wall ms. */
export interface FaultRow extends Wrong {
  readonly name: string;
  readonly seed: number;
  readonly done: string;
  /** From the beginning of the fault until all was whole again. */
  readonly brokenMs: number;
  /** Events that were committed from its beginning until everybody had caught up. */
  readonly events: number;
  /** From when all was whole until everybody was connected and had been given all that was committed by then. */
  readonly catchUpMs: number;
  /** From when all was whole until the first event that was committed afterwards was heard. */
  readonly goesOnMs: number;
  /** Who had not caught up when it was given up to wait, in words. */
  readonly stuck?: string;
}

/** What `--json` writes down. */
export interface FaultFigures extends Wrong {
  readonly seed: number;
  readonly kinds: number;
  readonly catchUpP50Ms: number;
  readonly catchUpP99Ms: number;
  readonly goesOnP99Ms: number;
  /** Orders that were placed and those that were handed over. */
  readonly placed: number;
  readonly delivered: number;
  readonly events: number;
  readonly moneyMismatches: number;
  readonly rows: readonly FaultRow[];
}

/** What was wrong more than before. The checker judges the whole run each time, as what was lost once may come yet. */
export function since(before: Wrong, now: Wrong): Wrong {
  return {
    lost: now.lost - before.lost,
    doubled: now.doubled - before.doubled,
    disordered: now.disordered - before.disordered,
    leaked: now.leaked - before.leaked,
  };
}

export function faultFiguresOf(seed: number, rows: readonly FaultRow[], day: ReplayFigures): FaultFigures {
  const { lost, doubled, disordered, leaked, placed, delivered, moneyMismatches, eventsPublished } = day;
  const quantileOf = (key: "catchUpMs" | "goesOnMs", share: number) =>
    Math.round(
      quantile(
        rows.map((row) => row[key]),
        share,
      ),
    );
  return {
    seed,
    kinds: rows.length,
    lost,
    doubled,
    disordered,
    leaked,
    catchUpP50Ms: quantileOf("catchUpMs", 0.5),
    catchUpP99Ms: quantileOf("catchUpMs", 0.99),
    goesOnP99Ms: quantileOf("goesOnMs", 0.99),
    placed,
    delivered,
    events: eventsPublished,
    moneyMismatches,
    rows,
  };
}

/** Why a run is not clean, in words: of the whole day, and of each kind. [FLT8] */
export function wrongIn({ rows, moneyMismatches, ...total }: FaultFigures): string[] {
  const words = ({ lost, doubled, disordered, leaked }: Wrong) =>
    `${lost} lost, ${doubled} doubled, ${disordered} disordered, ${leaked} leaked`;
  const bad = ({ lost, doubled, disordered, leaked }: Wrong) => lost + doubled + disordered + leaked !== 0;
  return [
    ...(rows.length === 0 ? ["no fault was played"] : []),
    ...(bad(total) ? [`in all: ${words(total)}`] : []),
    ...rows.filter(bad).map((row) => `${row.name}: ${words(row)}`),
    ...rows.flatMap(({ name, stuck }) => (stuck === undefined ? [] : [`${name}: ${stuck}`])),
    ...rows
      .filter(({ events }) => events === 0)
      .map(({ name }) => `${name}: nothing happened meanwhile, so it shows nothing`),
    ...(moneyMismatches > 0 ? [`${moneyMismatches} orders whose money does not agree`] : []),
  ];
}
