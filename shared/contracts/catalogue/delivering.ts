import { z } from "zod";

import { boardVersion, boardView } from "../board.ts";
import { deliveryReason, dispatchDecision, offerReason, passedOver } from "../dispatch.ts";
import { etaAccuracy } from "../eta.ts";
import { fix, motionFix, point } from "../geo.ts";
import { courierId, deliveryId, marketId, offerId, uuid } from "../ids.ts";
import { courierState, moveSuggestion, offerView, seenOrder, shiftView } from "../views.ts";
import { command } from "./command.ts";

const delivery = z.object({ marketId, deliveryId });
const COURIER = { courier: "assigned" } as const;
const reason = z.string().trim().min(1).max(200);
/** Who decides about couriers' work. */
const DISPATCHERS = { dispatcher: "role", admin: "role" } as const;
const OFFICE = { dispatcher: "role", support: "role", admin: "role" } as const;

/** A kept round, and of which delivery, or of which courier for it, it is to be explained. */
const decisionAsked = {
  decisionId: uuid,
  deliveryId: deliveryId.optional(),
  /** Of the asked delivery this courier alone is told. */
  courierId: courierId.optional(),
};

/** How many of the last delivered orders are looked at. */
const lastOrders = z.coerce.number().int().min(1).max(2_000).default(500);

/** A step of the courier's work: the same shape for each. */
function step(path: string, summary: string) {
  return command({
    summary,
    kind: "command",
    rest: { method: "POST", path: `/v1/markets/{marketId}/deliveries/{deliveryId}/${path}` },
    sockets: ["courier"],
    input: delivery,
    output: seenOrder,
    rights: COURIER,
    errors: ["delivery.not-found", "delivery.illegal-action"],
  });
}

