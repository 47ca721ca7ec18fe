import { assert } from "../../../lib/assert.ts";
import { DEGREE_M } from "../../geo/distance.ts";

import { askForest, fitForest, meanOfForests, type Forest, type ForestSettings } from "./forest.ts";
import { climb, fitLadder, type Climb, type Ladder, type RungName } from "./ladder.ts";
import { nearPairs, sumPairs, type PairSums } from "./near-pairs.ts";
import type { Outcome, Task } from "./task.ts";

/** What was learned of durations of one kind; plain numbers and names, to be stored as they are. */
export interface DurationModel {
  readonly outcomes: number;
  /** The trees are not told how long the way is: a longer one never gives less. */
  readonly blindToWay?: boolean;
  readonly ladder: Ladder;
  /** The trees answer in so many seconds, more or less than expected; in shares of what was expected where it is left out. */
  readonly unitS?: number;
  /** What the ladder leaves over from about here to about there. */
  readonly pairs?: PairSums;
  readonly quantiles: readonly { readonly level: number; readonly forest: Forest }[];
}

export interface FitSettings {
  readonly levels: readonly number[];
  readonly forest: ForestSettings;
  /** So many forests, each by a seed of its own, are kept as their mean; one where it is left out. */
  readonly forests?: number;
  /** Outcomes weigh by what was expected, to this power: 1 minds seconds, 0 minds shares. */
  readonly mindsSeconds: number;
  /** Trees learn by how many seconds outcomes differ from what was expected, not by which share. All outcomes weigh the same. */
  readonly inSeconds?: boolean;
  readonly blindToWay?: boolean;
  readonly onProgress?: (done: number, of: number) => void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Ladders that an outcome is held against never saw its day. */
const PARTS = 5;
/** What takes seconds less than expected still takes this long. */
const LEAST_S = 1;
/** What a single outcome may leave over for its pair of squares. */
const FURTHEST_LEFT = 1;

/** Climbs of outcomes on ladders that never saw their day, so that what is learned on top of them is not told the answer. */
export interface CrossFit {
  readonly ladder: Ladder;
  readonly climbs: readonly Climb[];
  /** Left over by the ladders, and what outcomes of other days left near each; where it was asked for. */
  readonly pairs?: { readonly sums: PairSums; readonly near: readonly (readonly number[])[] };
  /** The ladder that never saw this day. */
  ladderAt(askedAtMs: number): Ladder;
}

/**
 * Fits the whole ladder, and one without each part of the days; of the hours, where there are not days enough.
 *
 * @param rungs those that may say something; all of them where they are left out
 * @param withPairs whether what is left over is looked for by places near both ends; worth it where ways are many
 */
export function crossFit(outcomes: readonly Outcome[], rungs?: readonly RungName[], withPairs = false): CrossFit {
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
  const partAt = (askedAtMs: number): number => partOfDay.get(dayOf(askedAtMs)) ?? -1;
  const ladderAt = (askedAtMs: number): Ladder => without[partAt(askedAtMs)] ?? ladder;
  const climbs = outcomes.map((each) => climb(ladderAt(each.askedAtMs), each));
  if (!withPairs) return { ladder, ladderAt, climbs };
  const left = outcomes.map(({ tookS }, index) =>
    Math.max(-FURTHEST_LEFT, Math.min(FURTHEST_LEFT, Math.log(tookS / climbs[index]!.expectedS))),
  );
  const sumsWithout = without.map((_, part) => {
    const others = [...outcomes.keys()].filter((index) => partAt(outcomes[index]!.askedAtMs) !== part);
    return sumPairs(
      others.map((index) => outcomes[index]!),
      others.map((index) => left[index]!),
    );
  });
  const near = outcomes.map((each) => nearPairs(sumsWithout[partAt(each.askedAtMs)]!, each));
  return { ladder, ladderAt, climbs, pairs: { sums: sumPairs(outcomes, left), near } };
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
  const { blindToWay = false, inSeconds = false } = settings;
  const climbs = outcomes.map((each, index) => justNow(fitted.climbs[index]!, each));
  const rows = outcomes.map((each, index) =>
    featuresOf(each, climbs[index]!, [...(fitted.pairs?.near[index] ?? []), ...(pulses[index] ?? [])], blindToWay),
  );
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, feature) => Float64Array.from(rows, (row) => row[feature]!));
  const meanS = climbs.reduce((sum, { expectedS }) => sum + expectedS, 0) / outcomes.length;
  const target = Float64Array.from(outcomes, ({ tookS }, index) => {
    const { expectedS } = climbs[index]!;
    return inSeconds ? (tookS - expectedS) / meanS : Math.log(tookS / expectedS);
  });
  const weight = Float64Array.from(climbs, ({ expectedS }) =>
    inSeconds ? 1 : (expectedS / meanS) ** settings.mindsSeconds,
  );
  const { forest, forests = 1 } = settings;
  const steps = settings.levels.length * forests * forest.trees;
  const quantiles = settings.levels.map((level, index) => {
    const grown = Array.from({ length: forests }, (_, nth) =>
      fitForest({ columns, target, weight }, level, { ...forest, seed: forest.seed + nth }, (trees) =>
        settings.onProgress?.((index * forests + nth) * forest.trees + trees, steps),
      ),
    );
    return { level, forest: meanOfForests(grown) };
  });
  return {
    outcomes: outcomes.length,
    ...(blindToWay ? { blindToWay } : {}),
    ...(inSeconds ? { unitS: meanS } : {}),
    ladder: fitted.ladder,
    ...(fitted.pairs ? { pairs: fitted.pairs.sums } : {}),
    quantiles,
  };
}

/** Seconds at each of the model's levels, never falling from one to the next, and what was expected without the moment. */
export function askDurations(
  model: DurationModel,
  task: Task,
  pulse: readonly number[],
  climbed: Climb = climb(model.ladder, task),
): number[] {
  const near = model.pairs ? nearPairs(model.pairs, task) : [];
  const now = justNow(climbed, task);
  const features = featuresOf(task, now, [...near, ...pulse], model.blindToWay ?? false);
  let atLeastS = 0;
  return model.quantiles.map(({ forest }) => {
    const answer = askForest(forest, features);
    const { expectedS } = now;
    const { unitS } = model;
    const saidS = unitS ? Math.max(LEAST_S, expectedS + unitS * answer) : expectedS * Math.exp(answer);
    atLeastS = Math.max(atLeastS, saidS);
    return atLeastS;
  });
}

/** What is expected where it goes slower than usual; trees alone say no more of that than the days that they learned from had. */
function justNow(climbed: Climb, { slower = 0 }: Task): Climb {
  return slower === 0 ? climbed : { ...climbed, expectedS: climbed.expectedS * Math.exp(slower) };
}

function featuresOf(
  task: Task,
  { wayS, expectedS, rungs, outcomes }: Climb,
  moment: readonly number[],
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
    ...moment,
  ];
}
