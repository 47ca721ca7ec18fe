import { webhookEvents } from "#drizzle/schema/orders.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { Settle } from "#shared/server/life/settle.ts";
import type { PaymentProvider } from "#shared/server/payments/provider.ts";
import type { Clock } from "#shared/lib/clock.ts";

/**
 * A provider's webhook: it only says where to look. The intent is retrieved and applied; so a repeated, late or disordered
 * event does nothing new, and a lost one is made good by the customer's return or the reconciler. [MNY6]
 *
 * @throws {Refusal} when the signature does not fit
 */
export function makeWebhook(deps: { db: Db; provider: PaymentProvider; settle: Settle; clock: Clock }) {
  return async (rawBody: Buffer, signature: string): Promise<void> => {
    const { eventId, type, intentId } = deps.provider.parseWebhook(rawBody, signature);
    if (intentId !== undefined) {
      const intent = await deps.provider.retrieve(intentId);
      await deps.settle(intent.marketId, intent.orderId);
    }
    await deps.db.orm
      .insert(webhookEvents)
      .values({ provider: "stripe", eventId, type, receivedAtMs: deps.clock.nowMs() })
      .onConflictDoNothing();
  };
}
