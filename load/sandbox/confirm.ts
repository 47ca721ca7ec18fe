import { cardOfNumber, cardOfToken, refuseRawCard, unknownToken } from "./cards.ts";
import { invalidRequest, missing, StripeFailure, unexpectedState } from "./failure.ts";
import { newId } from "./ids.ts";
import type { ParamsOf } from "./params.ts";
import type { CardOutcome, ChargeRecord, IntentRecord, LastPaymentError, PaymentMethodRecord } from "./records.ts";
import type { Work } from "./work.ts";

type Confirming = Omit<ParamsOf<"intentConfirm">, "client_secret" | "key" | "expand">;

/** Who confirms, and what the network does now in place of what the card would do (faults.ts). */
export interface Caller {
  readonly fromBrowser: boolean;
  readonly outage: CardOutcome | undefined;
}

/** What a confirmation led to: the intent, and the refusal that the caller hears although the attempt is kept. */
export interface Attempt {
  readonly intent: IntentRecord;
  readonly failure?: StripeFailure;
}

/**
 * Confirms an intent with the given or the attached payment method. Throws where nothing was attempted (400); a
 * declined card is an attempt: the failed charge stays and the intent wants another payment method.
 */
export function confirmIntent(work: Work, before: IntentRecord, params: Confirming, caller: Caller): Attempt {
  refuseSettled(before);
  const method = methodFor(work, before, params, caller.fromBrowser);
  const outcome = caller.outage ?? method.outcome;
  const returnUrl = returnUrlOf(before, params);
  const intent: IntentRecord = {
    ...before,
    payment_method: method.id,
    return_url: returnUrl,
    capture_method: params.capture_method ?? before.capture_method,
    receipt_email: params.receipt_email ?? before.receipt_email,
    last_payment_error: null,
  };
  if (outcome.kind === "decline") return declineIntent(work, intent, method, outcome);
  if (outcome.kind === "approve") return { intent: authorise(work, intent, method) };
  if (params.error_on_requires_action === true) return declineIntent(work, intent, method, AUTHENTICATION_REQUIRED);
  const waiting = work.put({ ...intent, status: "requires_action" });
  work.emit("payment_intent.requires_action", waiting);
  return { intent: waiting };
}

/** Accounts that accept methods which lead the customer away must say where the way back leads. */
function returnUrlOf(intent: IntentRecord, params: Confirming): string | null {
  const returnUrl = params.return_url ?? intent.return_url;
  if (intent.automatic_payment_methods?.allow_redirects === "always" && returnUrl === null)
    throw invalidRequest(
      "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`.",
      { param: "return_url" },
    );
  return returnUrl;
}

function refuseSettled({ status }: IntentRecord): void {
  const why = {
    succeeded: "it has already succeeded after being previously confirmed",
    requires_capture: "it has already succeeded after being previously confirmed",
    canceled: "it has a status of canceled",
  };
  if (status in why)
    // Cast: the line before has checked that the status is one of the keys.
    throw unexpectedState(`You cannot confirm this PaymentIntent because ${why[status as keyof typeof why]}.`);
}

/** Ends a customer's authentication: approved money is held (or taken), a refusal asks for another payment method. */
export function authenticateIntent(work: Work, intent: IntentRecord, approved: boolean): Attempt {
  const method = intent.payment_method === null ? undefined : work.get("payment_method", intent.payment_method);
  if (intent.status !== "requires_action" || method === undefined)
    throw unexpectedState(`This PaymentIntent has a status of ${intent.status} and waits for no authentication.`);
  if (approved) return { intent: authorise(work, intent, method) };
  const error: LastPaymentError = {
    type: "invalid_request_error",
    code: "payment_intent_authentication_failure",
    decline_code: null,
    message:
      "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    charge: null,
    payment_method: method.id,
  };
  return { intent: failIntent(work, intent, error) };
}

