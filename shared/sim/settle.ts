import { nextMoneyStep } from "../domain/money/next-money-step.ts";
import { heardOf, moveOf, type Booking, type IntentState } from "../domain/money/settle-payment.ts";
import { PLATFORM } from "../domain/order/change.ts";
import type { LoadedOrder } from "../domain/order/records.ts";
import { assert } from "../lib/assert.ts";
import type { SimDeps } from "./cases.ts";
import type { SimWork } from "./life.ts";
import type { SimPayments } from "./payments.ts";
import type { SimStore } from "./store.ts";

/** More steps than any order needs: a bound, not a plan. */
const MOST_STEPS = 6;

/** Brings the payment provider and an order to agree, step by step, each step in a change of its own. */
export function makeSimSettle(deps: Omit<SimDeps, "settle" | "command">): (orderId: string) => void {
  const { store, payments, run } = deps;
  return (orderId) => {
    for (let step = 0; step < MOST_STEPS; step++) {
      const loaded = store.order(orderId);
      assert(loaded, `order ${orderId} is in the store`);
      const { order, payment } = loaded;
      const told = payment.intentId === null ? undefined : payments.retrieve(payment.intentId);
      const next = nextMoneyStep(order.status, payment.amountMinor, payment.refundTargetMinor, told);
      const intent = next.do === "nothing" ? told : perform(payments, loaded, next, told);
      run((w) => intent && apply(w, deps, loaded, intent));
      if (next.do === "nothing") return;
    }
    throw new Error(`order ${orderId} and its payment did not come to agree in ${MOST_STEPS} steps`);
  };
}

function perform(
  payments: SimPayments,
  { order, payment }: LoadedOrder,
  next: Exclude<ReturnType<typeof nextMoneyStep>, { do: "nothing" }>,
  told: IntentState | undefined,
): IntentState {
  if (next.do === "create") return payments.create(order.id, payment.amountMinor);
  assert(told, "only what exists is captured, released or refunded");
  if (next.do === "capture") return payments.capture(told.id, next.amountMinor);
  return next.do === "release" ? payments.release(told.id) : payments.refund(told.id, next.amountMinor);
}

function apply(
  w: SimWork,
  { store, life, settings }: Pick<SimDeps, "store" | "life" | "settings">,
  loaded: LoadedOrder,
  intent: IntentState,
): void {
  const { now, bookings, told } = heardOf(loaded, intent, w.nowMs);
  for (const booking of bookings) bookEntries(store, loaded, booking, w.nowMs);
  store.put(now);
  if (told) w.append(told);
  const { eta } = life.facts(now.order.marketId);
  const move = moveOf(now, intent, eta, store.lines(now.order.id), settings.confirmWithinMs, w.nowMs);
  if (move.to === "end") life.endUndelivered(w, now, PLATFORM, move.end);
  if (move.to === "created") life.apply(w, move.loaded, PLATFORM, move.change);
}

/** A booking of one reference. */
export function bookEntries(store: SimStore, { order }: LoadedOrder, booking: Booking, atMs: number): void {
  const { reference, entries } = booking;
  for (const { account, amountMinor } of entries) {
    store.bookings.push({ orderId: order.id, reference, account, amountMinor, currency: order.currency, atMs });
  }
}
