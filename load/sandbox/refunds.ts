import { invalidRequest, missing, StripeFailure } from "./failure.ts";
import { newId } from "./ids.ts";
import type { ParamsOf } from "./params.ts";
import type { ChargeRecord, RefundRecord } from "./records.ts";
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

function chargeFor(work: Work, { payment_intent: intentId, charge: chargeId }: ParamsOf<"refundCreate">): ChargeRecord {
  const charge = chargeId === undefined ? chargeOfIntent(work, intentId) : work.get("charge", chargeId);
  if (charge === undefined && chargeId !== undefined) throw missing("charge", chargeId, "charge");
  if (charge?.captured !== true) throw refused("This PaymentIntent does not have a successful charge to refund.");
  if (intentId !== undefined && charge.payment_intent !== intentId)
    throw invalidRequest("The charge does not belong to the payment_intent.", { param: "charge" });
  return charge;
}

function chargeOfIntent(work: Work, intentId: string | undefined): ChargeRecord | undefined {
  if (intentId === undefined)
    throw invalidRequest("One of the following params should be provided for this request: payment_intent or charge.", {
      code: "parameter_missing",
    });
  const intent = work.get("payment_intent", intentId);
  if (intent === undefined) throw missing("payment_intent", intentId, "payment_intent");
  return work.get("charge", intent.latest_charge ?? "");
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
