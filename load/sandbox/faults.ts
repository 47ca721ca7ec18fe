import { seededRng } from "#shared/lib/rng.ts";
import { z } from "zod";
import type { CardOutcome } from "./records.ts";

const apiFault = z.strictObject({
  /**
   * error: 500 before anything is done · error_kept: the same, and the idempotency key remembers the 500, as Stripe's
   * does · error_done: everything is done, yet a 500 is answered and remembered · rate_limit: 429 · hang: no answer ever, nothing done · lost_answer: done, but
   * the connection breaks before the answer · decline: the card network declines whatever is confirmed.
   */
  kind: z.enum(["error", "error_kept", "error_done", "rate_limit", "hang", "lost_answer", "decline"]),
  method: z.enum(["GET", "POST", "DELETE"]).optional(),
  /** Part of the path, such as `/capture`; every path if left out. */
  path: z.string().optional(),
  /** How many requests it hits before it is over; all if left out. */
  times: z.int().min(1).optional(),
  /** Share of the matching requests that it hits. */
  probability: z.number().min(0).max(1).default(1),
});

/** What goes wrong, until the next `POST /sandbox/faults` replaces it; an empty object ends all. */
export const faultPlan = z.strictObject({
  seed: z.int().default(1),
  /** Every API answer takes this much longer; its idempotency key is in use meanwhile. */
  latencyMs: z.number().min(0).max(60_000).default(0),
  api: z.array(apiFault).default([]),
  webhooks: z
    .strictObject({
      /** How often each event is sent to each endpoint, at least. */
      copies: z.int().min(1).max(10).default(1),
      delayMs: z.number().min(0).default(0),
      /** Each delivery waits up to this much more, at random: deliveries overtake each other. */
      spreadMs: z.number().min(0).default(0),
      /** Share of the deliveries that never happen, not even by a retry. */
      drop: z.number().min(0).max(1).default(0),
      /** Deliveries wait while this holds. */
      pause: z.boolean().default(false),
      /** The order in which waiting deliveries leave when the pause ends. */
      release: z.enum(["as_happened", "reversed"]).default("as_happened"),
    })
    .prefault({}),
});
type FaultPlan = z.output<typeof faultPlan>;
export type ApiFaultKind = FaultPlan["api"][number]["kind"];

export interface Faults {
  plan(): FaultPlan;
  replace(plan: FaultPlan): void;
  /** The fault that hits this request, used up by asking. */
  forRequest(method: string, path: string): ApiFaultKind | undefined;
  /** When each copy of one delivery leaves, in ms from now; empty: it is dropped. */
  forDelivery(): readonly number[];
}

/** What a declining network says. */
export const OUTAGE_DECLINE: CardOutcome = {
  kind: "decline",
  code: "card_declined",
  declineCode: "issuer_not_available",
  message: "Your card was declined.",
};

/** The current faults; chances come from the plan's seed, so a plan gives the same faults to the same requests. */
export function makeFaults(): Faults {
  let plan = faultPlan.parse({});
  let rng = seededRng(plan.seed);
  let hits: number[] = [];
  return {
    plan: () => plan,
    replace(next) {
      plan = next;
      rng = seededRng(next.seed);
      hits = next.api.map(() => 0);
    },
    forRequest(method, path) {
      const index = plan.api.findIndex(
        (fault, at) =>
          (fault.method ?? method) === method &&
          path.includes(fault.path ?? "") &&
          (hits[at] ?? 0) < (fault.times ?? Infinity) &&
          rng() < fault.probability,
      );
      if (index >= 0) hits[index] = (hits[index] ?? 0) + 1;
      return plan.api[index]?.kind;
    },
    forDelivery() {
      const { copies, delayMs, spreadMs, drop } = plan.webhooks;
      if (rng() < drop) return [];
      return Array.from({ length: copies }, () => delayMs + rng() * spreadMs);
    },
  };
}