export const deliveringCommands = {
  "courier.read": command({
    summary: "My shift, my open offer, my deliveries.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/courier" },
    sockets: ["courier"],
    input: z.object({ marketId }),
    output: courierState,
    rights: { courier: "self" },
    errors: ["courier.not-found"],
  }),
  "shift.start": command({
    summary: "Go on duty at a place until a planned end.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/courier/shift" },
    sockets: ["courier"],
    input: z.object({ marketId, endsAtMs: z.int().positive(), point }),
    output: shiftView,
    rights: { courier: "self" },
    errors: ["courier.not-found", "shift.illegal-action"],
  }),
  "shift.end": command({
    summary: "Go off duty; refused while deliveries are in hand.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/courier/shift/end" },
    sockets: ["courier"],
    input: z.object({ marketId }),
    output: shiftView,
    rights: { courier: "self" },
    errors: ["courier.not-found", "shift.illegal-action"],
  }),
  "offer.accept": command({
    summary: "Take the offered deliveries. Exactly one courier wins.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/offers/{offerId}/accept" },
    sockets: ["courier"],
    input: z.object({ marketId, offerId }),
    output: courierState,
    rights: { courier: "offered" },
    errors: ["courier.not-found", "offer.not-found", "offer.closed"],
  }),
  "offer.decline": command({
    summary: "Leave the offered deliveries to others.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/offers/{offerId}/decline" },
    sockets: ["courier"],
    input: z.object({ marketId, offerId, reason: z.string().trim().max(200).default("") }),
    output: offerView,
    rights: { courier: "offered" },
    errors: ["courier.not-found", "offer.not-found", "offer.closed"],
  }),
  "offer.why": command({
    summary: "Why an offer was made to me, with my own numbers.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/offers/{offerId}/why" },
    sockets: ["courier"],
    input: z.object({ marketId, offerId }),
    output: offerReason,
    rights: { courier: "offered" },
    errors: ["courier.not-found", "offer.not-found", "decision.not-found"],
  }),
  "courier.why-not": command({
    summary: "Why I have no offer: what the newest dispatch round found of me for the orders nearest to me.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/courier/why-not" },
    sockets: ["courier"],
    input: z.object({ marketId }),
    output: passedOver,
    rights: { courier: "self" },
    errors: ["courier.not-found"],
  }),
  "suggestion.dismiss": command({
    summary: "Stay where I am: the suggestion to wait elsewhere ends. Answers what still stands.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/courier/suggestion/dismiss" },
    sockets: ["courier"],
    input: z.object({ marketId, suggestionId: uuid }),
    output: z.object({ suggestion: moveSuggestion.nullable() }),
    rights: { courier: "self" },
    errors: ["courier.not-found"],
  }),
  "delivery.set-out": step("set-out", "On the way to the restaurant."),
  "delivery.arrive-at-merchant": step("arrive-at-merchant", "At the restaurant."),
  "delivery.pick-up": step("pick-up", "The food is in the courier's hands."),
  "delivery.leave": step("leave", "On the way to the customer."),
  "delivery.arrive-at-customer": step("arrive-at-customer", "At the customer's door."),
  "delivery.hand-over": step("hand-over", "The food is in the customer's hands."),
  "delivery.turn-back": step("turn-back", "Could not be handed over; on the way back to the restaurant."),
  "delivery.return": step("return", "Back at the restaurant with the food."),
  "delivery.unassign": command({
    summary: "Take a delivery from its courier before pick-up; it is offered again.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/deliveries/{deliveryId}/unassign" },
    sockets: ["courier", "ops"],
    input: delivery.extend({ reason }),
    output: seenOrder,
    rights: { courier: "assigned", ...DISPATCHERS },
    errors: ["delivery.not-found", "delivery.illegal-action"],
  }),
  "delivery.assign": command({
    summary: "Give a delivery that nobody has to a courier on duty, without asking; an open offer of it is withdrawn.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/deliveries/{deliveryId}/assign" },
    sockets: ["ops"],
    input: delivery.extend({ courierId, reason }),
    output: seenOrder,
    rights: DISPATCHERS,
    errors: ["delivery.not-found", "delivery.illegal-action", "courier.not-found", "shift.illegal-action"],
  }),
  "delivery.pin": command({
    summary:
      "Take a delivery out of dispatch's hands, or give it back: while it is pinned no round offers it or adds to its trip.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/deliveries/{deliveryId}/pin" },
    sockets: ["ops"],
    input: delivery.extend({ pinned: z.boolean(), reason }),
    output: seenOrder,
    rights: DISPATCHERS,
    errors: ["delivery.not-found", "delivery.illegal-action"],
  }),
  "motion.push": command({
    summary: "Where I am and how I am under way, said when the screens need it. Moves the marker; may be repeated.",
    kind: "query",
    rest: { method: "POST", path: "/v1/markets/{marketId}/courier/motion" },
    sockets: ["courier"],
    input: z.object({ marketId, motion: motionFix }),
    output: z.object({ kept: z.int() }),
    rights: { courier: "self" },
    errors: ["courier.not-found"],
  }),
  "trace.push": command({
    summary:
      "The fixes of a minute or more as text (shared/domain/tracking/motion/trace-text.ts). Written down, move no marker. May be repeated.",
    kind: "query",
    rest: { method: "POST", path: "/v1/markets/{marketId}/courier/trace" },
    sockets: ["courier"],
    input: z.object({ marketId, trace: z.string().min(1).max(8_000) }),
    output: z.object({ kept: z.int() }),
    rights: { courier: "self" },
    errors: ["courier.not-found"],
  }),
  "fix.push": command({
    summary:
      "For phones that say no motion: fixes, oldest first. All are kept; the hub moves the marker when the screens need it. May be repeated.",
    kind: "query",
    rest: { method: "POST", path: "/v1/markets/{marketId}/courier/fixes" },
    sockets: ["courier"],
    input: z.object({ marketId, fixes: z.array(fix).min(1).max(120) }),
    output: z.object({ kept: z.int() }),
    rights: { courier: "self" },
    errors: ["courier.not-found"],
  }),
  "ops.board": command({
    summary:
      "The market now: counts, open orders, couriers on duty with their newest position; with `since`, only what has changed.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/board" },
    sockets: ["ops"],
    input: z.object({
      marketId,
      /** The `version` of the board that the asker holds. One that the store does not know is answered with a whole board. */
      since: boardVersion.optional(),
    }),
    output: boardView,
    rights: OFFICE,
    errors: ["market.not-found"],
  }),
  "dispatch.decision": command({
    summary:
      "A dispatch round as it was decided; with `deliveryId`, why about that delivery, for every courier or for one.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/dispatch/decisions/{decisionId}" },
    sockets: ["ops"],
    input: z.object({ marketId, ...decisionAsked }),
    output: dispatchDecision,
    rights: OFFICE,
    errors: ["decision.not-found", "delivery.not-found"],
  }),
  "dispatch.decision-by-id": command({
    summary: "The same for who knows the id alone: looked for in the markets that the caller may ask about.",
    kind: "query",
    rest: { method: "GET", path: "/v1/dispatch/decisions/{decisionId}" },
    sockets: [],
    input: z.object(decisionAsked),
    output: dispatchDecision,
    rights: OFFICE,
    errors: ["decision.not-found", "delivery.not-found"],
  }),
  "delivery.why": command({
    summary: "Why a delivery stands as it does now: what dispatch decided last, or what somebody did by hand.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/deliveries/{deliveryId}/why" },
    sockets: ["ops"],
    input: delivery,
    output: deliveryReason,
    rights: OFFICE,
    errors: ["delivery.not-found"],
  }),
  "eta.accuracy": command({
    summary: "How good the times were that customers of the last delivered orders were told, by when they were told.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/eta/accuracy" },
    sockets: ["ops"],
    input: z.object({ marketId, orders: lastOrders }),
    output: etaAccuracy,
    rights: OFFICE,
    errors: ["market.not-found"],
  }),
  "eta.accuracy-of-mine": command({
    summary: "The same of each market that the caller may ask about.",
    kind: "query",
    rest: { method: "GET", path: "/v1/eta/accuracy" },
    sockets: [],
    input: z.object({ orders: lastOrders }),
    output: z.object({ markets: z.array(etaAccuracy.extend({ marketId })) }),
    rights: OFFICE,
    errors: [],
  }),
} as const;
