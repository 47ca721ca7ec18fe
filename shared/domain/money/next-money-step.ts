import type { OrderStatus } from "../../contracts/states.ts";
import { EARNED } from "../order/machine.ts";

/** What the provider says of an order's payment. */
export interface ProviderState {
  readonly status:
    | "requires_payment_method"
    | "requires_confirmation"
    | "requires_action"
    | "processing"
    | "requires_capture"
    | "succeeded"
    | "canceled";
  readonly amountReceivedMinor: number;
  readonly amountRefundedMinor: number;
}

export type MoneyStep =
  | { readonly do: "create" }
  | { readonly do: "capture"; readonly amountMinor: number }
  | { readonly do: "release" }
  | { readonly do: "refund"; readonly amountMinor: number }
  | { readonly do: "nothing" };

const NOTHING: MoneyStep = { do: "nothing" };

/**
 * The next thing to ask of the payment provider, so that its state comes to what the order's state means. [MNY1-MNY4]
 *
 * Asked again after each step until it says nothing; then no money is kept without an order and none is missing. It looks
 * at states only, never at history, so it may be asked at any time, by anyone, and after any crash.
 *
 * @param amountMinor what the order costs
 * @param refundTargetMinor how much of it was decided to be given back
 * @param provider undefined: there is no payment at the provider yet
 */
export function nextMoneyStep(
  status: OrderStatus,
  amountMinor: number,
  refundTargetMinor: number,
  provider: ProviderState | undefined,
): MoneyStep {
  if (!provider) return status === "PENDING_PAYMENT" && amountMinor > 0 ? { do: "create" } : NOTHING;
  if (provider.status === "canceled" || status === "PENDING_PAYMENT" || status === "CREATED") return NOTHING;
  const keepMinor = amountMinor - refundTargetMinor;
  if (provider.status === "succeeded") {
    const refundMinor = provider.amountReceivedMinor - provider.amountRefundedMinor - keepMinor;
    return refundMinor > 0 ? { do: "refund", amountMinor: refundMinor } : NOTHING;
  }
  if (provider.status !== "requires_capture") return EARNED.includes(status) ? NOTHING : { do: "release" };
  if (EARNED.includes(status)) return { do: "capture", amountMinor };
  return keepMinor > 0 ? { do: "capture", amountMinor: keepMinor } : { do: "release" };
}
