import { z } from "zod";

/** What is learned of an order's time, each by itself. */
export const ETA_PARTS = ["prep", "word", "search", "approach", "handover", "ride", "drop"] as const;

/** A ladder of pooled means alone, or one with trees over it. */
export const LEARNED_KINDS = ["ladder", "trees"] as const;

/** How far off quantiles were on outcomes that they did not know. */
export const etaFault = z.object({
  /** Mean pinball loss at each level, seconds. */
  pinball50S: z.number(),
  pinball90S: z.number(),
  /** Hundredths of the outcomes that came within each level; true ones have 50 and 90. */
  within50Pct: z.number(),
  within90Pct: z.number(),
});
export type EtaFault = z.output<typeof etaFault>;

/** How a part was learned, and why it is believed or not. */
export const etaPartTrial = z.object({
  outcomes: z.int(),
  /** The newest of them, on which it was tried; 0: too few. */
  heldOut: z.int(),
  used: z.enum([...LEARNED_KINDS, "prior"]),
  prior: etaFault.nullable(),
  learned: etaFault.nullable(),
});
export type EtaPartTrial = z.output<typeof etaPartTrial>;

/** What a version was learned from. */
export const etaTrials = z.object({
  orders: z.int(),
  parts: z.record(z.enum(ETA_PARTS), etaPartTrial),
  /** Whole orders, as they were told when they were paid: all used parts together against all priors. */
  whole: z.object({ heldOut: z.int(), prior: etaFault, learned: etaFault }).nullable(),
});
export type EtaTrials = z.output<typeof etaTrials>;

/** How good the times of one stage were that customers were told: with the order, before anybody carried it, with the food in hand. */
const stageAccuracy = z.object({
  stage: z.enum(["order", "waiting", "under-way"]),
  promises: z.int(),
  /** How far off the early end was on the average. */
  maeS: z.number(),
  /** How much later than the early end it came on the average; below 0: earlier. */
  lateS: z.number(),
  /** Hundredths that came by the early end, and by the late end. */
  coverage50Pct: z.number(),
  coverage90Pct: z.number(),
});
export type StageAccuracy = z.output<typeof stageAccuracy>;

/** The same of a market's last delivered orders, stage by stage. */
export const etaAccuracy = z.object({
  orders: z.int(),
  stages: z.array(stageAccuracy),
  /** Paid orders of the same time that were cancelled, and those of them that ended past their promise's late end. */
  undelivered: z.object({ orders: z.int(), late: z.int() }),
});
