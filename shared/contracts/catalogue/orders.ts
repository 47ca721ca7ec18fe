import { z } from "zod";

import { blackBox, ledgerRow, storyEvent } from "../black-box.ts";
import { marketId, orderId, restaurantId, uuid } from "../ids.ts";
import { amountMinor } from "../money.ts";
import { seenOrder } from "../views.ts";
import { basket } from "./browsing.ts";
import { command } from "./command.ts";

const ref = z.object({ marketId, orderId });
const reason = z.string().trim().min(1).max(200);
const KITCHEN = { kitchen: "staff", restaurant_admin: "staff" } as const;
const OFFICE = { dispatcher: "role", support: "role", admin: "role" } as const;
const page = { cursor: uuid.optional(), limit: z.coerce.number().int().min(1).max(100).default(30) };

export const orderCommands = {
  "order.place": command({
    summary: "Place an order at the price seen, and begin its payment. The same key gives the same order.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders" },
    sockets: ["customer"],
    input: basket.extend({
      marketId,
      /** The total that the customer saw; another total is refused, never charged. */
      expectedTotalMinor: amountMinor,
      note: z.string().trim().max(300).default(""),
      dropLine: z.string().trim().max(200).default(""),
      dropInstructions: z.string().trim().max(300).default(""),
    }),
    output: seenOrder,
    rights: { customer: "self" },
    errors: [
      "restaurant.not-found",
      "restaurant.closed",
      "restaurant.out-of-area",
      "menu.not-found",
      "menu.unavailable",
      "menu.modifiers",
      "quote.below-minimum",
      "quote.changed",
    ],
  }),
  "order.read": command({
    summary: "One order, as far as this viewer may see it.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/orders/{orderId}" },
    sockets: ["customer", "kitchen", "courier", "ops"],
    input: ref,
    output: seenOrder,
    rights: { customer: "own", courier: "assigned", ...KITCHEN, ...OFFICE },
    errors: ["order.not-found"],
  }),
  "orders.mine": command({
    summary: "My orders, newest first.",
    kind: "query",
    rest: { method: "GET", path: "/v1/me/orders" },
    sockets: [],
    input: z.object(page),
    output: z.object({ orders: z.array(seenOrder), nextCursor: uuid.nullable() }),
    rights: { customer: "self" },
    errors: [],
  }),
  "orders.of-restaurant": command({
    summary: "A restaurant's orders, newest first.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/restaurants/{restaurantId}/orders" },
    sockets: [],
    input: z.object({ marketId, restaurantId, ...page }),
    output: z.object({ orders: z.array(seenOrder), nextCursor: uuid.nullable() }),
    rights: { ...KITCHEN, ...OFFICE },
    errors: ["restaurant.not-found"],
  }),
  "order.settle": command({
    summary: "Ask the payment provider what became of the payment, and apply it (a customer back from paying).",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/settle" },
    sockets: ["customer"],
    input: ref,
    output: seenOrder,
    rights: { customer: "own", ...OFFICE },
    errors: ["order.not-found", "payment.unavailable"],
  }),
  "order.cancel": command({
    summary: "Cancel: freely by the customer until the kitchen has begun, after that by support.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/cancel" },
    sockets: ["customer", "ops"],
    input: ref.extend({
      reason,
      /** Support only: how much is given back; all of it when left out. */
      refundMinor: amountMinor.optional(),
    }),
    output: seenOrder,
    rights: { customer: "own", support: "role", admin: "role" },
    errors: ["order.not-found", "order.illegal-action", "payment.amount"],
  }),
  "order.confirm": command({
    summary: "The kitchen takes the order and says how long it needs.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/confirm" },
    sockets: ["kitchen"],
    input: ref.extend({ prepMinutes: z.int().min(0).max(240) }),
    output: seenOrder,
    rights: KITCHEN,
    errors: ["order.not-found", "order.illegal-action"],
  }),
  "order.reject": command({
    summary: "The kitchen does not take the order; the payment is released.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/reject" },
    sockets: ["kitchen"],
    input: ref.extend({ reason }),
    output: seenOrder,
    rights: KITCHEN,
    errors: ["order.not-found", "order.illegal-action"],
  }),
  "order.start": command({
    summary: "The kitchen begins to cook.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/start" },
    sockets: ["kitchen"],
    input: ref,
    output: seenOrder,
    rights: KITCHEN,
    errors: ["order.not-found", "order.illegal-action"],
  }),
  "order.delay": command({
    summary: "The kitchen needs longer: a new ready time.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/delay" },
    sockets: ["kitchen"],
    input: ref.extend({ addMinutes: z.int().min(1).max(120) }),
    output: seenOrder,
    rights: KITCHEN,
    errors: ["order.not-found", "order.illegal-action"],
  }),
  "order.ready": command({
    summary: "The food is ready. Said by a person, never by a timer.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/ready" },
    sockets: ["kitchen"],
    input: ref,
    output: seenOrder,
    rights: KITCHEN,
    errors: ["order.not-found", "order.illegal-action"],
  }),
  "order.hand-out": command({
    summary: "A take-away order is in the customer's hands.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/hand-out" },
    sockets: ["kitchen"],
    input: ref,
    output: seenOrder,
    rights: KITCHEN,
    errors: ["order.not-found", "order.illegal-action"],
  }),
  "order.refund": command({
    summary: "Give money back, in whole or in part.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/orders/{orderId}/refund" },
    sockets: ["ops"],
    input: ref.extend({ amountMinor: amountMinor.min(1), reason }),
    output: seenOrder,
    rights: { support: "role", admin: "role" },
    errors: ["order.not-found", "payment.amount"],
  }),
  "order.story": command({
    summary: "Everything that happened to an order, with the money that moved.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/orders/{orderId}/story" },
    sockets: ["ops"],
    input: ref,
    output: z.object({ events: z.array(storyEvent), ledger: z.array(ledgerRow) }),
    rights: OFFICE,
    errors: ["order.not-found"],
  }),
  "order.black-box": command({
    summary:
      "What each of an order's people was shown and when, with offers, positions and money: to be looked at again.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/orders/{orderId}/black-box" },
    sockets: ["ops"],
    input: ref,
    output: blackBox,
    rights: OFFICE,
    errors: ["order.not-found"],
  }),
} as const;
