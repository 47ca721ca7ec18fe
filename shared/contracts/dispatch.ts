import { z } from "zod";

import { courierId, deliveryId, marketId, offerId, restaurantId, uuid } from "./ids.ts";

const atMs = z.int();
const ms = z.int();

/** What a trip comes to: times, and what costs are reckoned from. */
export const tripNumbers = z.object({
  leaveAtMs: atMs,
  arriveAtMs: atMs,
  pickupAtMs: atMs,
  endAtMs: atMs,
  /** On the road, the way in included. */
  travelMs: ms,
  /** The courier waits for the food. */
  idleMs: ms,
  /** The food waits for courier and other food, summed over the deliveries. */
  delayMs: ms,
  /** Past what is usual in the market today, each up to a bound, summed over the deliveries. Rounds before version 8 wrote none. */
  lateMs: ms.default(0),
});

/** One part of a cost by its name; `weight` × `ms` where it has both. The parts add up to the cost. */
export const costTerm = z.object({
  name: z.enum([
    "delay",
    "late",
    "travel",
    "idle",
    "bound",
    "urgency",
    "refusal",
    "fairness",
    "risk",
    "trip-as-it-was",
    "rest",
  ]),
  weight: z.number().nullable(),
  ms: ms.nullable(),
  cost: z.number(),
});
export type CostTerm = z.output<typeof costTerm>;

export const VERDICTS = [
  /** Sent. */
  "chosen",
  /** The plan counts on this courier, but does not send anybody yet. */
  "counted-on",
  "dearer",
  "needed-elsewhere",
  "worse-than-waiting",
  "declined",
  "has-offer",
  "busy",
  "no-room",
  "shift-over",
  "too-far",
  /** Nobody was weighed yet. */
  "not-asked",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A courier in a decision: what was found, with what numbers, in words. */
export const explainedCourier = z.object({
  courierId,
  verdict: z.enum(VERDICTS),
  /** From the decision to the end of what was in hand; 0: free. */
  freeInMs: ms,
  /** The way to the restaurant. Null: not asked for. */
  wayMs: ms.nullable(),
  /** Null for who was not weighed. */
  numbers: tripNumbers.nullable(),
  cost: z.number().nullable(),
  terms: z.array(costTerm),
  words: z.string(),
});
export type ExplainedCourier = z.output<typeof explainedCourier>;

/** What became of one delivery in a round, and why. */
export const explainedDelivery = z.object({
  deliveryId,
  outcome: z.enum(["offered", "held"]),
  courierId: courierId.nullable(),
  /** What travels with it, itself included, in drop-off order; without a courier itself alone. */
  togetherIds: z.array(deliveryId),
  /** How many couriers could come and would have been better than waiting. */
  weighed: z.int(),
  /** False: another version of the code decided, and only the couriers that it wrote down are told. */
  complete: z.boolean(),
  words: z.string(),
  /** The chosen one, the others weighed by their cost, then those who were not weighed. */
  couriers: z.array(explainedCourier),
});
export type ExplainedDelivery = z.output<typeof explainedDelivery>;

/** A dispatch round as it was kept. */
export const dispatchDecision = z.object({
  id: uuid,
  marketId,
  round: z.int(),
  /** Of the deciding function. */
  version: z.string(),
  decidedAtMs: atMs,
  openDeliveries: z.int(),
  couriers: z.int(),
  /** Weights and all else that it was decided by. */
  settings: z.record(z.string(), z.unknown()),
  commits: z.array(z.object({ courierId, kind: z.enum(["trip", "addition"]), deliveryIds: z.array(deliveryId) })),
  holds: z.array(z.object({ deliveryId, reason: z.string(), courierId: courierId.nullable() })),
  /** Idle couriers who were advised to wait elsewhere; empty in rounds that did not look for that. */
  moves: z.array(z.object({ courierId, courierName: z.string(), restaurantId, restaurantName: z.string(), wayMs: ms })),
  /** The asked delivery; null when none was asked for. */
  explained: explainedDelivery.extend({ couriers: z.array(explainedCourier.extend({ name: z.string() })) }).nullable(),
});
export type DispatchDecision = z.output<typeof dispatchDecision>;

/** Why an offer was made to the courier who asks: own numbers, and nobody else's. */
export const offerReason = z.object({
  offerId,
  decidedAtMs: atMs,
  version: z.string(),
  weighed: z.int(),
  words: z.string(),
  own: explainedCourier,
});

/** Why a delivery stands as it does, to the office. */
export const deliveryReason = z.object({
  deliveryId,
  words: z.string(),
  /** The round that it follows from, to be asked for the couriers and their numbers. Null: it follows from none that is kept. */
  decisionId: uuid.nullable(),
  decidedAtMs: atMs.nullable(),
});
export type DeliveryReason = z.output<typeof deliveryReason>;

/** Why a courier has no offer: own numbers, and nobody else's. */
export const passedOver = z.object({
  /** Of the newest kept round; null: none is kept. */
  decidedAtMs: atMs.nullable(),
  words: z.string(),
  /** The orders of that round nearest to the courier, nearest first, by their restaurant alone. */
  orders: z.array(
    z.object({
      restaurantId,
      restaurantName: z.string(),
      verdict: z.enum(VERDICTS),
      /** The courier's own way there. Null: not asked for. */
      wayMs: ms.nullable(),
      words: z.string(),
    }),
  ),
});
export type PassedOver = z.output<typeof passedOver>;
