import type { DeliveryStatus, OrderStatus } from "../../contracts/states.ts";

/** What can happen to an order, whoever does it. */
export type OrderAction =
  | "paid"
  | "expire"
  | "confirm"
  | "reject"
  | "start"
  | "ready"
  | "pick-up"
  | "hand-over"
  | "hand-out"
  | "return"
  | "cancel"
  | "conclude";

/** Who may cause it: people by role, `platform` for deadlines and the payment provider. */
export type OrderActor = "customer" | "kitchen" | "courier" | "office" | "platform";

interface OrderCell {
  readonly to: OrderStatus;
  readonly by: readonly OrderActor[];
}

/**
 * The order's life, whole. A cell that is missing is a refusal: there is no other rule. [ORD1]
 * docs/spec/order.md draws this table and a test keeps the drawing true.
 */
export const ORDER_TABLE = {
  PENDING_PAYMENT: {
    paid: { to: "CREATED", by: ["platform"] },
    expire: { to: "CANCELLED", by: ["platform"] },
    cancel: { to: "CANCELLED", by: ["customer", "office"] },
  },
  CREATED: {
    confirm: { to: "CONFIRMED", by: ["kitchen"] },
    reject: { to: "REJECTED", by: ["kitchen"] },
    expire: { to: "REJECTED", by: ["platform"] },
    cancel: { to: "CANCELLED", by: ["customer", "office"] },
  },
  CONFIRMED: {
    start: { to: "PREPARING", by: ["kitchen"] },
    cancel: { to: "CANCELLED", by: ["customer", "office"] },
  },
  PREPARING: {
    ready: { to: "READY", by: ["kitchen"] },
    cancel: { to: "CANCELLED", by: ["office"] },
  },
  READY: {
    "pick-up": { to: "IN_DELIVERY", by: ["courier"] },
    "hand-out": { to: "DELIVERED", by: ["kitchen"] },
    cancel: { to: "CANCELLED", by: ["office"] },
  },
  IN_DELIVERY: {
    "hand-over": { to: "DELIVERED", by: ["courier"] },
    return: { to: "CANCELLED", by: ["courier"] },
    // A courier who has vanished with the food: nobody else could ever end it.
    cancel: { to: "CANCELLED", by: ["office"] },
  },
  DELIVERED: { conclude: { to: "CONCLUDED", by: ["platform"] } },
  CONCLUDED: {},
  REJECTED: {},
  CANCELLED: {},
} as const satisfies Record<OrderStatus, Partial<Record<OrderAction, OrderCell>>>;

export type Step<S> =
  | { readonly outcome: "move"; readonly to: S }
  /** The action has been applied before: the same answer, no event. */
  | { readonly outcome: "repeat" }
  | { readonly outcome: "illegal" };

/** Where `action` by `actor` leads from `from`. [ORD1, ORD2] */
export function orderStep(from: OrderStatus, action: OrderAction, actor: OrderActor): Step<OrderStatus> {
  const row: Partial<Record<OrderAction, OrderCell>> = ORDER_TABLE[from];
  const cell = row[action];
  if (cell?.by.includes(actor)) return { outcome: "move", to: cell.to };
  if (cell === undefined && leadsTo(action, actor, from)) return { outcome: "repeat" };
  return { outcome: "illegal" };
}

function leadsTo(action: OrderAction, actor: OrderActor, to: OrderStatus): boolean {
  return Object.values(ORDER_TABLE).some((row: Partial<Record<OrderAction, OrderCell>>) => {
    const cell = row[action];
    return cell?.to === to && cell.by.includes(actor);
  });
}

export type DeliveryAction =
  | "accept"
  | "set-out"
  | "arrive-at-merchant"
  | "pick-up"
  | "leave"
  | "arrive-at-customer"
  | "hand-over"
  | "finish"
  | "turn-back"
  | "return"
  | "unassign"
  | "cancel";

/** The courier's work for one order, whole. Before pick-up it may be taken away again; after it the food goes somewhere, or the office gives it up. [DLV1] */
export const DELIVERY_TABLE = {
  PENDING: { accept: "ACCEPTED", cancel: "CANCELLED" },
  ACCEPTED: {
    "set-out": "PICKUP_ONGOING",
    "arrive-at-merchant": "ARRIVED_AT_MERCHANT",
    unassign: "PENDING",
    cancel: "CANCELLED",
  },
  PICKUP_ONGOING: { "arrive-at-merchant": "ARRIVED_AT_MERCHANT", unassign: "PENDING", cancel: "CANCELLED" },
  ARRIVED_AT_MERCHANT: { "pick-up": "ORDER_PICKED", unassign: "PENDING", cancel: "CANCELLED" },
  ORDER_PICKED: { leave: "DELIVERY_ONGOING", "turn-back": "RETURNING_TO_MERCHANT", cancel: "CANCELLED" },
  DELIVERY_ONGOING: {
    "arrive-at-customer": "ARRIVED_AT_CUSTOMER",
    "turn-back": "RETURNING_TO_MERCHANT",
    cancel: "CANCELLED",
  },
  ARRIVED_AT_CUSTOMER: {
    "hand-over": "ORDER_DELIVERED",
    "turn-back": "RETURNING_TO_MERCHANT",
    cancel: "CANCELLED",
  },
  ORDER_DELIVERED: { finish: "DELIVERY_FINISHED" },
  DELIVERY_FINISHED: {},
  RETURNING_TO_MERCHANT: { return: "RETURNED_TO_MERCHANT", cancel: "CANCELLED" },
  RETURNED_TO_MERCHANT: {},
  CANCELLED: {},
} as const satisfies Record<DeliveryStatus, Partial<Record<DeliveryAction, DeliveryStatus>>>;

/** Where `action` leads from `from`. [DLV1, DLV2] */
export function deliveryStep(from: DeliveryStatus, action: DeliveryAction): Step<DeliveryStatus> {
  const row: Partial<Record<DeliveryAction, DeliveryStatus>> = DELIVERY_TABLE[from];
  const to = row[action];
  if (to) return { outcome: "move", to };
  const targets = Object.values(DELIVERY_TABLE).map((r: Partial<Record<DeliveryAction, DeliveryStatus>>) => r[action]);
  const finished = targets.some((target) => target === "ORDER_DELIVERED") && from === "DELIVERY_FINISHED";
  return targets.includes(from) || finished ? { outcome: "repeat" } : { outcome: "illegal" };
}

/** Orders whose payment is to be kept; REJECTED and CANCELLED give it back; before CONFIRMED it is only authorised. */
export const EARNED: readonly OrderStatus[] = [
  "CONFIRMED",
  "PREPARING",
  "READY",
  "IN_DELIVERY",
  "DELIVERED",
  "CONCLUDED",
];
