import { assert } from "../../../lib/assert.ts";
import { DEGREE_M } from "../../geo/distance.ts";

import { askForest, fitForest, type Forest, type ForestSettings } from "./forest.ts";
import { climb, fitLadder, type Climb, type Ladder, type RungName } from "./ladder.ts";
import type { Outcome, Task } from "./task.ts";

/** What was learned of durations of one kind; plain numbers and names, to be stored as they are. */
export interface DurationModel {
  readonly outcomes: number;
  /** The trees are not told how long the way is: a longer one never gives less. */
  readonly blindToWay?: boolean;
  readonly ladder: Ladder;
  readonly quantiles: readonly { readonly level: number; readonly forest: Forest }[];
}

export interface FitSettings {
  readonly levels: readonly number[];
  readonly forest: ForestSettings;
  /** Outcomes weigh by what was expected, to this power: 1 minds seconds, 0 minds shares. */
  readonly mindsSeconds: number;
  readonly blindToWay?: boolean;
  readonly onProgress?: (done: number, of: number) => void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Ladders that an outcome is held against never saw its day. */
const PARTS = 5;

/** Climbs of outcomes on ladders that never saw their day, so that what is learned on top of them is not told the answer. */
export interface CrossFit {
  readonly ladder: Ladder;
  readonly climbs: readonly Climb[];
  /** The ladder that never saw this day. */
  ladderAt(askedAtMs: number): Ladder;
}

/**
 * Fits the whole ladder, and one without each part of the days; of the hours, where there are not days enough.
 *
 * @param rungs those that may say something; all of them where they are left out
 */
export function crossFit(outcomes: readonly Outcome[], rungs?: readonly RungName[]): CrossFit {
  assert(outcomes.length > 0, "nothing to learn from");
  const spansOf = (spanMs: number) => new Set(outcomes.map(({ askedAtMs }) => Math.floor(askedAtMs / spanMs)));
  const spanMs = spansOf(DAY_MS).size >= PARTS ? DAY_MS : HOUR_MS;
  const dayOf = (askedAtMs: number) => Math.floor(askedAtMs / spanMs);
  const days = [...spansOf(spanMs)].toSorted((a, b) => a - b);
  const partOfDay = new Map(days.map((day, index) => [day, index % PARTS]));
  const ladder = fitLadder(outcomes, rungs);
  const without = Array.from({ length: PARTS }, (_, part) => {
    const others = outcomes.filter(({ askedAtMs }) => partOfDay.get(dayOf(askedAtMs)) !== part);
    return others.length > 0 ? fitLadder(others, rungs) : ladder;
  });
  const ladderAt = (askedAtMs: number): Ladder => without[partOfDay.get(dayOf(askedAtMs)) ?? -1] ?? ladder;
  return { ladder, ladderAt, climbs: outcomes.map((each) => climb(ladderAt(each.askedAtMs), each)) };
}

/**
 * Learns quantiles of durations: a ladder of pooled means for what each place, hour and subject is like, and boosted trees
 * over it for how they go together and for what goes on just now.
 *
 * @param pulses what was known of the moment at each outcome's asking
 */
export function fitDurations(
  outcomes: readonly Outcome[],
  pulses: readonly (readonly number[])[],
  settings: FitSettings,
  fitted: CrossFit = crossFit(outcomes),
): DurationModel {
  const { blindToWay = false } = settings;
  const rows = outcomes.map((each, index) => featuresOf(each, fitted.climbs[index]!, pulses[index] ?? [], blindToWay));
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, feature) => Float64Array.from(rows, (row) => row[feature]!));
  const target = Float64Array.from(outcomes, ({ tookS }, index) => Math.log(tookS / fitted.climbs[index]!.expectedS));
  const mean = fitted.climbs.reduce((sum, { expectedS }) => sum + expectedS, 0) / outcomes.length;
  const weight = Float64Array.from(fitted.climbs, ({ expectedS }) => (expectedS / mean) ** settings.mindsSeconds);
  const steps = settings.levels.length * settings.forest.trees;
  const quantiles = settings.levels.map((level, index) => ({
    level,
    forest: fitForest({ columns, target, weight }, level, settings.forest, (trees) =>
      settings.onProgress?.(index * settings.forest.trees + trees, steps),
    ),
  }));
  return { outcomes: outcomes.length, ...(blindToWay ? { blindToWay } : {}), ladder: fitted.ladder, quantiles };
}

/** Seconds at each of the model's levels, never falling from one to the next, and what was expected without the moment. */
export function askDurations(
  model: DurationModel,
  task: Task,
  pulse: readonly number[],
  climbed: Climb = climb(model.ladder, task),
): number[] {
  const features = featuresOf(task, climbed, pulse, model.blindToWay ?? false);
  let atLeastS = 0;
  return model.quantiles.map(({ forest }) => {
    atLeastS = Math.max(atLeastS, climbed.expectedS * Math.exp(askForest(forest, features)));
    return atLeastS;
  });
}

function featuresOf(
  task: Task,
  { wayS, expectedS, rungs, outcomes }: Climb,
  pulse: readonly number[],
  blindToWay: boolean,
): number[] {
  const { from, to } = task;
  const eastPerDegree = DEGREE_M * Math.cos((from.lat * Math.PI) / 180);
  const [eastM, northM] = [(to.lng - from.lng) * eastPerDegree, (to.lat - from.lat) * DEGREE_M];
  return [
    ...(blindToWay ? [] : [Math.log(expectedS), Math.log(wayS), task.way]),
    task.hourOfWeek % 24,
    Math.floor(task.hourOfWeek / 24),
    from.lat,
    from.lng,
    to.lat,
    to.lng,
    eastM,
    northM,
    Math.hypot(eastM, northM),
    Math.atan2(northM, eastM),
    // Round the corners of streets that run north and east, and of those that run between.
    Math.abs(eastM) + Math.abs(northM),
    Math.abs(eastM + northM) + Math.abs(eastM - northM),
    (from.lat + to.lat) / 2,
    (from.lng + to.lng) / 2,
    ...rungs,
    ...outcomes.slice(2),
    ...task.facts,
    ...pulse,
  ];
}
