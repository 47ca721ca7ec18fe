import { expect, test } from "vitest";

import { toldWords, headline, isOver, mayCancel, minutesWords, stagesOf } from "./stages.ts";

const delivery = { id: "o", status: "PREPARING", kind: "delivery", createdAtMs: 1, confirmedAtMs: 2 } as const;
const states = (order: Parameters<typeof stagesOf>[0]) =>
  stagesOf(order).map((stage) => `${stage.label}: ${stage.state}`);

test("a delivery that is being cooked", () => {
  expect(states(delivery)).toEqual([
    "Paid: done",
    "Kitchen confirmed: done",
    "Cooking: done",
    "Ready: now",
    "On the way: ahead",
    "Delivered: ahead",
  ]);
});

test("a take-away that is ready waits for the customer", () => {
  expect(states({ ...delivery, kind: "takeaway", status: "READY" })).toEqual([
    "Paid: done",
    "Kitchen confirmed: done",
    "Cooking: done",
    "Ready for you: done",
    "Picked up: now",
  ]);
});

test("an order that came to nothing has no way ahead", () => {
  expect(stagesOf({ ...delivery, status: "REJECTED" })).toEqual([]);
  expect(isOver({ ...delivery, status: "CANCELLED" })).toBe(true);
  expect(headline({ ...delivery, status: "REJECTED" })).toMatch(/could not/);
});

test("cancelling is free until the kitchen has begun", () => {
  expect(
    (["PENDING_PAYMENT", "CREATED", "CONFIRMED", "PREPARING", "DELIVERED"] as const).map((status) =>
      mayCancel({ ...delivery, status }),
    ),
  ).toEqual([true, true, true, false, false]);
});

test("events in words, and those that are not known here in their own", () => {
  expect(toldWords({ type: "delivery.accepted", payload: {} })).toBe("A courier takes it");
  expect(toldWords({ type: "order.price_changed", payload: {} })).toBe("Price changed");
});

test("[DMO15] a new arrival time is told with its hours, when the event carries them", () => {
  const eta = { p50AtMs: Date.UTC(2026, 0, 3, 3, 35), p90AtMs: Date.UTC(2026, 0, 3, 3, 37) };
  const told = (payload: Record<string, unknown>) =>
    toldWords({ type: "eta.updated", payload }, "America/Montevideo").replaceAll(/ [AP]M/gu, "");
  expect(told({ order: { id: "o", eta } })).toMatch(/^New arrival time (00|12):35–(00|12):37$/u);
  for (const payload of [{}, { order: null }, { order: { eta: null } }, { order: { eta: { p50AtMs: "soon" } } }])
    expect(told(payload)).toBe("New arrival time");
});

test.each([
  [-120_000, "any minute"],
  [29_999, "any minute"],
  [30_000, "in about 1 min"],
  [6 * 60_000 - 20_000, "in about 6 min"],
  [60 * 60_000, "in about 1 h"],
  [80 * 60_000, "in about 1 h 20 min"],
])("[DMO15] %d ms are left: %s", (leftMs, words) => {
  expect(minutesWords(leftMs)).toBe(words);
});
