import { and, eq } from "drizzle-orm";

import { ledgerEntries, ledgerTransactions, payments } from "#drizzle/schema/money.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { nextMoneyStep, type MoneyStep } from "#shared/domain/money/next-money-step.ts";
import { heardOf, moveOf, type Booking } from "#shared/domain/money/settle-payment.ts";
import { PLATFORM } from "#shared/domain/order/change.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import { assert } from "#shared/lib/assert.ts";

import type { Db } from "../db/connect.ts";
import type { UnitOfWork, Work } from "../db/unit-of-work.ts";
import { newId } from "../new-id.ts";
import type { PaymentIntentView, PaymentProvider } from "../payments/provider.ts";
import type { MarketReader } from "./etas.ts";
import { applyChange, endUndelivered } from "./life.ts";
import { linesOf, lockOrder, readOrder } from "./load-order.ts";

export interface SettleDeps {
  readonly db: Db;
  readonly uow: UnitOfWork;
  readonly provider: PaymentProvider;
  readonly market: MarketReader;
  /** How long a kitchen has to answer a paid order, deployment ms. */
  readonly confirmWithinMs: number;
}

/** `finish` runs in the transaction that applies the provider's last word (a job marks itself done there). */
export type Settle = (marketId: string, orderId: string, finish?: (w: Work) => Promise<void>) => Promise<void>;

/** More steps than any order needs (create, capture, refund): a bound, not a plan. */
const MOST_STEPS = 6;

/**
 * Brings the payment provider and an order to agree, whoever asks: a customer back from paying, a webhook, a job, the
 * reconciler. The provider is always *retrieved*, never believed from a message; no lock is held across a call to it; its
 * calls carry keys made of our ids, so that repeating them moves no money twice. Safe to run twice, at once, late. [MNY5]
 *
 * @throws {PaymentProviderError} when the provider does not answer or refuses; nothing is lost, ask again
 */
export function makeSettle(deps: SettleDeps): Settle {
  return async (marketId, orderId, finish) => {
    for (let step = 0; step < MOST_STEPS; step++) {
      const loaded = await readOrder(deps.db.orm, marketId, orderId);
      assert(loaded, `order ${orderId} is in the store`);
      const told = loaded.payment.intentId === null ? undefined : await deps.provider.retrieve(loaded.payment.intentId);
      const next = nextMoneyStep(
        loaded.order.status,
        loaded.payment.amountMinor,
        loaded.payment.refundTargetMinor,
        told,
      );
      const intent = await perform(deps.provider, loaded, next, told);
      const settled = await apply(deps, marketId, orderId, intent, next.do === "nothing" ? finish : undefined);
      if (next.do === "nothing" && settled) return;
    }
    throw new Error(`order ${orderId} and its payment did not come to agree in ${MOST_STEPS} steps`);
  };
}

async function perform(
  provider: PaymentProvider,
  { order, payment }: LoadedOrder,
  next: MoneyStep,
  told: PaymentIntentView | undefined,
) {
  if (next.do === "nothing") return told;
  if (next.do === "create") {
    return provider.createIntent({
      orderId: order.id,
      marketId: order.marketId,
      amountMinor: payment.amountMinor,
      currency: payment.currency,
    });
  }
  assert(told, "only what exists is captured, released or refunded");
  if (next.do === "capture") return provider.capture(told.id, next.amountMinor, `capture-${order.id}`);
  if (next.do === "release") return provider.cancel(told.id, `release-${order.id}`);
  // Named by where it starts: of two that start at the same place the provider makes one, whatever their amounts.
  await provider.refund({
    intentId: told.id,
    amountMinor: next.amountMinor,
    refundId: `${order.id}-${told.amountRefundedMinor}`,
  });
  return provider.retrieve(told.id);
}

/** @returns false when the order has moved on under another hand, so that one more look is due */
function apply(
  deps: SettleDeps,
  marketId: string,
  orderId: string,
  intent: PaymentIntentView | undefined,
  finish: ((w: Work) => Promise<void>) | undefined,
): Promise<boolean> {
  return deps.uow.run(async (w) => {
    const loaded = await lockOrder(w.tx, marketId, orderId);
    assert(loaded, `order ${orderId} is in the store`);
    if (intent) {
      const changed = await book(w, loaded, intent);
      await moveByPayment(w, deps, changed, intent);
      const { order, payment } = changed;
      const due = nextMoneyStep(order.status, payment.amountMinor, payment.refundTargetMinor, intent);
      if (finish && due.do !== "nothing") return false;
    }
    await finish?.(w);
    return true;
  });
}

/** Writes down what the provider holds, and books what has moved since. */
async function book(w: Work, loaded: LoadedOrder, intent: PaymentIntentView): Promise<LoadedOrder> {
  const { order } = loaded;
  const { now, change, bookings, told } = heardOf(loaded, intent, w.nowMs);
  for (const booking of bookings) await bookEntries(w, loaded, booking);
  await w.tx
    .update(payments)
    .set(change)
    .where(and(eq(payments.marketId, order.marketId), eq(payments.orderId, order.id)));
  if (told) w.append(told);
  return now;
}

/** A booking of one reference; the deferred trigger holds that it balances. */
export async function bookEntries(
  w: Work,
  { order }: LoadedOrder,
  { kind, reference, entries }: Booking,
): Promise<void> {
  if (entries.length === 0) return;
  const id = newId();
  await w.tx
    .insert(ledgerTransactions)
    .values({ marketId: order.marketId, id, reference, orderId: order.id, kind, atMs: w.nowMs });
  await w.tx.insert(ledgerEntries).values(
    entries.map((entry, position) => ({
      ...entry,
      marketId: order.marketId,
      transactionId: id,
      position,
      currency: order.currency,
    })),
  );
}

/** Paid: the order is CREATED and the kitchen's time to answer runs. Taken back by the provider: it ends. */
async function moveByPayment(w: Work, deps: SettleDeps, loaded: LoadedOrder, intent: PaymentIntentView): Promise<void> {
  const { order } = loaded;
  if (order.status !== "PENDING_PAYMENT" && order.status !== "CREATED") return;
  const { eta } = await deps.market(w.tx, order.marketId);
  const lines = await linesOf(w.tx, order.marketId, [order.id]);
  const move = moveOf(loaded, intent, eta, lines.get(order.id) ?? [], deps.confirmWithinMs, w.nowMs);
  if (move.to === "end") await endUndelivered(w, eta, loaded, PLATFORM, move.end);
  if (move.to !== "created") return;
  // An order that comes to nobody in no time has no promise.
  if (Object.keys(move.promised).length > 0) {
    await w.tx
      .update(orders)
      .set(move.promised)
      .where(and(eq(orders.marketId, order.marketId), eq(orders.id, order.id)));
  }
  applyChange(w, eta, move.loaded, PLATFORM, move.change);
}
