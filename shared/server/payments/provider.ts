export const INTENT_STATUSES = [
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
  "processing",
  "requires_capture",
  "succeeded",
  "canceled",
] as const;

/**
 * A payment as the provider sees it. Amounts are integer minor units, `currency` is ISO 4217 in capitals.
 * `amountRefundedMinor` counts what was given back of what was received; a released hold is no refund.
 */
export interface PaymentIntentView {
  readonly id: string;
  readonly orderId: string;
  readonly marketId: string;
  readonly status: (typeof INTENT_STATUSES)[number];
  readonly amountMinor: number;
  readonly currency: string;
  readonly amountCapturableMinor: number;
  readonly amountReceivedMinor: number;
  readonly amountRefundedMinor: number;
  /** What the customer's browser confirms with. A bearer right to this one payment: for its customer only, never logged. */
  readonly clientSecret: string | undefined;
}

export interface NewIntent {
  readonly orderId: string;
  readonly marketId: string;
  readonly amountMinor: number;
  /** ISO 4217, in either case. */
  readonly currency: string;
}

export interface RefundRequest {
  readonly intentId: string;
  readonly amountMinor: number;
  /** Our id: one refund of ours is at most one refund at the provider, however often it is asked for. */
  readonly refundId: string;
}

export interface RefundView {
  readonly providerRefundId: string;
  /** pending, requires_action, succeeded, failed or canceled. */
  readonly status: string;
  readonly amountMinor: number;
}

interface ProviderEvent {
  readonly eventId: string;
  readonly type: string;
  /** The payment that it is about, if it is about one: retrieve it and apply what that says, not the event. */
  readonly intentId: string | undefined;
}

/**
 * The payment provider. Every method that changes something may be called twice with the same ids and does it once;
 * every one rejects with a PaymentProviderError and nothing else. No lock may be held while one runs.
 */
export interface PaymentProvider {
  /** Makes the order's payment, to be held first and captured later; the same order gives the same payment. */
  createIntent(input: NewIntent): Promise<PaymentIntentView>;
  retrieve(intentId: string): Promise<PaymentIntentView>;
  /** Takes `amountMinor` of the held money and releases the rest. Already taken so: the same answer. */
  capture(intentId: string, amountMinor: number, key: string): Promise<PaymentIntentView>;
  /** Releases the held money or ends the attempt to pay. Already cancelled: the same answer. */
  cancel(intentId: string, key: string): Promise<PaymentIntentView>;
  refund(input: RefundRequest): Promise<RefundView>;
  /** The platform's payments made at or after `createdFromMs` (the provider's wall clock), newest first. */
  list(createdFromMs: number): AsyncIterable<PaymentIntentView>;
  /** Checks the signature over the raw bytes and reads the event; throws `bad_signature`. */
  parseWebhook(rawBody: Buffer, signature: string): ProviderEvent;
}

export type PaymentProviderErrorCode =
  | "declined"
  | "unexpected_state"
  | "not_found"
  | "invalid_request"
  | "already_refunded"
  | "key_reused"
  | "busy"
  | "rate_limited"
  | "unavailable"
  | "unauthorised"
  | "bad_signature"
  | "foreign_intent"
  | "unexpected_answer";

/** Why the provider did not do it. `retryable`: the same call with the same key may work later. */
export class PaymentProviderError extends Error {
  readonly code: PaymentProviderErrorCode;
  readonly retryable: boolean;
  /** The issuer's reason, where a card was declined. */
  readonly declineCode: string | undefined;

  constructor(
    code: PaymentProviderErrorCode,
    message: string,
    options: { retryable?: boolean; declineCode?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "PaymentProviderError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.declineCode = options.declineCode;
  }
}
