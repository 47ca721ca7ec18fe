interface ErrorRow {
  /** Status of the REST reply. */
  readonly http: number;
  /** What a client, or the queue, does next. */
  readonly retry: "never" | "after-refresh" | "with-backoff";
  /** What it means, for people. */
  readonly title: string;
}

/** Every refusal a peer can meet. One row, one meaning: on REST, on a socket, in a job. */
export const ERRORS = {
  "payload.invalid": { http: 400, retry: "never", title: "The request does not have the right form" },
  "auth.missing": { http: 401, retry: "after-refresh", title: "Sign in first" },
  "auth.expired": { http: 401, retry: "after-refresh", title: "The session has expired" },
  "auth.wrong-credentials": { http: 401, retry: "never", title: "E-mail or password is wrong" },
  "auth.session-ended": { http: 401, retry: "never", title: "The session has ended; sign in again" },
  "right.missing": { http: 403, retry: "never", title: "This role may not do that" },
  "account.exists": { http: 409, retry: "never", title: "An account with this e-mail exists" },
  "market.not-found": { http: 404, retry: "never", title: "No such market" },
  "restaurant.not-found": { http: 404, retry: "never", title: "No such restaurant" },
  "restaurant.closed": { http: 409, retry: "never", title: "The restaurant is not taking orders now" },
  "restaurant.out-of-area": { http: 409, retry: "never", title: "The restaurant does not deliver to this place" },
  "menu.not-found": { http: 404, retry: "never", title: "No such item, category or person in this place" },
  "menu.unavailable": { http: 409, retry: "never", title: "An item is sold out" },
  "menu.modifiers": { http: 409, retry: "never", title: "The choices for an item do not fit" },
  "quote.below-minimum": { http: 409, retry: "never", title: "The order is below the restaurant's minimum" },
  "quote.changed": { http: 409, retry: "never", title: "The price has changed; look at it again" },
  "order.not-found": { http: 404, retry: "never", title: "No such order" },
  "order.illegal-action": { http: 409, retry: "never", title: "The order's state does not allow that" },
  "delivery.not-found": { http: 404, retry: "never", title: "No such delivery" },
  "delivery.illegal-action": { http: 409, retry: "never", title: "The delivery's state does not allow that" },
  "offer.not-found": { http: 404, retry: "never", title: "No such offer" },
  "offer.closed": { http: 409, retry: "never", title: "The offer is no longer open" },
  "decision.not-found": { http: 404, retry: "never", title: "No such dispatch decision, or it is kept no longer" },
  "courier.not-found": { http: 404, retry: "never", title: "No such courier" },
  "shift.illegal-action": { http: 409, retry: "never", title: "The shift's state does not allow that" },
  "stream.not-found": { http: 404, retry: "never", title: "No such stream for this viewer" },
  "payment.refused": { http: 402, retry: "never", title: "The payment was refused" },
  "payment.unavailable": { http: 503, retry: "with-backoff", title: "The payment provider does not answer; try again" },
  "payment.amount": { http: 409, retry: "never", title: "The amount does not fit what was paid" },
  "idempotency.mismatch": { http: 422, retry: "never", title: "This key was used for another request" },
  "payload.too-large": { http: 413, retry: "never", title: "The request is too large" },
  "rate.limited": { http: 429, retry: "with-backoff", title: "Too many requests; slow down" },
  "route.not-found": { http: 404, retry: "never", title: "No such address in this API" },
  "hub.overloaded": { http: 503, retry: "with-backoff", title: "Try again shortly" },
  internal: { http: 500, retry: "with-backoff", title: "Our fault; it has been logged" },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** Problem details (RFC 9457) with a stable `code`; the same object answers a refused socket command. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
}

export function problemOf(code: ErrorCode, detail: string): Problem {
  return { type: `urn:tiffin:problem:${code}`, title: ERRORS[code].title, status: ERRORS[code].http, code, detail };
}

/** A refusal we meant to give. Anything else thrown is a bug and is logged as one. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
