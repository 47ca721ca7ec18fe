import { bootstrap, type Interval } from "./bootstrap.ts";
import type { Outcome } from "./play.ts";

export const METRICS = [
  "ctdMeanMin",
  "ctdP90Min",
  "rtpMeanMin",
  "undeliveredPct",
  "offersPerOrder",
  "kmPerOrder",
] as const;
export type Metric = (typeof METRICS)[number];
export type Figures = Readonly<Record<Metric, number>>;

/** What is drawn: hours of the day with all orders placed in them, or orders one by one. */
export type Unit = "hour" | "order";

export interface Compared {
  readonly orders: number;
  readonly unit: Unit;
  readonly blocks: number;
  readonly base: Figures;
  readonly other: Figures;
  readonly difference: Figures;
  readonly interval: Readonly<Record<Metric, Interval>>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** From so many hours on hours are drawn, where nobody says otherwise: of fewer the draws hardly differ. */
export const ENOUGH_HOURS = 8;

/** The unit that fits: orders of an hour share couriers and are not independent, so hours where there are enough of them. [WIF5] */
export function unitFor(outcomes: readonly Outcome[]): Unit {
  return new Set(outcomes.map(hourOf)).size >= ENOUGH_HOURS ? "hour" : "order";
}

/**
 * The same orders under two policies: figures, differences (other less base) and their 95 % intervals by the paired
 * bootstrap: each draw takes the same hours, or orders, of both. [WIF4, WIF5]
 *
 * @param base and `other`: of the same orders in the same order
 */
export function compare(
  base: readonly Outcome[],
  other: readonly Outcome[],
  { seed, times, unit }: { readonly seed: number; readonly times: number; readonly unit: Unit },
): Compared {
  const keys = base.map((outcome, index) => (unit === "hour" ? hourOf(outcome) : index));
  const numbers = new Map([...new Set(keys)].map((key, number) => [key, number]));
  const blockOf = keys.map((key) => numbers.get(key) ?? 0);
  const blocks = numbers.size;
  const [ofBase, ofOther] = [measurer(base, blockOf), measurer(other, blockOf)];
  const differences = (counts: Uint32Array) => {
    const [a, b] = [ofBase(counts), ofOther(counts)];
    return METRICS.map((metric) => b[metric] - a[metric]);
  };
  const once = new Uint32Array(blocks).fill(1);
  const intervals = bootstrap({ seed, times, blocks }, differences);
  const named = <T>(values: readonly T[]) =>
    // Cast: every metric has its value, in the order of METRICS.
    Object.fromEntries(METRICS.map((metric, index) => [metric, values[index]])) as Record<Metric, T>;
  return {
    orders: base.length,
    unit,
    blocks,
    base: ofBase(once),
    other: ofOther(once),
    difference: named(differences(once)),
    interval: named(intervals),
  };
}

/** The figures of all orders. Means and the p90 are over those that were delivered; NaN where there are none. */
export function figuresOf(outcomes: readonly Outcome[]): Figures {
  return measurer(
    outcomes,
    outcomes.map(() => 0),
  )(new Uint32Array([1]));
}

function hourOf({ placedAtMs }: Outcome): number {
  return Math.floor(placedAtMs / HOUR_MS);
}

interface Served {
  readonly block: number;
  readonly ctdMin: number;
  readonly rtpMin: number;
}

/** Figures of a draw of blocks; sorted once, so that each draw is one walk over the orders. */
function measurer(outcomes: readonly Outcome[], blockOf: readonly number[]): (counts: Uint32Array) => Figures {
  const served = outcomes
    .flatMap(({ placedAtMs, readyAtMs, pickedUpAtMs, deliveredAtMs }, index): Served[] => {
      if (deliveredAtMs === null || pickedUpAtMs === null) return [];
      const [ctdMs, rtpMs] = [deliveredAtMs - placedAtMs, Math.max(0, pickedUpAtMs - readyAtMs)];
      return [{ block: blockOf[index] ?? 0, ctdMin: ctdMs / MINUTE_MS, rtpMin: rtpMs / MINUTE_MS }];
    })
    .toSorted((a, b) => a.ctdMin - b.ctdMin);
  return (counts) => {
    const drawn = (block: number) => counts[block] ?? 0;
    let [orders, offers, wayM] = [0, 0, 0];
    for (const [index, outcome] of outcomes.entries()) {
      const times = drawn(blockOf[index] ?? 0);
      orders += times;
      offers += times * outcome.offers;
      wayM += times * (outcome.wayM ?? Number.NaN);
    }
    let [delivered, ctdSum, rtpSum] = [0, 0, 0];
    for (const { block, ctdMin, rtpMin } of served) {
      const times = drawn(block);
      delivered += times;
      ctdSum += times * ctdMin;
      rtpSum += times * rtpMin;
    }
    return {
      ctdMeanMin: ctdSum / delivered,
      ctdP90Min: drawnQuantile(served, drawn, delivered, 0.9),
      rtpMeanMin: rtpSum / delivered,
      undeliveredPct: (100 * (orders - delivered)) / orders,
      offersPerOrder: offers / orders,
      kmPerOrder: wayM / 1000 / orders,
    };
  };
}

/** The quantile (type 7) of sorted values, each as often as its block was drawn. */
function drawnQuantile(
  sorted: readonly Served[],
  drawn: (block: number) => number,
  total: number,
  share: number,
): number {
  const at = (total - 1) * share;
  let [seen, low] = [0, Number.NaN];
  for (const { block, ctdMin } of sorted) {
    seen += drawn(block);
    if (Number.isNaN(low) && seen > Math.floor(at)) low = ctdMin;
    if (seen > Math.ceil(at)) return low + (ctdMin - low) * (at - Math.floor(at));
  }
  return low;
}
