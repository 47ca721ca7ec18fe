import { randomUUID } from "node:crypto";

import { Refusal } from "#shared/contracts/errors.ts";
import { assert } from "#shared/lib/assert.ts";

import { as, MARKET, type LiveMarket } from "./live-market.ts";

const HOUR_MS = 3_600_000;
const drop = { lat: -34.905, lng: -56.175 };

/** 2 dishes 4000, fee 5 % 200, delivery 500 + 1 km started 100, tip 300. */
export const TOTAL = 5_100;

/** The code with which something is refused. */
export async function code(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof Refusal)) throw new Error(`no refusal but ${String(error)}`);
  return error.code;
}

export type Scenes = ReturnType<typeof scenesOf>;

/** What tests of orders do again and again. */
export function scenesOf(town: LiveMarket) {
  function basket() {
    return {
      marketId: MARKET,
      restaurantId: town.restaurantId,
      kind: "delivery" as const,
      lines: [{ itemId: town.itemId, quantity: 2, optionIds: [], note: "" }],
      drop,
      tipMinor: 300,
      note: "",
      dropLine: "Door",
      dropInstructions: "",
    };
  }

  async function place(over: object = {}, key: string = randomUUID()) {
    return town.useCases["order.place"](as(town.customer, key), { ...basket(), expectedTotalMinor: TOTAL, ...over });
  }

  /** Placed, paid, and seen by the kitchen. */
  async function created(over: object = {}) {
    const { id: orderId } = await place(over);
    const begun = await town.useCases["order.settle"](as(town.customer), { marketId: MARKET, orderId });
    assert(begun.payment?.clientSecret, "a payment to confirm");
    await town.pay(begun.payment.clientSecret);
    const paid = await town.useCases["order.settle"](as(town.customer), { marketId: MARKET, orderId });
    assert(paid.status === "CREATED", `paid, yet ${paid.status}`);
    return { marketId: MARKET, orderId };
  }

  async function money(orderId: string) {
    const [row] = await town.db.sql<{ status: string; captured_minor: string; refunded_minor: string }[]>`
    select status, captured_minor, refunded_minor from payments where order_id = ${orderId}`;
    const [ledger] = await town.db.sql<{ held: string; sum: string }[]>`
    select coalesce(sum(amount_minor) filter (where account = 'provider'), 0) as held, coalesce(sum(amount_minor), 0) as sum
    from ledger_entries e join ledger_transactions t on t.id = e.transaction_id where t.order_id = ${orderId}`;
    return {
      status: row?.status,
      captured: Number(row?.captured_minor),
      refunded: Number(row?.refunded_minor),
      held: Number(ledger?.held),
      sum: Number(ledger?.sum),
    };
  }

  async function onDuty(index: number) {
    const courier = town.couriers[index];
    assert(courier, "a courier");
    await town.useCases["shift.start"](as(courier.identity), {
      marketId: MARKET,
      endsAtMs: town.clock.nowMs() + 1_000 * HOUR_MS,
      point: drop,
    });
    return courier;
  }

  /** Takes everything from a courier's hands again, so that one test does not leave another a busy courier. */
  async function emptyHands(courier: { readonly identity: Parameters<typeof as>[0] }) {
    const { work } = await town.useCases["courier.read"](as(courier.identity), { marketId: MARKET });
    for (const { delivery } of work) {
      assert(delivery, "a delivery in hand");
      await town.useCases["delivery.unassign"](as(town.dispatcher), {
        marketId: MARKET,
        deliveryId: delivery.id,
        reason: "Flat tyre",
      });
    }
  }

  /** Rounds go on until the courier has an offer. */
  async function offered(courier: { readonly identity: Parameters<typeof as>[0] }) {
    for (let minute = 0; minute < 60; minute++) {
      await town.round();
      const { offer } = await town.useCases["courier.read"](as(courier.identity), { marketId: MARKET });
      if (offer) return offer;
      await town.clock.advance(60_000);
    }
    throw new Error("no offer came in an hour");
  }

  return { basket, place, created, money, onDuty, offered, emptyHands };
}
