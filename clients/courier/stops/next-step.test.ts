import fc from "fast-check";
import { expect, test } from "vitest";

import { DELIVERY_STATUSES, type DeliveryStatus } from "#shared/contracts/states.ts";
import type { CourierState, SeenOrder } from "#shared/contracts/views.ts";
import { deliveryStep } from "#shared/domain/order/machine.ts";

import type { Queued } from "../link/outbox.ts";
import { answerTo, shownWork } from "../link/shown.ts";
import { headedFor, isDone, laterOrders, nextStop, type StepName } from "./next-step.ts";

function orderOf(id: string, status: DeliveryStatus, restaurantId = "r1", ready = true): SeenOrder {
  const delivery = { id: `d-${id}`, status, version: 1, courierId: null, courierName: null, stopOrder: 0 };
  return {
    id,
    code: id.toUpperCase(),
    restaurantId,
    status: ready ? "READY" : "PREPARING",
    readyAtMs: ready ? 1 : null,
    delivery,
  };
}

function said(name: StepName, deliveryId: string, taken = false): Queued {
  return { commandId: `${name}-${deliveryId}`, name, input: { marketId: "m", deliveryId }, saidAtMs: 0, taken };
}

const stateOf = (work: SeenOrder[]): CourierState => ({
  courierId: "c",
  name: "C",
  vehicle: "bicycle",
  shift: null,
  offer: null,
  suggestion: null,
  work,
});

const work = fc
  .array(fc.tuple(fc.constantFrom(...DELIVERY_STATUSES), fc.constantFrom("r1", "r2"), fc.boolean()), { maxLength: 4 })
  .map((rows) => rows.map(([status, restaurant, ready], index) => orderOf(`o${index}`, status, restaurant, ready)));

test("[CRP8] every step on offer is allowed by the delivery's life, for each order that it is for", () => {
  fc.assert(
    fc.property(work, (orders) => {
      const stop = nextStop(orders);
      expect(stop === undefined).toBe(orders.every(isDone));
      for (const order of stop?.of ?? []) {
        const action = stop?.step.replace("delivery.", "");
        // Cast: the steps are named after the actions of the table.
        const step = deliveryStep(order.delivery?.status ?? "PENDING", action as "leave");
        expect(step.outcome).toBe("move");
      }
    }),
  );
});

test("[CRP6] everything of one restaurant is one stop, and waits until all of it is ready", () => {
  const orders = [
    orderOf("a", "ARRIVED_AT_MERCHANT"),
    orderOf("b", "ARRIVED_AT_MERCHANT", "r1", false),
    orderOf("c", "ACCEPTED", "r2"),
  ];
  const stop = nextStop(orders);
  expect(stop).toMatchObject({ at: "merchant", step: "delivery.pick-up", waiting: true });
  expect(stop?.of.map((each) => each.id)).toEqual(["a", "b"]);
  expect(laterOrders(orders, stop).map((each) => each.id)).toEqual(["c"]);
  const ready = [orderOf("a", "ARRIVED_AT_MERCHANT"), orderOf("b", "ARRIVED_AT_MERCHANT")];
  expect(nextStop(ready)?.waiting).toBe(false);
});

test("[CRP6] an order that joins on the way is set out for first, then they arrive together", () => {
  const joined = [orderOf("a", "PICKUP_ONGOING"), orderOf("b", "ACCEPTED")];
  expect(nextStop(joined)).toMatchObject({ step: "delivery.set-out", of: [{ id: "b" }] });
  const together = [orderOf("a", "PICKUP_ONGOING"), orderOf("b", "PICKUP_ONGOING")];
  expect(nextStop(together)).toMatchObject({ step: "delivery.arrive-at-merchant", of: [{ id: "a" }, { id: "b" }] });
});

test("[CRP6] door by door in stop order", () => {
  const orders = [orderOf("a", "DELIVERY_ONGOING"), orderOf("b", "ORDER_PICKED")];
  expect(nextStop(orders)).toMatchObject({ at: "customer", step: "delivery.arrive-at-customer", of: [{ id: "a" }] });
  expect(nextStop(orders.slice(1))).toMatchObject({ step: "delivery.leave" });
});

test("[CRP1] what was said is shown at once, and does not run ahead when it is told as well", () => {
  const state = stateOf([orderOf("a", "ACCEPTED"), orderOf("b", "ACCEPTED")]);
  const queue = [said("delivery.set-out", "d-a"), said("delivery.arrive-at-merchant", "d-a")];
  const statuses = (orders: SeenOrder[]) => orders.map((order) => order.delivery?.status);
  expect(statuses(shownWork(state, queue))).toEqual(["ARRIVED_AT_MERCHANT", "ACCEPTED"]);
  const told = stateOf([orderOf("a", "ARRIVED_AT_MERCHANT"), orderOf("b", "ACCEPTED")]);
  expect(statuses(shownWork(told, queue))).toEqual(["ARRIVED_AT_MERCHANT", "ACCEPTED"]);
});

test("[CRP1] an illegal step changes nothing; what is handed over is no more work", () => {
  const state = stateOf([orderOf("a", "ARRIVED_AT_CUSTOMER")]);
  expect(shownWork(state, [said("delivery.pick-up", "d-a")])).toEqual(state.work);
  expect(shownWork(state, [said("delivery.hand-over", "d-a")])).toEqual([]);
});

test("[CRP1] the answer to an offer is known as soon as it was given", () => {
  const queued: Queued = {
    commandId: "k",
    name: "offer.accept",
    input: { marketId: "m", offerId: "o1" },
    saidAtMs: 0,
    taken: false,
  };
  expect(answerTo("o1", [queued])).toBe("accept");
  expect(answerTo("o2", [queued])).toBeUndefined();
});

test.each([
  ["ACCEPTED", undefined],
  ["PICKUP_ONGOING", "restaurant"],
  ["ARRIVED_AT_MERCHANT", "restaurant"],
  ["ORDER_PICKED", undefined],
  ["DELIVERY_ONGOING", "drop"],
  ["ARRIVED_AT_CUSTOMER", "drop"],
  ["RETURNING_TO_MERCHANT", "restaurant"],
  ["ORDER_DELIVERED", undefined],
] as const)("[DMO14] with a delivery that is %s it heads for: %s", (status, place) => {
  const points = { restaurant: { lat: 1, lng: 1 }, drop: { lat: 2, lng: 2 } };
  const order: SeenOrder = {
    ...orderOf("a", status),
    restaurantPoint: points.restaurant,
    drop: { point: points.drop, line: "", instructions: "" },
  };
  expect(headedFor([order])).toEqual(place && points[place]);
});
