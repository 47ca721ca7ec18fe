import type { Verdict } from "../check/checker.ts";
import { quantile, type OfflineResult } from "./offline.ts";
import type { InstanceOrder } from "./instance.ts";
import type { DayOrder } from "./read-day.ts";

/** What `--json` writes down. Minutes are the deployment's; `...Ms` are wall milliseconds. */
export interface ReplayFigures {
  readonly placed: number;
  readonly delivered: number;
  readonly undeliveredPct: number;
  /** Click-to-door: from the instance's minute of placing to the hand-over. */
  readonly ctdMeanMin: number;
  readonly ctdP90Min: number;
  /** Ready-to-pickup: from the instance's ready minute. */
  readonly rtpMeanMin: number;
  /** The same policy alone, minute by minute, on the same instance; null where there is no instance. */
  readonly policyOnlyCtdMeanMin: number | null;
  readonly ctdRatio: number | null;
  readonly offersPerOrder: number;
  readonly eventsPublished: number;
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  readonly leaked: number;
  readonly rawGaps: number;
  readonly moneyMismatches: number;
  /** Null where nothing was measured: a simulation has no wall time. */
  readonly restP50Ms: number | null;
  readonly restP99Ms: number | null;
  readonly commitToClientP50Ms: number | null;
  readonly commitToClientP99Ms: number | null;
}

/** When an order was placed and its food was ready, by the day itself: minutes. */
export type Plan = Pick<InstanceOrder, "placedMin" | "readyMin">;

export interface FiguresInput {
  readonly instanceOrders: number;
  readonly packOrders: ReadonlyMap<string, Plan>;
  readonly orders: readonly Pick<DayOrder, "id" | "pickedUpAtMs" | "deliveredAtMs">[];
  readonly minuteOf: (atMs: number) => number;
  readonly policyOnly: OfflineResult | undefined;
  readonly offers: number;
  readonly events: number;
  readonly verdict: Verdict;
  /** Answers that strangers were given: leaks too. */
  readonly strangersAnswered: number;
  readonly moneyMismatches: number;
  readonly restMs: readonly number[];
  readonly commitToClientMs: readonly number[];
}

/** The figures of a played day. [RPL8] */
export function figuresOf(input: FiguresInput): ReplayFigures {
  const { instanceOrders, orders, packOrders, minuteOf, policyOnly, verdict } = input;
  const served = orders.flatMap((order) => {
    const plan = packOrders.get(order.id);
    if (!plan || order.deliveredAtMs === null || order.pickedUpAtMs === null) return [];
    return [
      {
        ctdMin: minuteOf(order.deliveredAtMs) - plan.placedMin,
        rtpMin: minuteOf(order.pickedUpAtMs) - plan.readyMin,
      },
    ];
  });
  const ctd = served.map((each) => each.ctdMin);
  const ctdMeanMin = mean(ctd);
  return {
    placed: instanceOrders,
    delivered: served.length,
    undeliveredPct: instanceOrders === 0 ? 0 : round((100 * (instanceOrders - served.length)) / instanceOrders),
    ctdMeanMin: round(ctdMeanMin),
    ctdP90Min: round(quantile(ctd, 0.9)),
    rtpMeanMin: round(mean(served.map((each) => each.rtpMin))),
    policyOnlyCtdMeanMin: policyOnly ? round(policyOnly.ctdMeanMin) : null,
    ctdRatio: policyOnly ? round(policyOnly.ctdMeanMin === 0 ? 0 : ctdMeanMin / policyOnly.ctdMeanMin) : null,
    offersPerOrder: round(orders.length === 0 ? 0 : input.offers / orders.length),
    eventsPublished: input.events,
    lost: verdict.lost,
    doubled: verdict.doubled,
    disordered: verdict.disordered,
    leaked: verdict.leaked + verdict.invented + input.strangersAnswered,
    rawGaps: verdict.rawGaps,
    moneyMismatches: input.moneyMismatches,
    restP50Ms: measured(input.restMs, 0.5),
    restP99Ms: measured(input.restMs, 0.99),
    commitToClientP50Ms: measured(input.commitToClientMs, 0.5),
    commitToClientP99Ms: measured(input.commitToClientMs, 0.99),
  };
}

/** The median of how long after its minute an order was placed, deployment minutes. [RPL3] */
export function placedLateMin(
  orders: readonly DayOrder[],
  packOrders: ReadonlyMap<string, Plan>,
  minuteOf: (atMs: number) => number,
): number {
  const late = orders.flatMap(({ id, placedAtMs }) => {
    const plan = packOrders.get(id);
    return plan ? [minuteOf(placedAtMs) - plan.placedMin] : [];
  });
  return round(quantile(late, 0.5));
}

/** What must be nothing, whatever happens. */
export function isClean(figures: ReplayFigures): boolean {
  const { lost, doubled, disordered, leaked, moneyMismatches } = figures;
  return lost + doubled + disordered + leaked + moneyMismatches === 0;
}

function measured(values: readonly number[], q: number): number | null {
  return values.length === 0 ? null : round(quantile(values, q));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
