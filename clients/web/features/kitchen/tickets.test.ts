import { expect, test } from "vitest";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { allDay, columnsOf, prepChoices, urgencyOf } from "./tickets.ts";

const line = (name: string, quantity: number) => ({
  itemId: name,
  name,
  quantity,
  unitMinor: 1,
  totalMinor: 1,
  modifiers: [],
  note: "",
});
const ticket = (id: string, status: SeenOrder["status"], more: Partial<SeenOrder> = {}): SeenOrder => ({
  id,
  status,
  ...more,
});
const MIN = 60_000;

test("tickets stand in the column of their state, most urgent first; others stand nowhere", () => {
  const columns = columnsOf([
    ticket("late", "PREPARING", { readyEstimateAtMs: 200 }),
    ticket("first", "PREPARING", { readyEstimateAtMs: 100 }),
    ticket("new", "CREATED"),
    ticket("gone", "IN_DELIVERY"),
  ]);
  expect(columns.map((column) => column.orders.map((order) => order.id))).toEqual([["new"], [], ["first", "late"], []]);
});

test("all-day counts what is still to be cooked", () => {
  const orders = [
    ticket("a", "CREATED", { lines: [line("Dal", 2), line("Naan", 1)] }),
    ticket("b", "PREPARING", { lines: [line("Dal", 1)] }),
    ticket("c", "READY", { lines: [line("Dal", 9)] }),
  ];
  expect(allDay(orders)).toEqual([
    { name: "Dal", count: 3 },
    { name: "Naan", count: 1 },
  ]);
});

test("a ticket warns three minutes before its time, and after it; ready food after waiting", () => {
  const cooking = ticket("a", "PREPARING", { readyEstimateAtMs: 10 * MIN });
  expect([0, 8 * MIN, 11 * MIN].map((nowMs) => urgencyOf(cooking, nowMs))).toEqual(["calm", "soon", "late"]);
  const ready = ticket("b", "READY", { readyAtMs: 0 });
  expect([MIN, 6 * MIN, 11 * MIN].map((nowMs) => urgencyOf(ready, nowMs))).toEqual(["calm", "soon", "late"]);
});

test("preparation times around the usual one, none below five minutes", () => {
  expect(prepChoices(15)).toEqual([10, 15, 25]);
  expect(prepChoices(6)).toEqual([6, 16]);
});
