import { expect, test } from "vitest";

import type { BoardCourier, BoardOrder, BoardView } from "#shared/contracts/board.ts";

import { countsInOrder, couriersNamed, figuresOf, filtered, heldBy, isLate, statusWords, withAnswer } from "./board.ts";
import { decisionOf } from "./decision-of.ts";
import { doorsOf, lookOf } from "./map/looks.ts";
import { mayOf } from "./powers.ts";
import { supplyOf, shortest } from "./supply.ts";
import { pathOf } from "./trend.ts";
import { watchedZones } from "./watched-zones.ts";
import { stopsOf, wayOf } from "./ways.ts";

const NOW = 100 * 60_000;
const kitchen = { id: "r", name: "Dosa House", point: { lat: -34.9, lng: -56.18 } };
const door = { lat: -34.91, lng: -56.17 };

function order(over: Partial<BoardOrder> & { readonly id: string }): BoardOrder {
  return {
    code: over.id.toUpperCase(),
    status: "CONFIRMED",
    kind: "delivery",
    restaurantId: "r",
    customerName: "Ada",
    drop: door,
    deliveryStatus: "PENDING",
    courierId: null,
    courierName: null,
    stopOrder: null,
    placedAtMs: NOW - 10 * 60_000,
    promisedAtMs: NOW + 10 * 60_000,
    deliveredAtMs: null,
    ...over,
  };
}
function courier(over: Partial<BoardCourier> & { readonly courierId: string }): BoardCourier {
  const at = { point: { lat: -34.9, lng: -56.18 }, fixAtMs: NOW, zone: null };
  return { name: over.courierId, vehicle: "bicycle", holding: 0, hasOffer: false, ...at, ...over };
}
function answer(over: Partial<BoardView>): BoardView {
  const none = { restaurants: [], orders: [], goneOrderIds: [], couriers: [], goneCourierIds: [] };
  return { atMs: NOW, version: "1", whole: true, counts: {}, ...none, ...over };
}
const board = (orders: BoardOrder[], couriers: BoardCourier[] = []) =>
  withAnswer(undefined, answer({ restaurants: [kitchen], orders, couriers }));
const all = { only: "all", status: undefined, text: "" } as const;
const ids = (found: readonly BoardOrder[]) => found.map((each) => each.id);

test("[OPM6] a change replaces, adds and takes away; a whole board forgets what it does not tell", () => {
  const first = board([order({ id: "a" }), order({ id: "b" })], [courier({ courierId: "c" })]);
  const changes = { orders: [order({ id: "b", status: "READY" }), order({ id: "d" })], goneOrderIds: ["a"] };
  const next = withAnswer(first, answer({ whole: false, version: "2", ...changes, goneCourierIds: ["c"] }));
  expect([...next.orders.values()].map(({ id, status }) => [id, status])).toEqual([
    ["b", "READY"],
    ["d", "CONFIRMED"],
  ]);
  expect([next.version, next.couriers.size, next.restaurants]).toEqual(["2", 0, first.restaurants]);
  expect(withAnswer(next, answer({ orders: [order({ id: "e" })] })).orders.size).toBe(1);
});

test("[OPM6] what was delivered half an hour ago is forgotten though nobody says so", () => {
  const delivered = order({ id: "a", status: "DELIVERED", deliveredAtMs: NOW - 29 * 60_000 });
  const later = answer({ whole: false, atMs: NOW + 60_000 });
  expect(board([delivered]).orders.size).toBe(1);
  expect(withAnswer(board([delivered]), later).orders.size).toBe(0);
});

test("counts follow an order's life and leave out what is empty", () => {
  expect(countsInOrder({ READY: 2, CREATED: 1, CANCELLED: 0 })).toEqual([
    { status: "CREATED", count: 1 },
    { status: "READY", count: 2 },
  ]);
  expect(statusWords("IN_DELIVERY")).toBe("In delivery");
});

test("orders are found by state, by need and by any of their names; the most late first, delivered ones last", () => {
  const late = order({ id: "late", promisedAtMs: NOW - 1, deliveryStatus: "ACCEPTED", courierName: "Cleo" });
  const done = order({ id: "done", status: "DELIVERED", deliveryStatus: "DELIVERY_FINISHED", deliveredAtMs: NOW - 1 });
  const some = board([done, order({ id: "waits", customerName: "Bo" }), late]);
  expect(ids(filtered(some, all, NOW))).toEqual(["late", "waits", "done"]);
  expect(ids(filtered(some, { ...all, only: "late" }, NOW))).toEqual(["late"]);
  expect(ids(filtered(some, { ...all, only: "waiting" }, NOW))).toEqual(["waits"]);
  expect(ids(filtered(some, { ...all, status: "DELIVERED" }, NOW))).toEqual(["done"]);
  for (const [text, found] of [
    ["dosa", 3],
    [" bo ", 1],
    ["cleo", 1],
    ["LATE", 1],
  ] as const) {
    expect(filtered(some, { ...all, text }, NOW), text).toHaveLength(found);
  }
  expect(isLate(late, NOW - 1)).toBe(false);
  expect(figuresOf(some, NOW)).toMatchObject({ open: 2, late: 1, waiting: 1, placedLately: 3 });
});

