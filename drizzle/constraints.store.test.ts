import { randomUUID } from "node:crypto";

import { beforeAll, expect, test } from "vitest";

import { liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1, stock: 1 });
});

/** Runs statements in one transaction that is taken back, and says what the database refused. */
async function refused(...statements: string[]): Promise<string> {
  try {
    await town.db.sql.begin(async (tx) => {
      for (const statement of statements) await tx.unsafe(statement);
      await tx.unsafe("set constraints all immediate");
      throw new Error("nothing was refused");
    });
    return "nothing";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const order = (id: string, over: Record<string, string> = {}) => {
  const row = {
    market_id: `'${MARKET}'`,
    id: `'${id}'`,
    code: "'A'",
    customer_id: `'${town.customer.personId}'`,
    restaurant_id: `'${town.restaurantId}'`,
    status: "'PENDING_PAYMENT'",
    kind: "'takeaway'",
    currency: "'UYU'",
    price: "'{}'",
    total_minor: "1",
    zone: "'z'",
    placed_at_ms: "1",
    pay_by_at_ms: "2",
    ...over,
  };
  return `insert into orders (${Object.keys(row).join()}) values (${Object.values(row).join()})`;
};
const delivery = (id: string, orderId: string, over: Record<string, string> = {}) => {
  const row = {
    market_id: `'${MARKET}'`,
    id: `'${id}'`,
    order_id: `'${orderId}'`,
    restaurant_id: `'${town.restaurantId}'`,
    status: "'PENDING'",
    created_at_ms: "1",
    ...over,
  };
  return `insert into deliveries (${Object.keys(row).join()}) values (${Object.values(row).join()})`;
};
const held = () => ({ status: "'ACCEPTED'", courier_id: `'${town.couriers[0]?.id}'`, slot: "1" });
const offer = (id: string) =>
  `insert into offers (market_id, id, courier_id, restaurant_id, status, round, offered_at_ms, expires_at_ms, pay_minor, reason)
   values ('${MARKET}', '${id}', '${town.couriers[0]?.id}', '${town.restaurantId}', 'offered', 1, 1, 2, 0, '{}')`;
const booking = (id: string, reference: string) =>
  `insert into ledger_transactions (market_id, id, reference, order_id, kind, at_ms) values ('${MARKET}', '${id}', '${reference}', '${randomUUID()}', 'capture', 1)`;
const entry = (id: string, position: number, amount: number) =>
  `insert into ledger_entries (market_id, transaction_id, position, account, amount_minor, currency) values ('${MARKET}', '${id}', ${position}, 'provider', ${amount}, 'UYU')`;

test("[DLV5] no courier has a slot twice, and an order has one delivery", async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  expect(
    await refused(order(a), order(b), delivery(randomUUID(), a, held()), delivery(randomUUID(), b, held())),
  ).toContain("deliveries_courier_slot");
  expect(await refused(order(a), delivery(randomUUID(), a), delivery(randomUUID(), a))).toContain(
    "deliveries_one_an_order",
  );
});

test("[DLV5] a courier has one open offer, a delivery is in one open offer", async () => {
  expect(await refused(offer(randomUUID()), offer(randomUUID()))).toContain("offers_one_open_a_courier");
});

test("[LED4] a booking that does not balance is refused, twice the same too, and a booked row never changes", async () => {
  const id = randomUUID();
  expect(await refused(booking(id, "x"), entry(id, 0, 5))).toContain("does not balance");
  expect(await refused(booking(id, "x"), booking(randomUUID(), "x"))).toContain("ledger_transactions_reference");
  expect(
    await refused(booking(id, "x"), entry(id, 0, 5), entry(id, 1, -5), "update ledger_entries set amount_minor = 1"),
  ).toContain("append-only");
  expect(await refused(booking(id, "x"), "delete from ledger_transactions")).toContain("append-only");
});

test.for([
  ["a paid state without a payment time", { status: "'CONFIRMED'", pay_by_at_ms: "null" }, "orders_paid_first"],
  ["a deadline that nobody needs", { pay_by_at_ms: "null" }, "orders_pay_deadline"],
  ["an end without its time", { status: "'CANCELLED'", pay_by_at_ms: "null" }, "orders_ended"],
  ["a delivery without a place", { kind: "'delivery'" }, "orders_drop"],
  ["a negative total", { total_minor: "-1" }, "orders_total"],
] as const)("an order with %s is refused", async ([, over, constraint]) => {
  expect(await refused(order(randomUUID(), over))).toContain(constraint);
});

test("what never changes is append-only: events", async () => {
  expect(
    await refused(
      `insert into order_events (market_id, id, type, payload, actor_role, at_ms, order_id, order_seq) values ('${MARKET}', '${randomUUID()}', 'x', '{}', 'platform', 1, '${randomUUID()}', 1)`,
      "update order_events set type = 'y'",
    ),
  ).toContain("append-only");
});

test("stock never goes below zero", async () => {
  expect(await refused(`update menu_items set stock = stock - 2 where id = '${town.itemId}'`)).toContain(
    "menu_items_stock",
  );
});
