import { expect, test } from "vitest";

import type { SeenEvent } from "#shared/contracts/streams.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatClock } from "../../../common/format.ts";
import { goneOut } from "./gone-out.tsx";

const order = (id: string, status: SeenOrder["status"], courierName: string | null = null): SeenOrder => ({
  id,
  code: id.toUpperCase(),
  status,
  delivery: { id: `d-${id}`, status: "DELIVERY_ONGOING", version: 1, courierId: null, courierName, stopOrder: 0 },
});
const event = (orderId: string, type: string, seq: number): SeenEvent => {
  return { id: `e${seq}`, seq, type, atMs: seq, orderId, payload: {} };
};

test("what couriers have comes first with its courier, then what has arrived, newest first; the rest is being cooked", () => {
  const orders = [order("a", "READY"), order("b", "IN_DELIVERY", "Mara"), order("c", "IN_DELIVERY")];
  const events = [event("x", "order.delivered", 1), event("a", "order.ready", 2), event("y", "order.delivered", 3)];
  const out = goneOut(
    orders,
    events,
    new Map([
      ["x", "X1"],
      ["y", "Y1"],
    ]),
    "America/Montevideo",
  );
  expect(out.map((each) => each.words)).toEqual([
    "B · with Mara",
    "C · with the courier",
    `Y1 · delivered ${formatClock(3, "America/Montevideo")}`,
    `X1 · delivered ${formatClock(1, "America/Montevideo")}`,
  ]);
  expect(out.map((each) => each.arrived)).toEqual([false, false, true, true]);
});