test("couriers are found by name, with what they hold in the order of their stops", () => {
  const held = (id: string, stopOrder: number) =>
    order({ id, stopOrder, courierId: "cleo", deliveryStatus: "ACCEPTED" });
  const some = board([held("b", 2), held("a", 1)], [courier({ courierId: "cleo" }), courier({ courierId: "dan" })]);
  expect(couriersNamed(some, "CLE").map((each) => each.courierId)).toEqual(["cleo"]);
  expect(couriersNamed(some, "")).toEqual([]);
  expect(ids(heldBy(some, "cleo"))).toEqual(["a", "b"]);
});

test("a courier's way goes over each kitchen once to all doors, and over none when the food is in hand", () => {
  const of = (id: string, deliveryStatus: BoardOrder["deliveryStatus"], stopOrder: number) =>
    order({ id, deliveryStatus, courierId: "c", stopOrder });
  const coming = board([of("a", "ACCEPTED", 1), of("b", "ACCEPTED", 2)], [courier({ courierId: "c" })]);
  expect(stopsOf(coming, "c")).toEqual([kitchen.point, door, door]);
  expect(stopsOf(board([of("a", "DELIVERY_ONGOING", 1)]), "c")).toEqual([door]);
  const here = { lat: -34.8, lng: -56.1 };
  expect(wayOf(coming, { orderId: "b", courierId: undefined }, () => here)[0]).toEqual(here);
  const nobody = board([order({ id: "a" })]);
  expect(wayOf(nobody, { orderId: "a", courierId: undefined }, () => undefined)).toEqual([kitchen.point, door]);
});

test("a door looks as urgent as it is; delivered ones have none", () => {
  const [late, riding] = [order({ id: "l", promisedAtMs: 0 }), order({ id: "r", status: "IN_DELIVERY" })];
  expect([late, riding, order({ id: "w" })].map((each) => lookOf(each, NOW))).toEqual(["late", "riding", "waiting"]);
  expect(lookOf(order({ id: "k", deliveryStatus: "ACCEPTED" }), NOW)).toBe("kitchen");
  const doors = doorsOf([late, riding, order({ id: "d", deliveredAtMs: NOW })], NOW, "r");
  expect(doors.features.map(({ properties }) => [properties.id, properties.icon, properties.selected])).toEqual([
    ["l", "door-late", false],
    ["r", "door-riding", true],
  ]);
});

test("[OPM3] supply of the board: free ones where they are drawn, one with a last order at its door, one who has two nowhere", () => {
  const held = (id: string, courierId: string) =>
    order({ id, courierId, status: "IN_DELIVERY", deliveryStatus: "DELIVERY_ONGOING", placedAtMs: 0 });
  const some = board(
    [held("a", "soon"), held("b", "busy"), held("c", "busy"), order({ id: "w" }), order({ id: "x" })],
    [
      courier({ courierId: "free" }),
      courier({ courierId: "soon", holding: 1 }),
      courier({ courierId: "busy", holding: 2 }),
    ],
  );
  const cells = supplyOf(some, () => door, 8);
  const total = (key: "free" | "soonFree" | "waiting") => cells.reduce((sum, each) => sum + each[key], 0);
  expect([total("free"), total("soonFree"), total("waiting")]).toEqual([1, 1, 2]);
  expect(shortest(cells, 3).map((each) => each.waiting)).toEqual([2]);
});

test("a trend is drawn from its first to its last value, the lowest at the bottom", () => {
  expect(pathOf([0, 2], 10, 24)).toBe("M0.0 22.0L10.0 2.0");
  expect(pathOf([1], 10, 24)).toBe("");
});

test("powers are those of the roles held in that market", () => {
  const support = [{ role: "support", marketId: "turin", restaurantId: null }] as const;
  expect(mayOf(support, "turin")).toEqual({ see: true, dispatch: false, cancel: true, refund: true });
  expect(mayOf(support, "milan").see).toBe(false);
  expect(mayOf([{ role: "admin", marketId: null, restaurantId: null }], "milan").dispatch).toBe(true);
});

test("zones: around the middle, around every place, never more than the hub takes", () => {
  const center = { lat: 45.07, lng: 7.68 };
  expect(watchedZones(center, [])).toHaveLength(37);
  expect(watchedZones(center, [center])).toHaveLength(37);
  const far = Array.from({ length: 200 }, (_, i) => ({ lat: 40 + i * 0.1, lng: 7 }));
  expect(watchedZones(center, far)).toHaveLength(500);
});

test("an offer's reason names its decision; another form names none", () => {
  const named = { decisionId: "a", deliveryId: "b" };
  expect(decisionOf({ ...named, courierId: "c", round: 3 })).toEqual(named);
  expect(decisionOf({ ...named, decisionId: null })).toBeUndefined();
  expect(decisionOf({ reason: "too busy" })).toBeUndefined();
  expect(decisionOf("too busy")).toBeUndefined();
});
