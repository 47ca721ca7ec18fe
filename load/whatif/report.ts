import { METRICS, type Compared, type Figures, type Metric } from "./compare.ts";
import type { Outcome } from "./play.ts";
import type { WayFactors } from "./stored-day.ts";

/** How near the replay of the day comes to the day. */
export interface Calibration {
  /** What really happened; kilometres are not known. */
  readonly was: Figures;
  /** Replay less day. */
  readonly ctdMeanOffMin: number;
  /** Of orders that were delivered in both: how far each is off, on the average, whichever way. */
  readonly ctdOffEachMin: number;
  readonly rtpMeanOffMin: number;
  readonly wayFactors: WayFactors;
}

/** What `--json` writes down. Minutes, percent, and kilometres an order. */
export interface Report extends Compared {
  readonly market: string;
  readonly day: string;
  readonly couriers: number;
  readonly policy: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly draws: number;
  readonly calibration: Calibration;
  readonly notes: readonly string[];
}

const MINUTE_MS = 60_000;
const NAMES: Readonly<Record<Metric, string>> = {
  ctdMeanMin: "click-to-door, mean, min",
  ctdP90Min: "click-to-door, p90, min",
  rtpMeanMin: "ready-to-pickup, mean, min",
  undeliveredPct: "undelivered, %",
  offersPerOrder: "offers an order",
  kmPerOrder: "couriers' way, km an order",
};

/** @param replayed and `was`: of the same orders in the same order */
export function calibrationOf(
  replayed: readonly Outcome[],
  was: readonly Outcome[],
  figures: { readonly replayed: Figures; readonly was: Figures },
  wayFactors: WayFactors,
): Calibration {
  const off = replayed.flatMap(({ deliveredAtMs }, index) => {
    const really = was[index]?.deliveredAtMs ?? null;
    return deliveredAtMs === null || really === null ? [] : [Math.abs(deliveredAtMs - really) / MINUTE_MS];
  });
  return {
    was: figures.was,
    ctdMeanOffMin: figures.replayed.ctdMeanMin - figures.was.ctdMeanMin,
    ctdOffEachMin: off.reduce((sum, each) => sum + each, 0) / off.length,
    rtpMeanOffMin: figures.replayed.rtpMeanMin - figures.was.rtpMeanMin,
    wayFactors,
  };
}

/** A difference counts as shown when its interval does not hold 0. */
export function tableOf(report: Report): string {
  const { base, other, difference, interval, calibration } = report;
  const head = ["", "really", "replayed", "what if", "difference", "95 % interval"];
  const rows = METRICS.map((metric) => {
    const { low, high } = interval[metric];
    return [
      NAMES[metric],
      figure(calibration.was[metric]),
      figure(base[metric]),
      figure(other[metric]),
      signed(difference[metric]),
      `${signed(low)} … ${signed(high)}${low > 0 || high < 0 ? "  *" : ""}`,
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 || column === 5 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [title(report), "", line(head), ...rows.map(line), "", ...sentencesOf(report)].join("\n");
}

function title({ market, day, orders, couriers, policy, weights }: Report): string {
  const changed = Object.entries(weights).map(([name, value]) => `${name}=${value}`);
  const what = [policy, ...changed].join(" ");
  return `${market}, ${day}: ${orders} orders, ${couriers} shifts; what if: ${what}`;
}

function sentencesOf({ calibration, blocks, unit, seed, draws, notes }: Report): string[] {
  const { ctdMeanOffMin, ctdOffEachMin, rtpMeanOffMin, wayFactors } = calibration;
  const why =
    unit === "hour"
      ? "orders of an hour wait for the same couriers, so drawn one by one they would look surer than they are"
      : "there are too few hours to draw from; orders share couriers, so the interval is rather too narrow";
  return [
    `calibration: the replay is off by ${signed(ctdMeanOffMin)} min in click-to-door's mean, ${signed(rtpMeanOffMin)} in ready-to-pickup's, and by ${figure(ctdOffEachMin)} for each order on the average;` +
      ` rides took ${figure(wayFactors.toRestaurant)} (to restaurants) and ${figure(wayFactors.toCustomer)} (to customers) times the router's`,
    `interval: paired bootstrap over ${blocks} ${unit}s, ${draws} draws, seed ${seed}: ${why}; * does not hold 0`,
    ...notes,
  ];
}

function figure(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : "-";
}

function signed(value: number): string {
  const text = figure(value);
  return Number.isFinite(value) && value >= 0 ? `+${text}` : text;
}
