import { webhookEvents } from "#drizzle/schema/jobs.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { readOrder } from "#shared/server/life/load-order.ts";
import type { Settle } from "#shared/server/life/settle.ts";
import {
  PaymentProviderError,
  type PaymentIntentView,
  type PaymentProvider,
} from "#shared/server/payments/provider.ts";
import type { Clock } from "#shared/lib/clock.ts";

/** The events after which something is to be done; others of the same payment are only written down. */
const ABOUT_MONEY = new Set([
  "payment_intent.amount_capturable_updated",
  "payment_intent.succeeded",
  "payment_intent.canceled",
  "charge.refunded",
]);

/**
 * A provider's webhook: it only says where to look. The intent is retrieved and applied; so a repeated, late or disordered
 * event does nothing new, and a lost one is made good by the customer's return or the reconciler. [MNY6]
 *
 * @throws {Refusal} when the signature does not fit
 */
export function makeWebhook(deps: { db: Db; provider: PaymentProvider; settle: Settle; clock: Clock }) {
  return async (rawBody: Buffer, signature: string): Promise<void> => {
    const { eventId, type, intentId } = deps.provider.parseWebhook(rawBody, signature);
    if (intentId !== undefined && ABOUT_MONEY.has(type)) {
      const intent = await ours(deps.provider, intentId);
      const known = intent && (await readOrder(deps.db.orm, intent.marketId, intent.orderId));
      if (known) await deps.settle(known.order.marketId, known.order.id);
    }
    await deps.db.orm
      .insert(webhookEvents)
      .values({ provider: "stripe", eventId, type, receivedAtMs: deps.clock.nowMs() })
      .onConflictDoNothing();
  };
}

/** The payment, or undefined for one of the account's other businesses: not ours to answer, and not to be sent again. */
async function ours(provider: PaymentProvider, intentId: string): Promise<PaymentIntentView | undefined> {
  try {
    return await provider.retrieve(intentId);
  } catch (error) {
    if (error instanceof PaymentProviderError && error.code === "foreign_intent") return undefined;
    throw error;
  }
}
