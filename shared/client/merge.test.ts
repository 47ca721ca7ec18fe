import { expect, test } from "vitest";

import type { SeenEvent } from "../contracts/streams.ts";
import type { CourierState, SeenOrder } from "../contracts/views.ts";
import { applyCourierEvent, applyOrderEvent, applyRestaurantEvent } from "./merge.ts";

const A = "0190a000-0000-7000-8000-00000000000a";
const B = "0190a000-0000-7000-8000-00000000000b";
const DELIVERY = { id: A, status: "PENDING", version: 0, courierId: null, courierName: null, stopOrder: null } as const;

function eventOf(seq: number, payload: Record<string, unknown>, orderId: string | null = A): SeenEvent {
  return { id: B, seq, type: "test.happened", atMs: 1, orderId, payload };
}

const order: SeenOrder = { id: A, status: "CREATED", seq: 3, code: "K7", note: "", delivery: DELIVERY };

test("[RTM26] a patch changes its fields, the delivery's one by one, and leaves the rest and the original alone", () => {
  const before = structuredClone(order);
  const after = applyOrderEvent(
    order,
    eventOf(4, { order: { status: "CONFIRMED", delivery: { status: "ACCEPTED", version: 1 }, extra: 1 } }),
  );
  expect(after).toEqual({
    ...order,
    seq: 4,
    status: "CONFIRMED",
    extra: 1,
    delivery: { ...DELIVERY, status: "ACCEPTED", version: 1 },
  });
  expect(order).toEqual(before);
  expect(applyOrderEvent(after, eventOf(5, { order: { delivery: null } })).delivery).toBe(null);
  expect(applyOrderEvent(order, eventOf(4, {}))).toEqual({ ...order, seq: 4 });
});

test("[RTM26] a kitchen's list gains what is new, changes what is there and loses what is over", () => {
  let state = { orders: [order], paused: false };
  state = applyRestaurantEvent(state, eventOf(1, { order: { id: B, status: "CREATED", code: "K8" } }, B));
  expect(state.orders.map((one) => [one.id, one.code])).toEqual([
    [A, "K7"],
    [B, "K8"],
  ]);
  state = applyRestaurantEvent(state, eventOf(2, { order: { status: "READY" } }, A));
  expect(state.orders.map((one) => one.status)).toEqual(["READY", "CREATED"]);
  state = applyRestaurantEvent(
    state,
    eventOf(3, { order: { note: "of an order that is not here" } }, DELIVERY.id.replace("a", "f")),
  );
  expect(state.orders.length).toBe(2);
  for (const status of ["DELIVERED", "REJECTED", "CANCELLED"]) {
    expect(applyRestaurantEvent(state, eventOf(4, { order: { status } }, B)).orders.map((one) => one.id)).toEqual([A]);
  }
});

test("[RTM26] a pause changes only the pause, and an event without anything changes nothing", () => {
  const state = { orders: [order], paused: false };
  expect(applyRestaurantEvent(state, eventOf(1, { restaurant: { paused: true } }, null))).toEqual({
    ...state,
    paused: true,
  });
  expect(applyRestaurantEvent(state, eventOf(1, { item: { id: B, available: false } }, null))).toBe(state);
});

test("[RTM26] a courier's work is added in stop order, changed and removed; shift, offer and suggestion are replaced", () => {
  const state: CourierState = {
    courierId: B,
    name: "x",
    vehicle: "bicycle",
    shift: null,
    offer: null,
    suggestion: null,
    work: [],
  };
  const work = (id: string, stopOrder: number) => ({ id, status: "READY", delivery: { ...DELIVERY, stopOrder } });
  let after = applyCourierEvent(state, eventOf(1, { order: work(A, 2), work: "added", offer: null }));
  after = applyCourierEvent(after, eventOf(2, { order: work(B, 1), work: "added" }, B));
  expect(after.work.map((one) => one.id)).toEqual([B, A]);
  after = applyCourierEvent(after, eventOf(3, { order: { status: "IN_DELIVERY" }, work: "changed" }, B));
  expect(after.work.map((one) => one.status)).toEqual(["IN_DELIVERY", "READY"]);
  after = applyCourierEvent(after, eventOf(4, { work: "removed", order: { status: "DELIVERED" } }, B));
  expect(after.work.map((one) => one.id)).toEqual([A]);
  const shift = { id: A, startedAtMs: 1, endsAtMs: 2, endedAtMs: null };
  expect(applyCourierEvent(after, eventOf(5, { shift }, null)).shift).toEqual(shift);
  const suggestion = { id: A, restaurantName: "there" };
  const advised = applyCourierEvent(after, eventOf(6, { suggestion }, null));
  expect(advised.suggestion).toEqual(suggestion);
  expect(applyCourierEvent(advised, eventOf(7, { suggestion: null }, null))).toEqual(after);
  expect(applyCourierEvent(advised, eventOf(7, {}, null))).toEqual(advised);
});
