import { parse } from "qs";
import { z } from "zod";
import { invalidRequest } from "./failure.ts";
import type { StripeFailure } from "./failure.ts";

/** Form values are text; these schemas turn them into what they stand for, as strictly as Stripe does. */
const integer = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number);
const amount = integer.pipe(z.int().min(1).max(99_999_999));
const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const text = z.string().max(5000);
const expand = z.array(text).max(20).optional();
const map = z.record(z.string().max(40), z.string().max(500)).refine((given) => Object.keys(given).length <= 50);
const metadata = map.optional();
/** Where an object can have metadata already, an empty text clears them. */
const metadataOrNone = map.or(z.literal("").transform(() => ({}))).optional();

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()));
const currency = z
  .string()
  .transform((code) => code.toLowerCase())
  .refine((code) => CURRENCIES.has(code));

const cardData = z.strictObject({ number: text, exp_month: integer, exp_year: integer, cvc: text.optional() });
const methodData = z.strictObject({ type: z.enum(["card"]), card: cardData, metadata });
const captureMethod = z.enum(["automatic", "automatic_async", "manual"]);

const confirming = {
  capture_method: captureMethod.optional(),
  error_on_requires_action: flag.optional(),
  expand,
  payment_method: text.optional(),
  payment_method_data: methodData.optional(),
  receipt_email: z.string().optional(),
  return_url: z.url().optional(),
  use_stripe_sdk: flag.optional(),
};
/** What Stripe.js adds from the browser. */
const browser = { client_secret: text.optional(), key: text.optional() };
const paging = {
  ending_before: text.optional(),
  expand,
  limit: integer.pipe(z.int().min(1).max(100)).default(10),
  starting_after: text.optional(),
};
const range = z.strictObject({
  gt: integer.optional(),
  gte: integer.optional(),
  lt: integer.optional(),
  lte: integer.optional(),
});
const created = integer
  .transform((second): z.output<typeof range> => ({ gte: second, lte: second }))
  .or(range)
  .optional();

/** One strict schema for each operation that the sandbox knows: anything else is an unknown parameter. */
export const PARAMS = {
  intentCreate: z.strictObject({
    ...confirming,
    amount,
    automatic_payment_methods: z
      .strictObject({ enabled: flag, allow_redirects: z.enum(["always", "never"]).default("always") })
      .optional(),
    confirm: flag.default(false),
    confirmation_method: z.enum(["automatic", "manual"]).default("automatic"),
    currency,
    description: text.optional(),
    metadata,
    statement_descriptor: z.string().max(22).optional(),
    statement_descriptor_suffix: z.string().max(22).optional(),
    transfer_group: text.optional(),
  }),
  intentRetrieve: z.strictObject({ ...browser, expand }),
  intentConfirm: z.strictObject({ ...confirming, ...browser }),
  intentCapture: z.strictObject({
    amount_to_capture: amount.optional(),
    expand,
    metadata: metadataOrNone,
    statement_descriptor: z.string().max(22).optional(),
    statement_descriptor_suffix: z.string().max(22).optional(),
  }),
  intentCancel: z.strictObject({
    cancellation_reason: z.enum(["abandoned", "duplicate", "fraudulent", "requested_by_customer"]).optional(),
    expand,
  }),
  intentList: z.strictObject({ ...paging, created }),
  chargeList: z.strictObject({ ...paging, created, payment_intent: text.optional() }),
  refundCreate: z.strictObject({
    amount: amount.optional(),
    charge: text.optional(),
    expand,
    metadata: metadataOrNone,
    payment_intent: text.optional(),
    reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
  }),
  refundList: z.strictObject({ ...paging, charge: text.optional(), created, payment_intent: text.optional() }),
  eventList: z.strictObject({ ...paging, created, type: text.optional(), types: z.array(text).max(20).optional() }),
  methodCreate: z.strictObject({ card: cardData, expand, key: text.optional(), metadata, type: z.enum(["card"]) }),
  endpointCreate: z.strictObject({
    api_version: text.optional(),
    description: z.string().max(5000).optional(),
    enabled_events: z.array(text).min(1),
    expand,
    metadata: metadataOrNone,
    url: z.url(),
  }),
  endpointList: z.strictObject(paging),
  retrieve: z.strictObject({ expand }),
  none: z.strictObject({}),
} as const;

/** Until this version an intent could name its payment method types; since then the account's settings decide. */
export const TYPES_REMOVED_IN = "2026-09-30";
export const INTENT_CREATE_BEFORE = PARAMS.intentCreate.extend({
  payment_method_types: z
    .array(z.enum(["card", "link"]))
    .min(1)
    .optional(),
});

export type ParamsOf<K extends keyof typeof PARAMS> = z.output<(typeof PARAMS)[K]>;

/** A form body or query string as nested values: `a[b][]=c` is `{a: {b: ["c"]}}`. */
export function parseForm(form: string): Record<string, unknown> {
  return parse(form, { depth: 6, parameterLimit: 500, arrayLimit: 100, ignoreQueryPrefix: true });
}

/** Parses raw values or throws the refusal that Stripe would give for the first fault. */
export function parseParams<T extends z.ZodType>(schema: T, raw: Record<string, unknown>): z.output<T> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw issue ? refusal(issue, raw) : invalidRequest("Invalid request.");
}

function refusal(issue: z.core.$ZodIssue, raw: Record<string, unknown>): StripeFailure {
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => bracketed([...issue.path, key]));
    const noun = names.length > 1 ? "parameters" : "parameter";
    const [param = ""] = names;
    return invalidRequest(`Received unknown ${noun}: ${names.join(", ")}`, { code: "parameter_unknown", param });
  }
  const param = bracketed(issue.path);
  const value = valueAt(raw, issue.path);
  if (value === undefined)
    return invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  const [message, code] = faultOf(issue, param, shown);
  return invalidRequest(message, { param, ...(code !== undefined && { code }) });
}

/** Stripe's words and code for a value that does not fit. */
function faultOf(issue: z.core.$ZodIssue, param: string, shown: string): readonly [string, string?] {
  if (issue.code === "invalid_format" && issue.format === "regex")
    return [`Invalid integer: ${shown}`, "parameter_invalid_integer"];
  if (issue.code === "invalid_format" && issue.format === "url") return ["Not a valid URL", "url_invalid"];
  if (issue.code === "too_big" && param === "amount")
    return ["Amount must be no more than 99999999.", "amount_too_large"];
  if (issue.code === "too_small")
    return [`Invalid ${param}: must be greater than or equal to ${issue.minimum}`, "parameter_invalid_integer"];
  return [`Invalid ${param}: ${shown}`];
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    // Cast: only objects and arrays are looked into, any key of them may be asked for.
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    raw,
  );
}

function bracketed(path: readonly PropertyKey[]): string {
  const [head, ...rest] = path.map(String);
  return `${head ?? ""}${rest.map((key) => `[${key}]`).join("")}`;
}
