import { and, eq } from "drizzle-orm";

import { ledgerEntries, ledgerTransactions, payments } from "#drizzle/schema/money.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { nextMoneyStep, type MoneyStep } from "#shared/domain/money/next-money-step.ts";
import { captureEntries, refundEntries, type Entry } from "#shared/domain/money/ledger.ts";
import { assert } from "#shared/lib/assert.ts";

import type { Db } from "../db/connect.ts";
import type { UnitOfWork, Work } from "../db/unit-of-work.ts";
import { newId } from "../new-id.ts";
import type { PaymentIntentView, PaymentProvider } from "../payments/provider.ts";
import type { MarketReader } from "./etas.ts";
import { applyChange, endUndelivered, PLATFORM } from "./life.ts";
import { linesOf, lockOrder, readOrder, type LoadedOrder } from "./load-order.ts";
import { orderViewOf } from "./order-view.ts";

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

/** Writes down what the provider holds, and books what has moved since, once: the amounts in the row are the guard. */
async function book(w: Work, loaded: LoadedOrder, intent: PaymentIntentView): Promise<LoadedOrder> {
  const { order, payment } = loaded;
  const capturedMinor = Math.max(payment.capturedMinor, intent.amountReceivedMinor);
  const refundedMinor = Math.max(payment.refundedMinor, intent.amountRefundedMinor);
  if (capturedMinor > payment.capturedMinor) {
    await bookEntries(
      w,
      loaded,
      "capture",
      `capture/${order.id}/${capturedMinor}`,
      captureEntries(order.price, order.restaurantId, capturedMinor - payment.capturedMinor),
    );
  }
  if (refundedMinor > payment.refundedMinor) {
    await bookEntries(
      w,
      loaded,
      "refund",
      `refund/${order.id}/${refundedMinor}`,
      refundEntries(order.price, order.restaurantId, refundedMinor - payment.refundedMinor),
    );
  }
  const change = {
    intentId: intent.id,
    clientSecret: intent.clientSecret ?? payment.clientSecret,
    capturedMinor,
    refundedMinor,
    status: statusOf(intent, capturedMinor, refundedMinor),
    updatedAtMs: w.nowMs,
  };
  await w.tx
    .update(payments)
    .set(change)
    .where(and(eq(payments.marketId, order.marketId), eq(payments.orderId, order.id)));
  const now = { ...loaded, payment: { ...payment, ...change } };
  if (order.createdAtMs !== null && change.status !== payment.status) tellPayment(w, now);
  return now;
}

function tellPayment(w: Work, { order, payment }: LoadedOrder): void {
  const seen = { status: payment.status, clientSecret: null, refundedMinor: payment.refundedMinor };
  w.append({
    marketId: order.marketId,
    type: `payment.${payment.status}`,
    payload: { order: { id: order.id, status: order.status, payment: seen } },
    actorRole: "platform",
    actorId: null,
    in: { order: order.id },
  });
}

function statusOf(intent: PaymentIntentView, capturedMinor: number, refundedMinor: number) {
  if (refundedMinor > 0) return "refunded" as const;
  if (capturedMinor > 0) return "captured" as const;
  if (intent.status === "canceled") return "released" as const;
  return intent.status === "requires_capture" ? ("authorized" as const) : ("pending" as const);
}

/** A booking of one reference; the deferred trigger holds that it balances. */
export async function bookEntries(
  w: Work,
  { order }: LoadedOrder,
  kind: "capture" | "refund" | "conclude",
  reference: string,
  entries: readonly Entry[],
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

/** How an order ends whose payment the provider let go. Before the kitchen has answered: nobody is to cook for nothing. [MNY10] */
const TAKEN_BACK = {
  PENDING_PAYMENT: { status: "CANCELLED", type: "order.cancelled", reason: "The payment was cancelled" },
  CREATED: { status: "REJECTED", type: "order.rejected", reason: "The payment was taken back" },
} as const;

/** Paid: the order is CREATED and the kitchen's time to answer runs. Taken back by the provider: it ends. */
async function moveByPayment(w: Work, deps: SettleDeps, loaded: LoadedOrder, intent: PaymentIntentView): Promise<void> {
  const { order } = loaded;
  if (order.status !== "PENDING_PAYMENT" && order.status !== "CREATED") return;
  const { eta } = await deps.market(w.tx, order.marketId);
  if (intent.status === "canceled") {
    await endUndelivered(w, eta, loaded, PLATFORM, TAKEN_BACK[order.status]);
    return;
  }
  if (intent.status !== "requires_capture" || order.status === "CREATED") return;
  const change = {
    status: "CREATED" as const,
    createdAtMs: w.nowMs,
    payByAtMs: null,
    confirmByAtMs: w.nowMs + deps.confirmWithinMs,
  };
  const promise = eta.of(loaded, w.nowMs);
  const promised = promise ? { promisedP50AtMs: promise.p50AtMs, promisedP90AtMs: promise.p90AtMs } : {};
  const estimated = promise ? { etaP50AtMs: promise.p50AtMs, etaP90AtMs: promise.p90AtMs } : {};
  const paid = { ...loaded, order: { ...order, ...change, ...promised, ...estimated } };
  await w.tx
    .update(orders)
    .set(promised)
    .where(and(eq(orders.marketId, order.marketId), eq(orders.id, order.id)));
  const lines = await linesOf(w.tx, order.marketId, [order.id]);
  const { seq: _, ...whole } = orderViewOf(paid, lines.get(order.id) ?? [], 0);
  await applyChange(w, eta, { ...loaded, order: { ...order, ...promised } }, PLATFORM, {
    type: "order.created",
    order: change,
    whole,
  });
}
