import { expect, test } from "vitest";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { goneOut, goneWords } from "./gone-out.tsx";

const order = (id: string, status: SeenOrder["status"], more: Partial<SeenOrder> = {}): SeenOrder => ({
  id,
  code: id.toUpperCase(),
  status,
  ...more,
});

test("what has left the house is told, what left last first, and nothing that is still being cooked", () => {
  const orders = [
    order("a", "READY"),
    order("b", "IN_DELIVERY", { pickedUpAtMs: 10 }),
    order("c", "DELIVERED", { pickedUpAtMs: 5, deliveredAtMs: 20 }),
    order("d", "PREPARING"),
  ];
  expect(goneOut(orders).map((each) => each.id)).toEqual(["c", "b"]);
});

test("it says with whom it is, then that it has arrived", () => {
  const delivery = { id: "d", status: "DELIVERY_ONGOING", version: 1, courierId: null, stopOrder: 0 } as const;
  expect(goneWords(order("b", "IN_DELIVERY", { delivery: { ...delivery, courierName: "Mara" } }))).toBe(
    "B · with Mara",
  );
  expect(goneWords(order("b", "DELIVERED", { deliveredAtMs: 0 }))).toBe("B · delivered");
});
