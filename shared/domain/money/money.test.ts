import fc from "fast-check";
import { expect, test } from "vitest";

import type { PriceBreakdown } from "../../contracts/money.ts";
import { ORDER_STATUSES, type OrderStatus } from "../../contracts/states.ts";
import { EARNED } from "../order/machine.ts";
import { allocate } from "./allocate.ts";
import { captureEntries, concludeEntries, refundEntries, type Entry } from "./ledger.ts";
import { nextMoneyStep, type MoneyStep, type ProviderState } from "./next-money-step.ts";

const amount = fc.integer({ min: 0, max: 1_000_000 });
const price: fc.Arbitrary<PriceBreakdown> = fc
  .record({
    items: amount,
    delivery: amount,
    fee: amount,
    tip: amount,
    tax: fc.double({ min: 0, max: 0.3, noNaN: true }),
  })
  .map((p) => {
    const taxed = p.items + p.delivery + p.fee;
    return {
      itemsMinor: p.items,
      deliveryMinor: p.delivery,
      serviceFeeMinor: p.fee,
      tipMinor: p.tip,
      totalMinor: taxed + p.tip,
      taxMinor: Math.floor(taxed * p.tax),
      distanceM: 0,
    };
  });
const sum = (entries: readonly Entry[]) => entries.reduce((total, entry) => total + entry.amountMinor, 0);
const held = (entries: readonly Entry[]) => sum(entries.filter((entry) => entry.account === "provider"));

test("[MNY7] splitting an amount loses nothing", () => {
  fc.assert(
    fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 8 }), (whole, weights) => {
      const parts = allocate(whole, weights);
      expect(parts.reduce((total, part) => total + part, 0)).toBe(whole);
      expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
    }),
  );
});

test("[LED1] [LED2] [LED3] every booking balances, and captures less refunds are what the provider holds", () => {
  fc.assert(
    fc.property(price, fc.double({ min: 0, max: 1, noNaN: true }), (p, share) => {
      fc.pre(p.totalMinor > 0);
      const back = Math.floor(p.totalMinor * share);
      const captured = captureEntries(p, "r", p.totalMinor);
      const refunded = refundEntries(p, "r", back);
      for (const booking of [captured, refunded, concludeEntries(p, "c", p.deliveryMinor)])
        expect(sum(booking)).toBe(0);
      expect(held(captured) + held(refunded)).toBe(p.totalMinor - back);
    }),
  );
});

/** What the provider would do. */
function obey(step: MoneyStep, state: ProviderState | undefined): ProviderState | undefined {
  switch (step.do) {
    case "nothing":
      return state;
    case "create":
      return { status: "requires_payment_method", amountReceivedMinor: 0, amountRefundedMinor: 0 };
    case "release":
      return state && { ...state, status: "canceled" };
    case "capture":
      return state && { ...state, status: "succeeded", amountReceivedMinor: step.amountMinor };
    case "refund":
      return state && { ...state, amountRefundedMinor: state.amountRefundedMinor + step.amountMinor };
  }
}

function settled(status: OrderStatus, total: number, target: number, from: ProviderState | undefined) {
  let state = from;
  for (let steps = 0; steps < 5; steps++) {
    const step = nextMoneyStep(status, total, target, state);
    if (step.do === "nothing") return { steps, state };
    state = obey(step, state);
  }
  throw new Error("it does not end");
}

const provider = fc.constantFrom(
  undefined,
  { status: "requires_payment_method", amountReceivedMinor: 0, amountRefundedMinor: 0 } as const,
  { status: "requires_capture", amountReceivedMinor: 0, amountRefundedMinor: 0 } as const,
  { status: "canceled", amountReceivedMinor: 0, amountRefundedMinor: 0 } as const,
  { status: "succeeded", amountReceivedMinor: 1000, amountRefundedMinor: 0 } as const,
);

test("[MNY1] [MNY2] [MNY3] [MNY4] settling ends, and the provider holds what the order's state means", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ORDER_STATUSES),
      fc.integer({ min: 0, max: 1000 }),
      provider,
      (status, target, from) => {
        const { steps, state } = settled(status, 1000, target, from);
        expect(steps).toBeLessThanOrEqual(4);
        const kept = (state?.amountReceivedMinor ?? 0) - (state?.amountRefundedMinor ?? 0);
        const authorised = from?.status === "requires_capture" || from?.status === "succeeded";
        if (status === "REJECTED" || status === "CANCELLED" || EARNED.includes(status)) {
          expect(kept).toBe(authorised ? 1000 - target : 0);
          if (!EARNED.includes(status)) expect(state?.status).not.toBe("requires_capture");
        }
      },
    ),
  );
});
