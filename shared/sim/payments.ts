import { Refusal } from "../contracts/errors.ts";
import type { IntentState } from "../domain/money/settle-payment.ts";
import { assert } from "../lib/assert.ts";

interface Intent extends IntentState {
  readonly orderId: string;
  readonly amountMinor: number;
}

/** A payment provider in memory: holds money with a card's word, takes it, lets it go, gives it back. */
export interface SimPayments {
  /** Asked twice for one order it is the same payment. */
  create(orderId: string, amountMinor: number): Intent;
  retrieve(id: string): Intent;
  capture(id: string, amountMinor: number): Intent;
  release(id: string): Intent;
  refund(id: string, amountMinor: number): Intent;
  /**
   * A customer's browser confirms with the order's client secret: the amount is held.
   *
   * @returns the order that it is for
   * @throws {Refusal} `payment.refused` for a declined card, a wrong secret, and what is no longer to be paid
   */
  confirm(clientSecret: string, card: string): string;
}

/** Cards that are taken, by the names of the provider's test cards; every other one is declined. */
const TAKEN = ["pm_card_visa", "pm_card_visa_debit", "pm_card_mastercard", "pm_card_amex"];

export function makeSimPayments(): SimPayments {
  const intents = new Map<string, Intent>();
  const ofOrder = new Map<string, string>();
  const change = (id: string, by: (intent: Intent) => Partial<Intent>): Intent => {
    const intent = retrieve(id);
    const changed = { ...intent, ...by(intent) };
    intents.set(id, changed);
    return changed;
  };
  function retrieve(id: string): Intent {
    const intent = intents.get(id);
    assert(intent, `payment ${id} is there`);
    return intent;
  }
  return {
    retrieve,
    create(orderId, amountMinor) {
      const known = ofOrder.get(orderId);
      if (known !== undefined) return retrieve(known);
      const id = `pi_sim_${intents.size + 1}`;
      const amounts = { amountMinor, amountReceivedMinor: 0, amountRefundedMinor: 0 };
      const intent: Intent = {
        id,
        orderId,
        clientSecret: `${id}_secret_${orderId}`,
        status: "requires_payment_method",
        ...amounts,
      };
      intents.set(id, intent);
      ofOrder.set(orderId, id);
      return intent;
    },
    capture: (id, amountMinor) => change(id, () => ({ status: "succeeded", amountReceivedMinor: amountMinor })),
    release: (id) => change(id, () => ({ status: "canceled" })),
    refund: (id, amountMinor) =>
      change(id, (intent) => ({ amountRefundedMinor: intent.amountRefundedMinor + amountMinor })),
    confirm(clientSecret, card) {
      const id = clientSecret.split("_secret_")[0] ?? "";
      const intent = intents.get(id);
      if (intent?.clientSecret !== clientSecret) throw new Refusal("payment.refused", "no such payment");
      if (intent.status === "canceled" || intent.status === "succeeded") {
        throw new Refusal("payment.refused", `this payment is ${intent.status}`);
      }
      if (!TAKEN.includes(card)) throw new Refusal("payment.refused", "Your card was declined.");
      change(id, () => ({ status: "requires_capture" }));
      return intent.orderId;
    },
  };
}
