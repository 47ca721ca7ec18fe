import fc from "fast-check";

import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";

import { packProjection, planeTravel, type ReplayInstance } from "../replay/instance.ts";
import { answersBy } from "./answers.ts";
import type { Plan } from "./play.ts";
import { POLICIES, type Policy } from "./policies.ts";
import type { StoredDay, StoredOrder, StoredShift } from "./stored-day.ts";

/* Days on a plane, for tests: one with everything filled in, and any day at all. */

export const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2031, 4, 8, 10);
export const { toPoint } = packProjection();
export const at = (minute: number) => START_MS + minute * MINUTE_MS;
export const byTheMinute = { ...DEFAULT_SETTINGS, roundMs: MINUTE_MS };

export const anOrder = (id: string, placedMin: number, over: Partial<StoredOrder> = {}): StoredOrder => ({
  id,
  orderId: `order ${id}`,
  restaurantId: "r0",
  drop: toPoint({ xM: 0, yM: 3_200 }),
  placedAtMs: at(placedMin),
  confirmedAtMs: at(placedMin + 1),
  words: [{ atMs: at(placedMin + 1), readyAtMs: at(placedMin + 11) }],
  readyAtMs: at(placedMin + 13),
  counterMs: 2 * MINUTE_MS,
  noticeMs: MINUTE_MS,
  leaveMs: MINUTE_MS,
  doorMs: 2 * MINUTE_MS,
  was: { pickedUpAtMs: null, deliveredAtMs: null, offers: 0 },
  ...over,
});
export const aShift = (id: string, over: Partial<StoredShift> = {}): StoredShift => ({
  id,
  courierId: `courier of ${id}`,
  vehicle: "motorbike",
  capacity: 3,
  fromMs: at(-60),
  plannedEndMs: at(600),
  toMs: at(600),
  at: toPoint({ xM: 640, yM: 0 }),
  ...over,
});
export const aDay = (over: Partial<StoredDay>): StoredDay => ({
  restaurants: new Map([
    ["r0", { pickup: toPoint({ xM: 0, yM: 0 }), prepMinutes: 10 }],
    ["r1", { pickup: toPoint({ xM: 2_000, yM: 500 }), prepMinutes: 15 }],
  ]),
  orders: [],
  shifts: [],
  answers: [],
  wayFactors: { toRestaurant: 1, toCustomer: 1 },
  endMs: at(420),
  ...over,
});
export const planOf = (policy: Policy, over: Partial<Plan> = {}): Plan => ({
  policy,
  settings: { ...DEFAULT_SETTINGS, roundMs: 10_000 },
  router: planeTravel(320).router,
  answerOf: answersBy(1, []),
  ...over,
});
export const policy = (name: string): Policy => {
  const found = POLICIES[name];
  if (!found) throw new Error(`no ${name}`);
  return found;
};

export const anyDay: fc.Arbitrary<StoredDay> = fc
  .record({
    orders: fc.array(
      fc.record({
        kitchen: fc.nat(1),
        x: fc.integer({ min: -3_000, max: 3_000 }),
        y: fc.integer({ min: -3_000, max: 3_000 }),
        placedMin: fc.nat(150),
        prepMin: fc.nat(30),
        saidMin: fc.nat(30),
      }),
      { minLength: 1, maxLength: 14 },
    ),
    shifts: fc.array(
      fc.record({
        x: fc.integer({ min: -3_000, max: 3_000 }),
        fromMin: fc.nat(60),
        hours: fc.integer({ min: 1, max: 5 }),
        early: fc.nat(60),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    refusals: fc.nat(4),
  })
  .map(({ orders, shifts, refusals }) =>
    aDay({
      orders: orders
        .map(({ kitchen, x, y, placedMin, prepMin, saidMin }, index) =>
          anOrder(`d${String(index).padStart(2, "0")}`, placedMin, {
            restaurantId: `r${kitchen}`,
            drop: toPoint({ xM: x, yM: y }),
            readyAtMs: at(placedMin + 1 + prepMin),
            words: [{ atMs: at(placedMin + 1), readyAtMs: at(placedMin + 1 + saidMin) }],
          }),
        )
        .toSorted((a, b) => a.confirmedAtMs - b.confirmedAtMs),
      shifts: shifts.map(({ x, fromMin, hours, early }, index) =>
        aShift(`s${index}`, {
          at: toPoint({ xM: x, yM: 0 }),
          fromMs: at(fromMin),
          plannedEndMs: at(fromMin + hours * 60),
          toMs: at(fromMin + hours * 60 - early),
        }),
      ),
      answers: [
        { courierId: "courier of s0", kind: "accepted", afterMs: 15_000 },
        { courierId: "courier of s1", kind: "accepted", afterMs: 4_000 },
        ...Array.from({ length: refusals }, () => ({
          courierId: "courier of s0",
          kind: "declined" as const,
          afterMs: 8_000,
        })),
      ],
    }),
  );

/** A pack's day as if it had been stored: kitchens say truly when the food will be ready, and half of each service is at the counter. */
export function storedDayOf(instance: ReplayInstance): StoredDay {
  const [pickupHalfMs, dropHalfMs] = [instance.pickupServiceMin / 2, instance.dropoffServiceMin / 2].map(
    (minutes) => minutes * MINUTE_MS,
  );
  const point = ({ lat, lng }: { readonly lat: number; readonly lng: number }) => ({ lat, lng });
  return aDay({
    restaurants: new Map(instance.restaurants.map((each) => [each.id, { pickup: point(each), prepMinutes: 15 }])),
    orders: instance.orders
      .map((each) =>
        anOrder(each.id, each.placedMin, {
          restaurantId: each.restaurantId,
          drop: point(each),
          confirmedAtMs: at(each.placedMin),
          words: [{ atMs: at(each.placedMin), readyAtMs: at(each.readyMin) }],
          readyAtMs: at(each.readyMin),
          counterMs: pickupHalfMs ?? 0,
          noticeMs: 0,
          leaveMs: pickupHalfMs ?? 0,
          doorMs: dropHalfMs ?? 0,
        }),
      )
      .toSorted((a, b) => a.confirmedAtMs - b.confirmedAtMs),
    shifts: instance.couriers.map((each) =>
      aShift(each.id, {
        capacity: 4,
        at: point(each),
        fromMs: at(each.onMin),
        plannedEndMs: at(each.offMin),
        toMs: at(each.offMin),
      }),
    ),
    endMs: at(2_000),
  });
}
