import { expect, test } from "vitest";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { countsInOrder, filtered, placeOf, restaurantsOf, statusWords, withFrame } from "./board.ts";
import { mayOf } from "./powers.ts";
import { weighedOf } from "./weighed.ts";
import { watchedZones } from "./watched-zones.ts";

const courier = {
  courierId: "c",
  name: "Cleo",
  vehicle: "bicycle",
  point: { lat: 1, lng: 1 },
  fixAtMs: 100,
  zone: null,
  holding: 0,
  hasOffer: false,
};
const frame = (takenAtMs: number, lat: number) => ({
  zone: "z",
  couriers: [{ courierId: "c", lat, lng: 0, headingDeg: null, takenAtMs }],
});

test("the newest position wins, whatever comes last", () => {
  const seen = withFrame(withFrame(new Map(), frame(200, 2)), frame(150, 3));
  expect(placeOf(courier, seen)).toEqual({ lat: 2, lng: 0 });
  expect(placeOf({ ...courier, fixAtMs: 300 }, seen)).toEqual({ lat: 1, lng: 1 });
  expect(placeOf({ ...courier, point: null, fixAtMs: null }, new Map())).toBeUndefined();
});

test("counts follow an order's life and leave out what is empty", () => {
  expect(countsInOrder({ READY: 2, CREATED: 1, CANCELLED: 0 })).toEqual([
    { status: "CREATED", count: 1 },
    { status: "READY", count: 2 },
  ]);
  expect(statusWords("IN_DELIVERY")).toBe("In delivery");
});

test("orders are found by state and by any of their names", () => {
  const orders: SeenOrder[] = [
    {
      id: "1",
      status: "READY",
      code: "A7",
      restaurantName: "Dosa House",
      restaurantId: "r",
      restaurantPoint: { lat: 1, lng: 2 },
    },
    {
      id: "2",
      status: "CREATED",
      code: "B8",
      customerName: "Ada",
      restaurantName: "Dosa House",
      restaurantId: "r",
      restaurantPoint: { lat: 1, lng: 2 },
    },
  ];
  expect(filtered(orders, "READY", "").map((order) => order.id)).toEqual(["1"]);
  expect(filtered(orders, undefined, "dosa")).toHaveLength(2);
  expect(filtered(orders, undefined, " ada ").map((order) => order.id)).toEqual(["2"]);
  expect(restaurantsOf(orders)).toEqual([{ id: "r", name: "Dosa House", point: { lat: 1, lng: 2 } }]);
});

test("powers are those of the roles held in that market", () => {
  const support = [{ role: "support", marketId: "turin", restaurantId: null }] as const;
  expect(mayOf(support, "turin")).toEqual({ see: true, unassign: false, cancel: true, refund: true });
  expect(mayOf(support, "milan").see).toBe(false);
  expect(mayOf([{ role: "admin", marketId: null, restaurantId: null }], "milan").unassign).toBe(true);
});

test("zones: around the middle, around every place, never more than the hub takes", () => {
  const center = { lat: 45.07, lng: 7.68 };
  expect(watchedZones(center, [])).toHaveLength(37);
  expect(watchedZones(center, [center])).toHaveLength(37);
  const far = Array.from({ length: 200 }, (_, i) => ({ lat: 40 + i * 0.1, lng: 7 }));
  expect(watchedZones(center, far)).toHaveLength(500);
});

test("an offer's reason tells who was weighed and who was chosen; another form tells nobody", () => {
  const numbers = { travelMs: 60_000, idleMs: 0, delayMs: 5000, cost: 65_000 };
  const reason = { courierId: "b", weighed: [{ courierId: "a", ...numbers }, { courierId: "b", ...numbers }, "?"] };
  expect(weighedOf(reason)).toEqual([
    { courierId: "a", chosen: false, ...numbers },
    { courierId: "b", chosen: true, ...numbers },
  ]);
  expect(weighedOf("too busy")).toEqual([]);
});
