import { Stripe } from "stripe";
import { PaymentProviderError } from "./provider.ts";
import type { PaymentProviderErrorCode } from "./provider.ts";

/** Codes of https://docs.stripe.com/error-codes that mean something to us beyond their HTTP status. */
const BY_CODE: Readonly<Record<string, PaymentProviderErrorCode>> = {
  lock_timeout: "busy",
  charge_already_refunded: "already_refunded",
  payment_intent_unexpected_state: "unexpected_state",
  resource_missing: "not_found",
};

const RETRYABLE: ReadonlySet<PaymentProviderErrorCode> = new Set(["busy", "rate_limited", "unavailable"]);

/** Turns whatever a call to Stripe rejected with into a PaymentProviderError; a bug in between passes unchanged. */
export function toProviderError(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const code = codeOf(error);
  return new PaymentProviderError(code, `payment provider: ${error.message}`, {
    retryable: RETRYABLE.has(code),
    declineCode: error.decline_code,
    cause: error,
  });
}

const BY_STATUS: Readonly<Record<number, PaymentProviderErrorCode>> = {
  401: "unauthorised",
  403: "unauthorised",
  409: "busy",
  429: "rate_limited",
};

function codeOf(error: Stripe.errors.StripeError): PaymentProviderErrorCode {
  if (error instanceof Stripe.errors.StripeSignatureVerificationError) return "bad_signature";
  if (error instanceof Stripe.errors.StripeCardError) return "declined";
  // No status at all is a connection that failed or a time limit that passed: whether it was done is not known.
  const { statusCode: status = 503, code = "" } = error;
  if (status >= 500) return "unavailable";
  if (error instanceof Stripe.errors.StripeIdempotencyError && status === 400) return "key_reused";
  return BY_STATUS[status] ?? BY_CODE[code] ?? "invalid_request";
}
