import { expect, test } from "vitest";

import { eventWords, headline, isOver, mayCancel, stagesOf } from "./stages.ts";

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
  expect(eventWords("delivery.accepted")).toBe("A courier takes it");
  expect(eventWords("order.price_changed")).toBe("Price changed");
});
