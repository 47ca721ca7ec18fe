import { z } from "zod";

/** Integer minor units of the market's currency: what a price is, never a float. */
export const amountMinor = z.int().min(0).max(100_000_000);

/** What a customer pays and why, frozen at placement. Prices include tax; `taxMinor` says how much of the total it is. */
export const priceBreakdown = z.object({
  itemsMinor: amountMinor,
  deliveryMinor: amountMinor,
  serviceFeeMinor: amountMinor,
  tipMinor: amountMinor,
  totalMinor: amountMinor,
  taxMinor: amountMinor,
  distanceM: z.int().min(0),
});
export type PriceBreakdown = z.output<typeof priceBreakdown>;
