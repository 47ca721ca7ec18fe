import { expect, test } from "vitest";

import type { HeardPosition } from "../../actors/recorder.ts";
import { straightWay } from "../../actors/ride.ts";
import { makeBook } from "./book.ts";
import { beliefFigures } from "./compare.ts";

const MINUTE_MS = 60_000;
const HOME = { lat: 0, lng: 0 };
/** About 1,112 m to the north. */
const NORTH = { lat: 0.01, lng: 0 };

function bookOf(handedOverMin: number) {
  const book = makeBook();
  book.orders.set("o1", {
    name: "order-0",
    orderId: "o1",
    customer: "customer-0",
    placedAtMs: 0,
    status: "DELIVERED",
    endReason: null,
    deliveryId: "d1",
    told: {
      atOrder: { atMs: 0, p50AtMs: 30 * MINUTE_MS, p90AtMs: 40 * MINUTE_MS },
      underWay: { atMs: 20 * MINUTE_MS, p50AtMs: 33 * MINUTE_MS, p90AtMs: 34 * MINUTE_MS },
    },
    estimateAtMs: 12 * MINUTE_MS,
    cookedAtMs: 15 * MINUTE_MS,
    saidReadyAtMs: 17 * MINUTE_MS,
  });
  book.deliveries.set("d1", { courier: "courier-0", handedOverAtMs: handedOverMin * MINUTE_MS });
  book.couriers.set("courier-0", {
    vehicle: "bicycle",
    rides: [{ way: straightWay(HOME, NORTH, 10 * MINUTE_MS), startMs: 25 * MINUTE_MS }],
  });
  return book;
}

test("[TWN9] what was told is compared with what happened", () => {
  const shown: HeardPosition = {
    ...HOME,
    orderId: "o1",
    speedMps: 2,
    headingDeg: 0,
    takenAtMs: 25 * MINUTE_MS,
    heardAtMs: 25 * MINUTE_MS,
    viewer: { as: "customer", personId: "p" },
  };
  // The marker stays at the beginning while the courier rides a kilometre on.
  expect(beliefFigures(bookOf(35), [shown])).toMatchObject({
    etaErrorP50Min: 5,
    etaP90Coverage: 1,
    etaUnderWayErrorP50Min: 2,
    etaUnderWayP90Coverage: 0,
    readyErrorP50Min: 3,
    readySaidLateP90Min: 2,
  });
  const { positionErrorP50M, positionErrorP95M } = beliefFigures(bookOf(35), [shown]);
  expect(positionErrorP50M).toBeGreaterThan(500);
  expect(positionErrorP50M).toBeLessThan(600);
  expect(positionErrorP95M).toBeGreaterThan(1_000);
  expect(beliefFigures(bookOf(45), []).etaP90Coverage).toBe(0);
});

test("[TWN9] where nothing happened there is nothing to compare", () => {
  expect(Object.values(beliefFigures(makeBook(), []))).toEqual(Array.from({ length: 9 }, () => null));
});
