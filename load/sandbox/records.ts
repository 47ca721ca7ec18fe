/**
 * What the sandbox remembers. Records carry Stripe's own field names, because they are what goes over the wire; fields
 * that never differ from null are added when a record is shown (show.ts). A record is never changed, only replaced.
 * Amounts are integer minor units, times epoch seconds of the wall clock, as at Stripe.
 */

type IntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "succeeded"
  | "canceled";

export interface CardDetails {
  readonly brand: string;
  readonly last4: string;
  readonly exp_month: number;
  readonly exp_year: number;
  readonly funding: string;
  readonly country: string;
  readonly fingerprint: string;
}

/** What the test card does when it is confirmed; part of the record so that a restart does not forget it. */
export type CardOutcome =
  | { readonly kind: "approve" }
  | { readonly kind: "authenticate" }
  | { readonly kind: "decline"; readonly code: string; readonly declineCode: string | null; readonly message: string };

export interface PaymentMethodRecord {
  readonly kind: "payment_method";
  readonly id: string;
  readonly created: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly card: CardDetails;
  readonly outcome: CardOutcome;
}

export interface LastPaymentError {
  readonly type: "card_error" | "invalid_request_error";
  readonly code: string;
  readonly decline_code: string | null;
  readonly message: string;
  readonly charge: string | null;
  readonly payment_method: string;
}

export interface IntentRecord {
  readonly kind: "payment_intent";
  readonly id: string;
  readonly created: number;
  readonly client_secret: string;
  readonly amount: number;
  readonly amount_capturable: number;
  readonly amount_received: number;
  readonly currency: string;
  readonly status: IntentStatus;
  readonly capture_method: "automatic" | "automatic_async" | "manual";
  readonly confirmation_method: "automatic" | "manual";
  readonly automatic_payment_methods: { readonly enabled: true; readonly allow_redirects: "always" | "never" } | null;
  readonly payment_method_types: readonly string[];
  readonly payment_method: string | null;
  readonly latest_charge: string | null;
  readonly last_payment_error: LastPaymentError | null;
  readonly return_url: string | null;
  readonly canceled_at: number | null;
  readonly cancellation_reason: string | null;
  readonly description: string | null;
  readonly receipt_email: string | null;
  readonly statement_descriptor: string | null;
  readonly statement_descriptor_suffix: string | null;
  readonly transfer_group: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ChargeRecord {
  readonly kind: "charge";
  readonly id: string;
  readonly created: number;
  readonly payment_intent: string;
  readonly payment_method: string;
  readonly card: CardDetails;
  readonly amount: number;
  readonly amount_captured: number;
  /** Includes what a smaller capture or a cancellation released, as at Stripe. */
  readonly amount_refunded: number;
  readonly captured: boolean;
  readonly currency: string;
  readonly status: "succeeded" | "failed";
  readonly failure_code: string | null;
  readonly failure_message: string | null;
  readonly decline_code: string | null;
  readonly description: string | null;
  readonly statement_descriptor: string | null;
  readonly statement_descriptor_suffix: string | null;
  readonly transfer_group: string | null;
  readonly receipt_email: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface RefundRecord {
  readonly kind: "refund";
  readonly id: string;
  readonly created: number;
  readonly amount: number;
  readonly charge: string;
  readonly payment_intent: string;
  readonly currency: string;
  readonly reason: "duplicate" | "fraudulent" | "requested_by_customer" | null;
  readonly status: "succeeded";
  readonly metadata: Readonly<Record<string, string>>;
}

export interface EndpointRecord {
  readonly kind: "webhook_endpoint";
  readonly id: string;
  readonly created: number;
  readonly url: string;
  readonly secret: string;
  readonly enabled_events: readonly string[];
  readonly api_version: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export type EventSubject = IntentRecord | ChargeRecord | RefundRecord;

/** `subject` is the record as it was when the event happened: a late delivery tells the past, as at Stripe. */
export interface EventRecord {
  readonly kind: "event";
  readonly id: string;
  readonly created: number;
  readonly type: string;
  readonly api_version: string;
  readonly subject: EventSubject;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
}

export type StoredRecord =
  | PaymentMethodRecord
  | IntentRecord
  | ChargeRecord
  | RefundRecord
  | EndpointRecord
  | EventRecord;

export type RecordOf<K extends StoredRecord["kind"]> = Extract<StoredRecord, { kind: K }>;

/** The first answer to a request with an idempotency key, given again for 24 h. */
export interface StoredAnswer {
  readonly key: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly atMs: number;
}
