import fc from "fast-check";
import { expect, test } from "vitest";

import { expectedDemand } from "./expected-demand.ts";

const MINUTE_MS = 60_000;
const pickup = { lat: -34.9, lng: -56.18 };
const aKitchen = (restaurantId: string, orders: number, prepMs = 0) => ({ restaurantId, pickup, orders, prepMs });

test("[DSP28] the pace of the last half hour is shared out as the day's orders were, and no kitchen is ruled out", () => {
  const kitchens = [aKitchen("busy", 29, 20 * MINUTE_MS), aKitchen("new", 0)];
  expect(expectedDemand({ kitchens, lately: 31 })).toEqual([
    { restaurantId: "busy", pickup, ordersPerHour: 60, prepMs: 20 * MINUTE_MS },
    { restaurantId: "new", pickup, ordersPerHour: 2, prepMs: 15 * MINUTE_MS },
  ]);
  const seen = (count: number) => ({ sumMs: count * 8 * MINUTE_MS, seen: count });
  const prepOf = (count: number) => expectedDemand({ kitchens, lately: 1, preps: seen(count) })[1]?.prepMs;
  expect([prepOf(9), prepOf(10)]).toEqual([15 * MINUTE_MS, 8 * MINUTE_MS]);
});

test("[DSP28] what is expected of all kitchens together is the pace, and nothing where there was none", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 20 }), fc.nat(2_000), (orders, lately) => {
      const kitchens = orders.map((count, index) => aKitchen(`r${index}`, count));
      const demand = expectedDemand({ kitchens, lately });
      const perHour = demand.reduce((sum, each) => sum + each.ordersPerHour, 0);
      expect(perHour).toBeCloseTo(lately * 2, 6);
      expect(demand.every((each) => each.ordersPerHour > 0 === lately > 0)).toBe(true);
    }),
  );
  expect(expectedDemand({ kitchens: [], lately: 0 })).toEqual([]);
});
