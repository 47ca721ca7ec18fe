import { createHash } from "node:crypto";
import { StripeFailure } from "./failure.ts";
import type { StoredAnswer } from "./records.ts";
import type { Store } from "./store.ts";

export interface Keys {
  readonly secretKey: string;
  readonly publishableKey: string;
}

/**
 * Who calls: Bearer, Basic with the key as user name, or `key` among the parameters as Stripe.js sends it.
 * 401 without a valid key, 403 where a browser's key is not enough.
 */
export function authenticate(
  keys: Keys,
  browserMay: boolean,
  authorization: string | undefined,
  keyParam: unknown,
): "server" | "browser" {
  const key = keyOf(authorization) ?? keyParam;
  if (typeof key !== "string" || key === "")
    throw unauthorised(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  if (key === keys.secretKey) return "server";
  if (key !== keys.publishableKey)
    throw unauthorised(`Invalid API Key provided: ${key.slice(0, 8)}***${key.slice(-4)}`);
  if (browserMay) return "browser";
  throw new StripeFailure(403, {
    type: "invalid_request_error",
    code: "secret_key_required",
    message: "This API call cannot be made with a publishable API key. Please use a secret API key.",
  });
}

/**
 * The answer that this idempotency key got before, if any. 400 if it was used for something else, 409 while its first
 * request is still at work.
 */
export function recall(
  store: Store,
  inUse: ReadonlySet<string>,
  key: string,
  fingerprint: string,
): StoredAnswer | undefined {
  if (key.length > 255)
    throw new StripeFailure(400, {
      type: "idempotency_error",
      message: "Idempotency keys may be at most 255 characters long.",
    });
  if (inUse.has(key))
    throw new StripeFailure(409, {
      type: "idempotency_error",
      code: "idempotency_key_in_use",
      message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    });
  const earlier = store.answer(key);
  if (earlier && earlier.fingerprint !== fingerprint)
    throw new StripeFailure(400, {
      type: "idempotency_error",
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  return earlier;
}

/** The same for requests that ask for the same thing, whatever the order of their parameters. */
export function fingerprintOf(method: string, path: string, raw: Record<string, unknown>): string {
  const text = JSON.stringify(raw, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(`${method} ${path} ${text}`).digest("base64url");
}

function keyOf(authorization: string | undefined): string | undefined {
  const [scheme, value = ""] = authorization?.trim().split(/\s+/) ?? [];
  if (scheme?.toLowerCase() === "bearer") return value;
  if (scheme?.toLowerCase() === "basic") return Buffer.from(value, "base64").toString("utf8").split(":")[0];
  return undefined;
}

function unauthorised(message: string): StripeFailure {
  return new StripeFailure(401, { type: "invalid_request_error", message });
}
