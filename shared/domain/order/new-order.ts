import type { CommandInput, ParsedInput } from "../../contracts/catalogue/catalogue.ts";
import { Refusal } from "../../contracts/errors.ts";
import { zoneOf } from "../geo/cells.ts";
import type { PricedOrder } from "../pricing/price-order.ts";
import type { Told } from "./change.ts";
import { orderViewOf } from "./order-view.ts";
import type { LoadedOrder, OrderRecord, PaymentRecord } from "./records.ts";

/**
 * Whether an order may be placed at the price that the customer saw.
 *
 * @throws {Refusal} `quote.changed`, `quote.below-minimum`
 */
export function refuseOtherPrice(
  { price: { totalMinor } }: PricedOrder,
  { expectedTotalMinor }: Pick<CommandInput<"order.place">, "expectedTotalMinor">,
): void {
  if (totalMinor !== expectedTotalMinor) {
    throw new Refusal("quote.changed", `the total is ${totalMinor} now, not ${expectedTotalMinor}`);
  }
  if (totalMinor === 0) throw new Refusal("quote.below-minimum", "an order without a price cannot be paid");
}

/** A new order as it is written down: it waits for its payment. */
export function newOrder(
  id: string,
  customerId: string,
  input: ParsedInput<"order.place">,
  { market, restaurant, price, eta, items, kitchenLoad }: PricedOrder,
  payWithinMs: number,
  nowMs: number,
): OrderRecord {
  const { marketId, drop, restaurantId, kind, note } = input;
  return {
    marketId,
    id,
    // The last characters of the id are random: enough to tell an evening's orders apart aloud.
    code: id.slice(-4).toUpperCase(),
    customerId,
    restaurantId,
    status: "PENDING_PAYMENT",
    kind,
    currency: market.currency,
    price,
    totalMinor: price.totalMinor,
    note,
    dropLine: drop ? input.dropLine : null,
    dropInstructions: drop ? input.dropInstructions : null,
    dropLat: drop?.lat ?? null,
    dropLng: drop?.lng ?? null,
    zone: zoneOf(drop ?? restaurant),
    placedAtMs: nowMs,
    payByAtMs: nowMs + payWithinMs,
    etaP50AtMs: eta.p50AtMs,
    etaP90AtMs: eta.p90AtMs,
    items,
    kitchenLoad,
    ...NOT_YET,
  };
}

/** What has not happened to a new order. */
const NOT_YET = {
  createdAtMs: null,
  confirmedAtMs: null,
  readyAtMs: null,
  pickedUpAtMs: null,
  deliveredAtMs: null,
  endedAtMs: null,
  readyEstimateAtMs: null,
  delayedAtMs: null,
  confirmByAtMs: null,
  concludeAtMs: null,
  promisedP50AtMs: null,
  promisedP90AtMs: null,
  endReason: null,
} as const;

/** The payment of a new order: nobody has asked the provider for one yet. */
export function newPayment(order: OrderRecord, nowMs: number): PaymentRecord {
  return {
    marketId: order.marketId,
    orderId: order.id,
    provider: "stripe",
    intentId: null,
    clientSecret: null,
    status: "new",
    amountMinor: order.totalMinor,
    capturedMinor: 0,
    refundedMinor: 0,
    refundTargetMinor: 0,
    currency: order.currency,
    updatedAtMs: nowMs,
  };
}

/** A new order is told in its own stream alone: no kitchen hears of what is not paid. */
export function placedTold(loaded: LoadedOrder, { lines }: PricedOrder): Told {
  const { seq: _, ...whole } = orderViewOf(loaded, lines, 0);
  return {
    marketId: loaded.order.marketId,
    type: "order.placed",
    payload: { order: { ...whole, payment: { ...whole.payment, clientSecret: null } } },
    actorRole: "customer",
    actorId: loaded.order.customerId,
    in: { order: loaded.order.id },
  };
}
