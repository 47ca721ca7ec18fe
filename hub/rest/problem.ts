import { problemOf, Refusal, type ErrorCode, type Problem } from "#shared/contracts/errors.ts";
import { failedWith } from "#shared/lib/causes.ts";
import { PaymentProviderError } from "#shared/server/payments/provider.ts";

/**
 * What a caller is told of anything that was thrown. `bug` is true for what nobody meant: it is logged, and its text
 * stays inside.
 */
export function problemFrom(error: unknown): { readonly problem: Problem; readonly bug: boolean } {
  if (error instanceof Refusal) return { problem: problemOf(error.code, error.message), bug: false };
  if (error instanceof PaymentProviderError && error.retryable) {
    return { problem: problemOf("payment.unavailable", "the payment provider does not answer; try again"), bug: false };
  }
  const told = told4xx(error);
  if (told) return { problem: problemOf(told, textOf(error)), bug: false };
  if (failedWith(error, AWAY))
    return { problem: problemOf("hub.overloaded", "a store does not answer; try again"), bug: true };
  return { problem: problemOf("internal", "it has been logged"), bug: true };
}

/** What the HTTP server itself refuses: bad JSON, a body that is too large, a form that we do not read. */
function told4xx(error: unknown): ErrorCode | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return TOLD.get(error.statusCode);
}

const TOLD: ReadonlyMap<unknown, ErrorCode> = new Map([
  [400, "payload.invalid"],
  [404, "route.not-found"],
  [405, "payload.invalid"],
  [406, "payload.invalid"],
  [413, "payload.too-large"],
  [414, "payload.invalid"],
  [415, "payload.invalid"],
  [429, "rate.limited"],
  [503, "hub.overloaded"],
]);

/**
 * Codes of postgres.js and of the socket below it, while Postgres is away or coming back; the last three for what took too
 * long or waited in a ring. All of it was taken back: asked again, it may well be done.
 */
const AWAY = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "57014",
  "25P03",
  "40P01",
]);

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "the request cannot be read";
}
