/** The `error` object of a Stripe answer. */
interface StripeErrorBody {
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly doc_url?: string;
  /** Shown objects, put in by the route that knows them. */
  readonly payment_intent?: unknown;
  readonly payment_method?: unknown;
}

/**
 * A refusal in Stripe's words. `kept` says whether an idempotency key remembers it: what fails before the work begins
 * (authentication, validation) is not remembered, so that the corrected request may use the same key.
 */
export class StripeFailure extends Error {
  readonly status: number;
  readonly body: StripeErrorBody;
  readonly kept: boolean;

  constructor(status: number, body: StripeErrorBody, kept = false) {
    super(body.message);
    this.name = "StripeFailure";
    this.status = status;
    this.body = body;
    this.kept = kept;
  }
}

/** A request that can never work as it is: 400. */
export function invalidRequest(message: string, more: { code?: string; param?: string } = {}): StripeFailure {
  return new StripeFailure(400, { type: "invalid_request_error", message, ...more });
}

/** The object is in a state that does not allow this: 400, and remembered by the idempotency key. */
export function unexpectedState(message: string, more: { code?: string } = {}): StripeFailure {
  return new StripeFailure(
    400,
    { type: "invalid_request_error", code: "payment_intent_unexpected_state", message, ...more },
    true,
  );
}

/** No such object: 404. */
export function missing(noun: string, id: string, param: string): StripeFailure {
  return new StripeFailure(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${noun}: '${id}'`,
    param,
  });
}

/** The JSON that is answered for a refusal. */
export function failureBody(failure: StripeFailure): string {
  return JSON.stringify({ error: failure.body });
}
