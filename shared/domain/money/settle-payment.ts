import type { OrderLine } from "../../contracts/views.ts";
import type { OrderEta } from "../eta/order-eta.ts";
import type { Change, OrderChange, Told, UndeliveredEnd } from "../order/change.ts";
import { orderViewOf } from "../order/order-view.ts";
import type { LoadedOrder, PaymentRecord, PaymentStatus } from "../order/records.ts";
import { captureEntries, refundEntries, type Entry } from "./ledger.ts";
import type { ProviderState } from "./next-money-step.ts";

/** What the provider says of one payment. */
export interface IntentState extends ProviderState {
  readonly id: string;
  readonly clientSecret: string | undefined;
}

/** A booking of one reference; it is booked once. */
export interface Booking {
  readonly kind: "capture" | "refund" | "conclude";
  readonly reference: string;
  readonly entries: readonly Entry[];
}

/** What is written when the provider has spoken: its word, and what has moved since it spoke last. */
export interface Heard {
  readonly now: LoadedOrder;
  readonly change: Partial<PaymentRecord>;
  readonly bookings: readonly Booking[];
  /** Undefined when nobody need hear of it. */
  readonly told: Told | undefined;
}

/** Takes the provider's word for what it holds; the amounts in the row are the guard that each is booked once. */
export function heardOf(loaded: LoadedOrder, intent: IntentState, nowMs: number): Heard {
  const { order, payment } = loaded;
  const capturedMinor = Math.max(payment.capturedMinor, intent.amountReceivedMinor);
  const refundedMinor = Math.max(payment.refundedMinor, intent.amountRefundedMinor);
  const bookings: Booking[] = [];
  if (capturedMinor > payment.capturedMinor) {
    bookings.push({
      kind: "capture",
      reference: `capture/${order.id}/${capturedMinor}`,
      entries: captureEntries(order.price, order.restaurantId, capturedMinor - payment.capturedMinor),
    });
  }
  if (refundedMinor > payment.refundedMinor) {
    bookings.push({
      kind: "refund",
      reference: `refund/${order.id}/${refundedMinor}`,
      entries: refundEntries(order.price, order.restaurantId, refundedMinor - payment.refundedMinor),
    });
  }
  const change = {
    intentId: intent.id,
    clientSecret: intent.clientSecret ?? payment.clientSecret,
    capturedMinor,
    refundedMinor,
    status: statusOf(intent, capturedMinor, refundedMinor),
    updatedAtMs: nowMs,
  };
  const now = { ...loaded, payment: { ...payment, ...change } };
  const heard = order.createdAtMs !== null && change.status !== payment.status;
  return { now, change, bookings, told: heard ? paymentTold(now) : undefined };
}

function paymentTold({ order, payment }: LoadedOrder): Told {
  const seen = { status: payment.status, clientSecret: null, refundedMinor: payment.refundedMinor };
  return {
    marketId: order.marketId,
    type: `payment.${payment.status}`,
    payload: { order: { id: order.id, status: order.status, payment: seen } },
    actorRole: "platform",
    actorId: null,
    in: { order: order.id },
  };
}

function statusOf(intent: IntentState, capturedMinor: number, refundedMinor: number): PaymentStatus {
  if (refundedMinor > 0) return "refunded";
  if (capturedMinor > 0) return "captured";
  if (intent.status === "canceled") return "released";
  return intent.status === "requires_capture" ? "authorized" : "pending";
}

/** How an order ends whose payment the provider let go. Before the kitchen has answered: nobody is to cook for nothing. [MNY10] */
const TAKEN_BACK = {
  PENDING_PAYMENT: { status: "CANCELLED", type: "order.cancelled", reason: "The payment was cancelled" },
  CREATED: { status: "REJECTED", type: "order.rejected", reason: "The payment was taken back" },
} as const satisfies Record<string, UndeliveredEnd>;

/** Where a payment moves its order. */
export type PaymentMove =
  | { readonly to: "nowhere" }
  | { readonly to: "end"; readonly end: UndeliveredEnd }
  /** `loaded` has the promise in it already. */
  | { readonly to: "created"; readonly loaded: LoadedOrder; readonly promised: OrderChange; readonly change: Change };

/** Paid: the order is CREATED and the kitchen's time to answer runs. Taken back by the provider: it ends. */
export function moveOf(
  loaded: LoadedOrder,
  intent: IntentState,
  eta: OrderEta,
  lines: readonly OrderLine[],
  confirmWithinMs: number,
  nowMs: number,
): PaymentMove {
  const { order } = loaded;
  if (order.status !== "PENDING_PAYMENT" && order.status !== "CREATED") return { to: "nowhere" };
  if (intent.status === "canceled") return { to: "end", end: TAKEN_BACK[order.status] };
  if (intent.status !== "requires_capture" || order.status === "CREATED") return { to: "nowhere" };
  const change = {
    status: "CREATED" as const,
    createdAtMs: nowMs,
    payByAtMs: null,
    confirmByAtMs: nowMs + confirmWithinMs,
  };
  const promise = eta.of(loaded, nowMs);
  const promised = promise ? { promisedP50AtMs: promise.p50AtMs, promisedP90AtMs: promise.p90AtMs } : {};
  const estimated = promise ? { etaP50AtMs: promise.p50AtMs, etaP90AtMs: promise.p90AtMs } : {};
  const paid = { ...loaded, order: { ...order, ...change, ...promised, ...estimated } };
  const { seq: _, ...whole } = orderViewOf(paid, lines, 0);
  return {
    to: "created",
    loaded: { ...loaded, order: { ...order, ...promised } },
    promised,
    change: { type: "order.created", order: change, whole },
  };
}
