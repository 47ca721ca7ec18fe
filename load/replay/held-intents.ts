import { z } from "zod";

import type { HeldIntent } from "./money-mismatches.ts";

const charge = z.object({
  amount: z.number(),
  amount_captured: z.number(),
  amount_refunded: z.number(),
  captured: z.boolean(),
});
type Charge = z.output<typeof charge>;

const listed = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      amount_received: z.number(),
      metadata: z.record(z.string(), z.string()),
      latest_charge: charge.nullable(),
    }),
  ),
  has_more: z.boolean(),
});

/** What was given back of what was taken: the provider counts a hold that it let go as refunded too. */
function refundedOf(held: Charge | null): number {
  if (!held?.captured) return 0;
  return Math.max(0, held.amount_refunded - (held.amount - held.amount_captured));
}

/** Every payment that the provider knows, asked of the provider itself, in pages as its API gives them. */
export async function heldIntents(providerUrl: string, secretKey: string): Promise<HeldIntent[]> {
  const found: HeldIntent[] = [];
  for (let after = ""; ; after = found.at(-1)?.id ?? "") {
    const query = new URLSearchParams({ limit: "100", "expand[]": "data.latest_charge" });
    if (after !== "") query.set("starting_after", after);
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const answer = await fetch(`${providerUrl}/v1/payment_intents?${query.toString()}`, {
      headers: { authorization: `Bearer ${secretKey}` },
    });
    if (!answer.ok) throw new Error(`the payment provider answered ${answer.status}: ${await answer.text()}`);
    const page = listed.parse(await answer.json());
    for (const intent of page.data) {
      found.push({
        id: intent.id,
        status: intent.status,
        orderId: intent.metadata["order_id"],
        receivedMinor: intent.amount_received,
        refundedMinor: refundedOf(intent.latest_charge),
      });
    }
    if (!page.has_more) return found;
  }
}
