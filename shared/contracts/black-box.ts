import { z } from "zod";

import { courierId, offerId, uuid } from "./ids.ts";
import { amountMinor } from "./money.ts";
import { OFFER_STATUSES, SUGGESTION_ENDS } from "./states.ts";
import { seenEvent } from "./streams.ts";
import { seenOrder } from "./views.ts";

const atMs = z.int();

/** One row of an order's story, as the office sees it. */
export const storyEvent = z.object({
  id: uuid,
  seq: z.int(),
  type: z.string(),
  atMs,
  actorRole: z.string(),
  payload: z.record(z.string(), z.unknown()),
});

/** One side of a booking. */
export const ledgerRow = z.object({
  reference: z.string(),
  account: z.string(),
  amountMinor: z.int(),
  currency: z.string(),
  atMs,
});

/** Somebody before whose eyes the order stood, with the events exactly as their stream carried them, oldest first. */
export const blackBoxView = z.object({
  as: z.enum(["customer", "kitchen", "courier", "ops"]),
  /** The order's id for customer and office, the restaurant's for the kitchen, the courier's for a courier. */
  streamId: uuid,
  name: z.string(),
  events: z.array(seenEvent),
});
export type BlackBoxView = z.output<typeof blackBoxView>;

/** A time in which something was so; `toMs` null: it still is. */
const stretch = z.object({ courierId, fromMs: atMs, toMs: atMs.nullable() });
export type Stretch = z.output<typeof stretch>;

/** A fix as it was written down; `moved` says whether it makes sense after those before it, as the live marker asks. */
export const blackBoxFix = z.object({
  takenAtMs: atMs,
  lat: z.number(),
  lng: z.number(),
  accuracyM: z.number(),
  moved: z.boolean(),
});
export type BlackBoxFix = z.output<typeof blackBoxFix>;

/** Where a courier was while holding the order. */
export const blackBoxPath = stretch.extend({
  name: z.string(),
  /** Of a long ride every n-th fix is told, so that an answer stays small; 1: all of them. */
  everyNth: z.int().min(1),
  fixes: z.array(blackBoxFix),
});
export type BlackBoxPath = z.output<typeof blackBoxPath>;

export const blackBoxOffer = z.object({
  id: offerId,
  courierId,
  courierName: z.string(),
  status: z.enum(OFFER_STATUSES),
  offeredAtMs: atMs,
  expiresAtMs: atMs,
  answeredAtMs: atMs.nullable(),
  declineReason: z.string().nullable(),
  payMinor: amountMinor,
  /** The round that made it (`dispatch.decision`). Null: of before rounds were kept. */
  decisionId: uuid.nullable(),
  /** The numbers of the courier who was chosen, as dispatch wrote them down. */
  reason: z.record(z.string(), z.unknown()),
});
export type BlackBoxOffer = z.output<typeof blackBoxOffer>;

/** Advice to wait elsewhere that a courier had been given before the order came into their hands. */
export const blackBoxSuggestion = z.object({
  id: uuid,
  courierId,
  courierName: z.string(),
  /** Near which it was suggested to wait. */
  restaurantName: z.string(),
  madeAtMs: atMs,
  expiresAtMs: atMs,
  wayMs: z.int(),
  /** Null: until the order came nothing ended it before its time. */
  ended: z.enum([...SUGGESTION_ENDS, "replaced"]).nullable(),
  endedAtMs: atMs.nullable(),
});
export type BlackBoxSuggestion = z.output<typeof blackBoxSuggestion>;

/** All that can be known afterwards of what an order's people were shown, and of what was true meanwhile. */
export const blackBox = z.object({
  /** When this was read, deployment time. */
  atMs,
  /** The order now, as the office sees it. */
  order: seenOrder,
  views: z.array(blackBoxView),
  /** The events of the order's stream, uncut, oldest first. */
  story: z.array(storyEvent),
  offers: z.array(blackBoxOffer),
  /** Of those who came to hold the order, from the last half hour before, oldest first. */
  suggestions: z.array(blackBoxSuggestion),
  paths: z.array(blackBoxPath),
  /** When the customer was allowed to see which courier's positions. */
  positionsShown: z.array(stretch),
  ledger: z.array(ledgerRow),
});
export type BlackBox = z.output<typeof blackBox>;
