import type { ETA_PARTS, LEARNED_KINDS } from "../../../contracts/eta.ts";
import {
  askDurations,
  crossFit,
  fitDurations,
  type DurationModel,
  type FitSettings,
} from "../learning/duration-model.ts";
import type { RungName } from "../learning/ladder.ts";
import type { Outcome, Task } from "../learning/task.ts";
import type { Spread } from "../spread.ts";

export type PartName = (typeof ETA_PARTS)[number];
export type LearnedKind = (typeof LEARNED_KINDS)[number];

/** What was learned of one part; plain numbers and names, to be stored as they are. */
export interface PartModel {
  readonly kind: LearnedKind;
  /** How far it is believed against the prior, 0..1. */
  readonly trust: number;
  /** Its two levels are {@link PART_LEVELS}. */
  readonly durations: DurationModel;
}

/** A market's learned parts; where one is missing, the prior stands. */
export type PartModels = Readonly<Partial<Record<PartName, PartModel>>>;

export const PART_LEVELS = [0.5, 0.9] as const;
/** Fewer outcomes than this teach nothing. */
export const FEWEST_OUTCOMES = 60;
/** The prior counts for so many outcomes beyond the fewest. */
const PRIOR_OUTCOMES = 100;
/**
 * A learned ninth tenth is at most so many times its middle. Wider ones are the work of a few; and up to here what is longer
 * in the middle and the late end is longer in every atom that `atomsOf` makes of the two. [ETA2]
 */
const WIDEST = 3;

/** What a part's means are taken by. A kitchen stands in one place: cells would say what its name says. */
const RUNGS: Readonly<Record<PartName, readonly RungName[]>> = {
  prep: ["hourOfDay", "hourOfWeek", "subject", "subjectHours"],
  word: ["hourOfDay", "hourOfWeek", "subject", "subjectHours"],
  search: ["hourOfDay", "hourOfWeek", "subject", "from"],
  approach: ["hourOfDay", "hourOfWeek", "subject", "to"],
  handover: ["hourOfDay", "subject", "subjectHours"],
  ride: ["hourOfDay", "hourOfWeek", "subject", "to", "from", "pairWide", "pair"],
  drop: ["hourOfDay", "subject", "to"],
};

const FIT: Omit<FitSettings, "forest"> = { levels: PART_LEVELS, mindsSeconds: 1, blindToWay: true };
const FOREST: FitSettings["forest"] = {
  trees: 60,
  rate: 0.07,
  leaves: 6,
  minLeaf: 40,
  rowShare: 0.6,
  featureShare: 0.5,
  smooth: 0.25,
  shrink: 10,
  seed: 1,
};

/** How far `outcomes` are believed: nothing at the fewest and then ever more, so that learning begins without a jump. [ETA18] */
export function trustIn(outcomes: number): number {
  const beyond = Math.max(0, outcomes - FEWEST_OUTCOMES);
  return beyond / (beyond + PRIOR_OUTCOMES);
}

/** Learns a part from its outcomes; the same outcomes give the same. At least one is needed. */
export function fitPart(part: PartName, kind: LearnedKind, outcomes: readonly Outcome[]): PartModel {
  const crossed = crossFit(outcomes, RUNGS[part]);
  const forest = { ...FOREST, trees: kind === "trees" ? FOREST.trees : 0 };
  return { kind, trust: trustIn(outcomes.length), durations: fitDurations(outcomes, [], { ...FIT, forest }, crossed) };
}

/** What is believed of a task: the learned quantiles as far as they are trusted, the prior for the rest. [ETA18] */
export function askPart({ trust, durations }: PartModel, task: Task, prior: Spread): Spread {
  const [p50S = 0, p90S = 0] = askDurations(durations, task, []);
  const mixed = (learnedS: number, priorMs: number) => trust * learnedS * 1000 + (1 - trust) * priorMs;
  return { p50Ms: mixed(p50S, prior.p50Ms), p90Ms: mixed(Math.min(p90S, WIDEST * p50S), prior.p90Ms) };
}
