import fc from "fast-check";
import { expect, test } from "vitest";

import type { Point } from "../geo/point.ts";
import { planeProjection, planeRouter } from "../router/plane-router.ts";
import { planRound } from "./plan-round.ts";
import { DEFAULT_SETTINGS, type Demand, type RoundCourier, type RoundPlan } from "./round.ts";

const MINUTE_MS = 60_000;
/** A moment at which moves are looked for. */
const NOW_MS = 1_700_000_100_000 - (1_700_000_100_000 % DEFAULT_SETTINGS.moves.everyMs);
const projection = planeProjection({ lat: -34.9, lng: -56.18 });
const router = planeRouter({ metersPerMinute: 300, projection });
const at = (xM: number, yM = 0): Point => projection.toPoint({ xM, yM });

const aCourier = (id: string, point: Point, over: Partial<RoundCourier> = {}): RoundCourier => ({
  id,
  point,
  freePoint: point,
  freeAtMs: NOW_MS - MINUTE_MS,
  shiftEndsAtMs: NOW_MS + 240 * MINUTE_MS,
  activeOfferCount: 0,
  capacity: 4,
  ...over,
});
const aKitchen = (restaurantId: string, pickup: Point, ordersPerHour: number): Demand => ({
  restaurantId,
  pickup,
  ordersPerHour,
  prepMs: 15 * MINUTE_MS,
});
const plan = (couriers: readonly RoundCourier[], demand: readonly Demand[]): RoundPlan =>
  planRound({ nowMs: NOW_MS, deliveries: [], couriers, router, demand }, DEFAULT_SETTINGS);

test("[DSP20] of two couriers who wait at one place, one is asked to wait where the other orders will come from", () => {
  const couriers = [aCourier("a", at(0)), aCourier("b", at(0))];
  const { moves } = plan(couriers, [aKitchen("here", at(0), 4), aKitchen("there", at(6_000), 6)]);
  expect(moves).toEqual([{ courierId: "a", restaurantId: "there", point: at(6_000), wayMs: 20 * MINUTE_MS }]);
});

test("[DSP20] nobody is moved who is busy, about to go, wanted where they are, or where no order is to be expected", () => {
  const there = aKitchen("there", at(6_000), 6);
  const busy = { freeAtMs: NOW_MS + 5 * MINUTE_MS };
  const going = { shiftEndsAtMs: NOW_MS + MINUTE_MS };
  expect(plan([aCourier("a", at(0), busy)], [there]).moves).toEqual([]);
  expect(plan([aCourier("a", at(0), going)], [there]).moves).toEqual([]);
  expect(plan([aCourier("a", at(6_000))], [there, aKitchen("rare", at(0), 0.1)]).moves).toEqual([]);
  expect(plan([aCourier("a", at(0))], []).moves).toEqual([]);
});

test("[DSP29] who was asked counts as being there: nobody is sent after, nor asked anew; who said no is left where they are", () => {
  const [here, there] = [aKitchen("here", at(0), 4), aKitchen("there", at(6_000), 6)];
  const couriers = [aCourier("a", at(0)), aCourier("b", at(0))];
  const with1st = (over: Partial<RoundCourier>) =>
    couriers.map((each) => (each.id === "a" ? { ...each, ...over } : each));
  expect(plan(couriers, [here, there]).moves).toMatchObject([{ courierId: "a" }]);
  expect(plan(with1st({ askedTo: at(6_000) }), [here, there]).moves).toEqual([]);
  expect(plan(with1st({ stays: true }), [here, there]).moves).toMatchObject([{ courierId: "b" }]);
  // Work in hand counts before any advice.
  const busy = { askedTo: at(6_000), freeAtMs: NOW_MS + 20 * MINUTE_MS };
  expect(plan(with1st(busy), [there]).moves).toMatchObject([{ courierId: "b" }]);
});

test("[DSP20] no courier is moved twice or for nothing, and the order of listing decides nothing", () => {
  const metres = fc.integer({ min: -8_000, max: 8_000 });
  const place = fc.tuple(metres, metres).map(([x, y]) => at(x, y));
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 1, maxLength: 8 }),
      fc.array(fc.record({ pickup: place, ordersPerHour: fc.integer({ min: 0, max: 12 }) }), { maxLength: 10 }),
      (points, kitchens) => {
        const couriers = points.map((point, index) => aCourier(`c${index}`, point));
        const demand = kitchens.map(({ pickup, ordersPerHour }, index) => aKitchen(`r${index}`, pickup, ordersPerHour));
        const { moves } = plan(couriers, demand);
        expect(new Set(moves.map(({ courierId }) => courierId)).size).toBe(moves.length);
        expect(moves.length).toBeLessThanOrEqual(DEFAULT_SETTINGS.moves.perRound);
        expect(moves.every(({ wayMs }) => wayMs > 0)).toBe(true);
        expect(plan(couriers.toReversed(), demand.toReversed()).moves).toEqual(moves);
      },
    ),
    { numRuns: 15 },
  );
});
