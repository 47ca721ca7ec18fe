import { askInOrder } from "#shared/domain/eta/learning/estimator.ts";
import { crossFit, fitDurations, type FitSettings } from "#shared/domain/eta/learning/duration-model.ts";
import type { RungName } from "#shared/domain/eta/learning/ladder.ts";
import { readPulses } from "#shared/domain/eta/learning/pulse.ts";
import type { Outcome } from "#shared/domain/eta/learning/task.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

import type { Asking } from "./asked-chart.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import { readTable } from "./read-table.ts";
import { coveredPct, meanOff, meanPinball, type Progress } from "./figures.ts";

const LEVELS = [0.5, 0.8, 0.9] as const;
/** Helsinki in August and September. */
const UTC_OFFSET_H = 3;
const KNOWN = ["CLOUD_COVERAGE", "TEMPERATURE", "WIND_SPEED", "PRECIPITATION"] as const;
const PLACES = ["USER_LAT", "USER_LONG", "VENUE_LAT", "VENUE_LONG"] as const;

/** A venue stands in one place, and there are few orders for each pair of cells: what they would say is mostly chance. */
const RUNGS: readonly RungName[] = ["hourOfDay", "hourOfWeek", "subject", "to", "subjectHours"];

/** Close to what cross-validation over the days of the open rows preferred in a prototype. */
const FIT: Omit<FitSettings, "onProgress"> = {
  levels: LEVELS,
  mindsSeconds: 1,
  inSeconds: true,
  forests: 5,
  forest: {
    trees: 300,
    rate: 0.04,
    leaves: 8,
    minLeaf: 30,
    rowShare: 0.6,
    featureShare: 0.4,
    smooth: 0.25,
    shrink: 5,
    seed: 1,
  },
};

export interface WoltFigures {
  readonly orders: number;
  /** Minutes. */
  readonly mae: number;
  readonly pinball80: number;
  readonly pinball90: number;
  readonly coverage80Pct: number;
  readonly coverage90Pct: number;
}

export const WOLT_ASKED: Asking<WoltFigures> = [
  ["mae", "mean error, min", 6.75],
  ["pinball80", "pinball loss at 0.8, min", 2.45],
  ["pinball90", "pinball loss at 0.9, min", 1.55],
  ["coverage80Pct", "coverage of 0.8, %", 80],
  ["coverage90Pct", "coverage of 0.9, %", 90],
];

/**
 * Orders as they were known when they were placed. The platform's own estimate in the table is never read.
 *
 * @throws {BadTable}
 */
export function readWolt(path: string): Outcome[] {
  const rows = readTable(path, ",", ["TIMESTAMP", "ACTUAL_DELIVERY_MINUTES", "ITEM_COUNT", ...PLACES, ...KNOWN]);
  return rows.map((row) => {
    const askedAtMs = Date.parse(`${row.text("TIMESTAMP").replace(" ", "T")}Z`);
    if (Number.isNaN(askedAtMs)) throw row.wrong(`TIMESTAMP is "${row.text("TIMESTAMP")}", not a time`);
    const tookS = row.number("ACTUAL_DELIVERY_MINUTES") * 60;
    if (tookS <= 0) throw row.wrong("ACTUAL_DELIVERY_MINUTES is not more than 0");
    const from = { lat: row.number("VENUE_LAT"), lng: row.number("VENUE_LONG") };
    const to = { lat: row.number("USER_LAT"), lng: row.number("USER_LONG") };
    return {
      askedAtMs,
      hourOfWeek: hourOfWeek(askedAtMs, UTC_OFFSET_H),
      from,
      to,
      way: distanceM(from, to),
      // Venues have no names in the table; their place is one.
      subject: `${from.lat}/${from.lng}`,
      facts: [row.number("ITEM_COUNT"), ...KNOWN.map((column) => row.numberOrUnknown(column))],
      tookS,
    };
  });
}

/** What the model that `fit` teaches says of each order of `predict` at its moment: minutes, and what it took. */
export function predictWolt(fit: readonly Outcome[], predict: readonly Outcome[], progress: Progress) {
  const crossed = crossFit(fit, RUNGS);
  const expectedS = crossed.climbs.map((each) => each.expectedS);
  const pulses = readPulses(fit, expectedS);
  const model = fitDurations(fit, pulses, { ...FIT, onProgress: (done, of) => progress("orders", done, of) }, crossed);
  const said = askInOrder(model, predict, { outcomes: fit, expectedS });
  return predict.map(({ tookS }, index) => ({
    tookMin: tookS / 60,
    saidMin: (said[index] ?? []).map((seconds) => seconds / 60),
  }));
}

export type WoltAnswer = ReturnType<typeof predictWolt>[number];

export function woltFigures(answers: readonly WoltAnswer[]): WoltFigures {
  const at = (level: 0 | 1 | 2) => answers.map(({ tookMin, saidMin }) => [tookMin, saidMin[level] ?? 0] as const);
  return {
    orders: answers.length,
    mae: meanOff(at(0)),
    pinball80: meanPinball(at(1), LEVELS[1]),
    pinball90: meanPinball(at(2), LEVELS[2]),
    coverage80Pct: coveredPct(at(1)),
    coverage90Pct: coveredPct(at(2)),
  };
}