/** The payment method of the parameters (made from a token or from card details, if new) or the attached one. */
export function methodFor(
  work: Work,
  intent: Pick<IntentRecord, "payment_method">,
  params: Pick<Confirming, "payment_method" | "payment_method_data">,
  fromBrowser: boolean,
): PaymentMethodRecord {
  if (params.payment_method_data) {
    const { card, metadata } = params.payment_method_data;
    return createMethod(work, card, metadata ?? {}, fromBrowser);
  }
  const id = params.payment_method ?? intent.payment_method;
  if (id === null)
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    );
  if (!id.startsWith("pm_")) throw missing("PaymentMethod", id, "payment_method");
  const known = work.get("payment_method", id);
  if (known) return known;
  const card = cardOfToken(id, new Date(work.nowS * 1000).getUTCFullYear());
  if (card === undefined) throw unknownToken(id);
  return work.put({ kind: "payment_method", id: newId("pm_"), created: work.nowS, metadata: {}, ...card });
}

/** A payment method from a typed-in card; only a browser (publishable key) may send one. */
export function createMethod(
  work: Work,
  card: ParamsOf<"methodCreate">["card"],
  metadata: Readonly<Record<string, string>>,
  fromBrowser: boolean,
): PaymentMethodRecord {
  if (!fromBrowser) throw refuseRawCard();
  const today = new Date(work.nowS * 1000);
  const made = cardOfNumber(card, { year: today.getUTCFullYear(), month: today.getUTCMonth() + 1 });
  return work.put({ kind: "payment_method", id: newId("pm_"), created: work.nowS, metadata, ...made });
}

type Decline = Extract<CardOutcome, { kind: "decline" }>;

const AUTHENTICATION_REQUIRED: Decline = {
  kind: "decline",
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

function authorise(work: Work, intent: IntentRecord, method: PaymentMethodRecord): IntentRecord {
  const manual = intent.capture_method === "manual";
  const charge = work.put({
    ...chargeOf(work, intent, method),
    amount_captured: manual ? 0 : intent.amount,
    captured: !manual,
  });
  const held = work.put<IntentRecord>({
    ...intent,
    status: manual ? "requires_capture" : "succeeded",
    amount_capturable: manual ? intent.amount : 0,
    amount_received: manual ? 0 : intent.amount,
    latest_charge: charge.id,
  });
  work.emit("charge.succeeded", charge);
  work.emit(manual ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", held);
  return held;
}

function declineIntent(work: Work, intent: IntentRecord, method: PaymentMethodRecord, how: Decline): Attempt {
  const charge = work.put<ChargeRecord>({
    ...chargeOf(work, intent, method),
    status: "failed",
    failure_code: how.code,
    failure_message: how.message,
    decline_code: how.declineCode,
  });
  work.emit("charge.failed", charge);
  const failed = failIntent(
    work,
    { ...intent, latest_charge: charge.id },
    {
      type: "card_error",
      code: how.code,
      decline_code: how.declineCode,
      message: how.message,
      charge: charge.id,
      payment_method: method.id,
    },
  );
  const failure = new StripeFailure(
    402,
    {
      type: "card_error",
      code: how.code,
      ...(how.declineCode !== null && { decline_code: how.declineCode }),
      doc_url: `https://stripe.com/docs/error-codes/${how.code.replaceAll("_", "-")}`,
      message: how.message,
      charge: charge.id,
    },
    true,
  );
  return { intent: failed, failure };
}

function failIntent(work: Work, intent: IntentRecord, error: LastPaymentError): IntentRecord {
  const failed = work.put<IntentRecord>({
    ...intent,
    status: "requires_payment_method",
    payment_method: null,
    last_payment_error: error,
  });
  work.emit("payment_intent.payment_failed", failed);
  return failed;
}

function chargeOf(work: Work, intent: IntentRecord, method: PaymentMethodRecord): ChargeRecord {
  return {
    kind: "charge",
    id: newId("ch_"),
    created: work.nowS,
    payment_intent: intent.id,
    payment_method: method.id,
    card: method.card,
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    captured: false,
    currency: intent.currency,
    status: "succeeded",
    failure_code: null,
    failure_message: null,
    decline_code: null,
    description: intent.description,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_group: intent.transfer_group,
    receipt_email: intent.receipt_email,
    metadata: intent.metadata,
  };
}
