import type Stripe from "stripe";
import { INTENT_STATUSES, PaymentProviderError } from "./provider.ts";
import type { PaymentIntentView, RefundView } from "./provider.ts";

/** Names of our ids in the provider's metadata. */
export const METADATA = { order: "order_id", market: "market_id", refund: "refund_id" } as const;

/** Our view of an intent whose latest charge is expanded; undefined if it is not a payment of the platform. */
export function viewOfIntent(intent: Stripe.PaymentIntent): PaymentIntentView | undefined {
  const orderId = intent.metadata[METADATA.order];
  const marketId = intent.metadata[METADATA.market];
  if (orderId === undefined || marketId === undefined) return undefined;
  return {
    id: intent.id,
    orderId,
    marketId,
    status: statusOf(intent),
    amountMinor: intent.amount,
    currency: intent.currency.toUpperCase(),
    amountCapturableMinor: intent.amount_capturable,
    amountReceivedMinor: intent.amount_received,
    amountRefundedMinor: refundedOf(intent.latest_charge),
    clientSecret: intent.client_secret ?? undefined,
  };
}

/** A status that a newer API brought cannot be acted on: better a loud error than money moved by a guess. */
function statusOf(intent: Stripe.PaymentIntent): PaymentIntentView["status"] {
  const known = INTENT_STATUSES.find((status) => status === intent.status);
  if (known === undefined)
    throw new PaymentProviderError("unexpected_answer", `payment ${intent.id} has the status ${intent.status}`);
  return known;
}

/**
 * What was given back of what was taken. Stripe's `amount_refunded` counts the released part too, when less than the
 * held amount was captured or the hold was cancelled: that part never was the platform's money.
 */
function refundedOf(charge: Stripe.PaymentIntent["latest_charge"]): number {
  if (charge === null || typeof charge === "string" || !charge.captured) return 0;
  return Math.max(0, charge.amount_refunded - (charge.amount - charge.amount_captured));
}

export function viewOfRefund(refund: Stripe.Refund): RefundView {
  return { providerRefundId: refund.id, status: refund.status ?? "pending", amountMinor: refund.amount };
}

/** The intent that a webhook's object is, or belongs to. */
export function intentIdOf(object: unknown): string | undefined {
  if (typeof object !== "object" || object === null) return undefined;
  if ("object" in object && object.object === "payment_intent" && "id" in object) return textOf(object.id);
  if (!("payment_intent" in object)) return undefined;
  const intent = object.payment_intent;
  return typeof intent === "object" && intent !== null && "id" in intent ? textOf(intent.id) : textOf(intent);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
