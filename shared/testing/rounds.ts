import fc from "fast-check";

import type { OpenDelivery, RoundCourier, RoundInput } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { planeProjection, planeRouter } from "#shared/domain/router/plane-router.ts";

/* Rounds on a plane, for tests: two shapes with everything filled in, and any round at all. */

export const MINUTE_MS = 60_000;
export const NOW_MS = 1_700_000_040_000;
export const projection = planeProjection({ lat: -34.9, lng: -56.18 });
export const router = planeRouter({ metersPerMinute: 300, projection });
export const at = (xM: number, yM = 0): Point => projection.toPoint({ xM, yM });

export const aDelivery = (id: string, over: Partial<OpenDelivery> = {}): OpenDelivery => ({
  id,
  orderId: `order-${id}`,
  restaurantId: "r",
  pickup: at(0),
  drop: at(3_000),
  placedAtMs: NOW_MS - 10 * MINUTE_MS,
  readyAtMs: NOW_MS,
  excludedCourierIds: [],
  priority: 0,
  ...over,
});
export const aCourier = (id: string, over: Partial<RoundCourier> = {}): RoundCourier => ({
  id,
  point: at(600),
  freeAtMs: NOW_MS,
  freePoint: over.point ?? at(600),
  shiftEndsAtMs: NOW_MS + 240 * MINUTE_MS,
  activeOfferCount: 0,
  capacity: 4,
  ...over,
});
const metres = fc.integer({ min: -6_000, max: 6_000 });
const point = fc.tuple(metres, metres).map(([x, y]) => at(x, y));
const minutes = (min: number, max: number) => fc.integer({ min, max }).map((each) => NOW_MS + each * MINUTE_MS);
export const KITCHENS = [at(0), at(2_000, 1_000), at(-3_000, 500)];

export const round: fc.Arbitrary<RoundInput> = fc
  .record({
    deliveries: fc.array(
      fc.record({
        kitchen: fc.nat(KITCHENS.length - 1),
        drop: point,
        placedAtMs: minutes(-40, 0),
        readyAtMs: minutes(-20, 50),
        excluded: fc.subarray(["c0", "c1", "c2"]),
        priority: fc.nat(2),
      }),
      { maxLength: 9 },
    ),
    couriers: fc.array(
      fc.record({
        point,
        freeAtMs: fc.integer({ min: NOW_MS - 600_000, max: NOW_MS + 2_700_000 }),
        shiftEndsAtMs: minutes(0, 90),
        activeOfferCount: fc.constantFrom(0, 0, 0, 1),
        capacity: fc.integer({ min: 0, max: 4 }),
        kitchen: fc.option(fc.nat(KITCHENS.length - 1), { nil: undefined }),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ deliveries, couriers }) => ({
    nowMs: NOW_MS,
    router,
    deliveries: deliveries.map(({ kitchen, excluded, ...each }, i) =>
      aDelivery(`d${i}`, {
        ...each,
        restaurantId: `r${kitchen}`,
        pickup: KITCHENS[kitchen] ?? at(0),
        excludedCourierIds: excluded,
      }),
    ),
    couriers: couriers.map(({ kitchen, ...each }, i) => {
      const courier = aCourier(`c${i}`, { ...each, freePoint: each.point });
      if (kitchen === undefined) return courier;
      const carried = {
        id: `carried-${i}`,
        drop: at(1_000, 1_000),
        placedAtMs: NOW_MS,
        readyAtMs: NOW_MS + 5 * MINUTE_MS,
        priority: 0,
      };
      const onTheWay = {
        restaurantId: `r${kitchen}`,
        pickup: KITCHENS[kitchen] ?? at(0),
        arriveAtMs: NOW_MS + MINUTE_MS,
        deliveries: [carried],
      };
      return { ...courier, freeAtMs: NOW_MS + 30 * MINUTE_MS, onTheWay };
    }),
  }));
