import { z } from "zod";

import { marketId, orderId } from "./ids.ts";

interface JobRow {
  readonly queue: "payments" | "dispatch";
  readonly payload: z.ZodType;
  readonly attempts: number;
  readonly backoffMs: number;
}

/** Every job there is. Producer and worker read the same row, so they cannot disagree. */
export const JOBS = {
  /** Brings the payment provider to what the order's state asks for: capture, release or refund. */
  "payment.settle": {
    queue: "payments",
    payload: z.object({ marketId, orderId }),
    attempts: 12,
    backoffMs: 1_000,
  },
} as const satisfies Record<string, JobRow>;

export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.output<(typeof JOBS)[N]["payload"]>;

/** What travels through a queue: which row to look at. The row decides; a queue is only a hint. */
export const jobHint = z.object({ marketId, id: z.uuid() });

/** Fixed dispatch queues: a market's rounds always go through the same one. */
export const DISPATCH_QUEUES = 16;
/** Asks for a round of a market, soon. */
export const roundHint = z.object({ marketId });

/** Where the times of all markets are learned anew, again and again: one repeated job. */
export const LEARNING_QUEUE = "learning";
