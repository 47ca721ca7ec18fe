import type { PriceBreakdown } from "../../contracts/money.ts";
import { allocate } from "./allocate.ts";

/** One side of a booking: positive is a debit (money that we hold or have given), negative a credit (money that we owe). */
export interface Entry {
  readonly account: string;
  readonly amountMinor: number;
}

/**
 * Captured: the provider holds the amount; restaurant, delivery, platform, tips and tax are owed their parts. [LED1]
 *
 * @param amountMinor 1..total; less than the total when a part of an order was kept at its cancellation
 */
export function captureEntries(price: PriceBreakdown, restaurantId: string, amountMinor: number): Entry[] {
  return nonZero([{ account: "provider", amountMinor }, ...owed(price, restaurantId, amountMinor)]);
}

/**
 * Refunded: every party gives back its share of the amount. [LED2]
 *
 * @param amountMinor 1..total
 */
export function refundEntries(price: PriceBreakdown, restaurantId: string, amountMinor: number): Entry[] {
  const back = owed(price, restaurantId, amountMinor).map((entry) => ({ ...entry, amountMinor: -entry.amountMinor }));
  return nonZero([{ account: "provider", amountMinor: -amountMinor }, ...back]);
}

/** Concluded: the courier is owed the pay of the delivery and the tip. [LED3] */
export function concludeEntries(price: PriceBreakdown, courierId: string, payMinor: number): Entry[] {
  return nonZero([
    { account: "delivery", amountMinor: payMinor },
    { account: "tips", amountMinor: price.tipMinor },
    { account: `courier:${courierId}`, amountMinor: -(payMinor + price.tipMinor) },
  ]);
}

/** The parts of `amountMinor` by what they are for; tax is inside the prices and comes out of items, delivery and fee. */
function owed(price: PriceBreakdown, restaurantId: string, amountMinor: number): Entry[] {
  const gross = [price.itemsMinor, price.deliveryMinor, price.serviceFeeMinor];
  const tax = allocate(price.taxMinor, gross);
  const net = gross.map((part, index) => part - (tax[index] ?? 0));
  const parts = allocate(amountMinor, [...net, price.tipMinor, price.taxMinor]);
  const accounts = [`restaurant:${restaurantId}`, "delivery", "platform", "tips", "tax"];
  return accounts.map((account, index) => ({ account, amountMinor: -(parts[index] ?? 0) }));
}

function nonZero(entries: readonly Entry[]): Entry[] {
  return entries.filter((entry) => entry.amountMinor !== 0);
}
