import { confirmIntent, methodFor } from "./confirm.ts";
import type { Attempt, Caller } from "./confirm.ts";
import { invalidRequest, unexpectedState } from "./failure.ts";
import { newId } from "./ids.ts";
import type { z } from "zod";
import type { INTENT_CREATE_BEFORE, ParamsOf } from "./params.ts";
import type { ChargeRecord, IntentRecord } from "./records.ts";
import type { Work } from "./work.ts";

/** Stripe's least charge where it is settled in its own currency: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const LEAST_MINOR: Readonly<Record<string, number>> = {
  usd: 50,
  eur: 50,
  gbp: 30,
  cad: 50,
  aud: 50,
  sek: 300,
  dkk: 250,
  nok: 300,
};

type NewIntent = z.output<typeof INTENT_CREATE_BEFORE>;

/** Makes an intent; with `confirm` it is confirmed in the same request. */
export function createIntent(work: Work, params: NewIntent, caller: Caller): Attempt {
  refuseUnfit(params);
  const blank = blankIntent(work, params);
  const named = params.payment_method !== undefined || params.payment_method_data !== undefined;
  const method = named ? methodFor(work, blank, params, caller.fromBrowser) : undefined;
  const intent = work.put<IntentRecord>(
    method ? { ...blank, payment_method: method.id, status: "requires_confirmation" } : blank,
  );
  work.emit("payment_intent.created", intent);
  if (!params.confirm) return { intent };
  return confirmIntent(work, intent, { ...params, payment_method: method?.id, payment_method_data: undefined }, caller);
}

/** What no single parameter shows. */
function refuseUnfit(params: NewIntent): void {
  const { amount, currency, payment_method_types: types, automatic_payment_methods: automatic } = params;
  const least = LEAST_MINOR[currency] ?? 1;
  if (amount < least)
    throw invalidRequest(`Amount must be at least ${least} ${currency}`, { code: "amount_too_small", param: "amount" });
  if (automatic?.enabled === true && types)
    throw invalidRequest(
      "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.",
      { param: "automatic_payment_methods" },
    );
  const early = (["return_url", "error_on_requires_action"] as const).find((param) => params[param] !== undefined);
  if (!params.confirm && early)
    throw invalidRequest("This parameter can only be used with `confirm=true`.", { param: early });
}

function blankIntent(work: Work, params: NewIntent): IntentRecord {
  const id = newId("pi_");
  const given = Object.fromEntries(Object.entries(params).filter(([name]) => PLAIN.has(name)));
  return {
    kind: "payment_intent",
    id,
    created: work.nowS,
    client_secret: `${id}_secret_${newId("", 25)}`,
    amount: params.amount,
    amount_capturable: 0,
    amount_received: 0,
    currency: params.currency,
    status: "requires_payment_method",
    capture_method: params.capture_method ?? "automatic_async",
    confirmation_method: params.confirmation_method,
    ...acceptedMethods(params),
    payment_method: null,
    latest_charge: null,
    last_payment_error: null,
    return_url: null,
    canceled_at: null,
    cancellation_reason: null,
    description: null,
    receipt_email: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_group: null,
    metadata: params.metadata ?? {},
    ...given,
  };
}

/** Parameters that the intent shows as they came. */
const PLAIN: ReadonlySet<string> = new Set([
  "description",
  "receipt_email",
  "statement_descriptor",
  "statement_descriptor_suffix",
  "transfer_group",
]);

function acceptedMethods(params: NewIntent): Pick<IntentRecord, "automatic_payment_methods" | "payment_method_types"> {
  const { automatic_payment_methods: automatic, payment_method_types: types } = params;
  if (types) return { automatic_payment_methods: null, payment_method_types: types };
  if (automatic?.enabled === false) return { automatic_payment_methods: null, payment_method_types: ["card"] };
  return {
    automatic_payment_methods: { enabled: true, allow_redirects: automatic?.allow_redirects ?? "always" },
    payment_method_types: ["card", "link"],
  };
}

/** Takes all or a part of the held money; what is not taken is released for good. */
export function captureIntent(work: Work, intent: IntentRecord, params: ParamsOf<"intentCapture">): IntentRecord {
  const charge = chargeOf(work, intent);
  if (intent.status !== "requires_capture" || charge === undefined)
    throw unexpectedState(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
    );
  const taken = params.amount_to_capture ?? intent.amount_capturable;
  if (taken > intent.amount_capturable)
    throw invalidRequest(
      `Amount to capture (${taken}) is greater than the capturable amount (${intent.amount_capturable}).`,
      { code: "amount_too_large", param: "amount_to_capture" },
    );
  const captured = work.put<ChargeRecord>({
    ...charge,
    captured: true,
    amount_captured: taken,
    amount_refunded: charge.amount - taken,
  });
  const done = work.put<IntentRecord>({
    ...intent,
    status: "succeeded",
    amount_capturable: 0,
    amount_received: taken,
    metadata: params.metadata ? { ...intent.metadata, ...params.metadata } : intent.metadata,
  });
  work.emit("charge.captured", captured);
  work.emit("payment_intent.succeeded", done);
  return done;
}

const CANCELLABLE: ReadonlySet<string> = new Set([
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
  "processing",
]);

/** Ends an intent that took no money; a held amount is released. */
export function cancelIntent(work: Work, intent: IntentRecord, params: ParamsOf<"intentCancel">): IntentRecord {
  if (!CANCELLABLE.has(intent.status))
    throw unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${[...CANCELLABLE].join(", ")}.`,
    );
  const held = intent.status === "requires_capture" ? chargeOf(work, intent) : undefined;
  const done = work.put<IntentRecord>({
    ...intent,
    status: "canceled",
    amount_capturable: 0,
    canceled_at: work.nowS,
    cancellation_reason: params.cancellation_reason ?? null,
  });
  if (held) work.emit("charge.refunded", work.put({ ...held, amount_refunded: held.amount }));
  work.emit("payment_intent.canceled", done);
  return done;
}

function chargeOf(work: Work, intent: IntentRecord): ChargeRecord | undefined {
  return intent.latest_charge === null ? undefined : work.get("charge", intent.latest_charge);
}
