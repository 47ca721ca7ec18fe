import { invalidRequest, missing, StripeFailure } from "./failure.ts";
import { newId } from "./ids.ts";
import type { ParamsOf } from "./params.ts";
import type { ChargeRecord, IntentRecord, RefundRecord } from "./records.ts";
import type { Work } from "./work.ts";

/** Gives back all or a part of what was captured; never more than is left. */
export function createRefund(work: Work, params: ParamsOf<"refundCreate">): RefundRecord {
  const charge = chargeFor(work, params);
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) throw refused(`Charge ${charge.id} has already been refunded.`, "charge_already_refunded");
  const amount = params.amount ?? left;
  if (amount > left)
    throw refused(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      undefined,
      "amount",
    );
  const refund = work.put<RefundRecord>({
    kind: "refund",
    id: newId("re_"),
    created: work.nowS,
    amount,
    charge: charge.id,
    payment_intent: charge.payment_intent,
    currency: charge.currency,
    reason: params.reason ?? null,
    status: "succeeded",
    metadata: params.metadata ?? {},
  });
  const after = work.put<ChargeRecord>({ ...charge, amount_refunded: charge.amount_refunded + amount });
  work.emit("refund.created", refund);
  work.emit("charge.refunded", after);
  return refund;
}

function chargeFor(work: Work, params: ParamsOf<"refundCreate">): ChargeRecord {
  const { payment_intent: intentId, charge: chargeId } = params;
  const intent = intentId === undefined ? undefined : intentFor(work, intentId);
  if (intent === undefined && chargeId === undefined)
    throw invalidRequest("One of the following params should be provided for this request: payment_intent or charge.", {
      code: "parameter_missing",
    });
  const charge = work.get("charge", chargeId ?? intent?.latest_charge ?? "");
  if (charge === undefined && chargeId !== undefined) throw missing("charge", chargeId, "charge");
  if (charge?.captured !== true) throw refused("This PaymentIntent does not have a successful charge to refund.");
  if (intentId !== undefined && charge.payment_intent !== intentId)
    throw invalidRequest("The charge does not belong to the payment_intent.", { param: "charge" });
  return charge;
}

function intentFor(work: Work, id: string): IntentRecord {
  const intent = work.get("payment_intent", id);
  if (intent === undefined) throw missing("payment_intent", id, "payment_intent");
  return intent;
}

function refused(message: string, code?: string, param?: string): StripeFailure {
  return new StripeFailure(
    400,
    {
      type: "invalid_request_error",
      message,
      ...(code !== undefined && { code }),
      ...(param !== undefined && { param }),
    },
    true,
  );
}
