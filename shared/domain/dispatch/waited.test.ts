import { expect, test } from "vitest";

import { aCourier, aDelivery, at, MINUTE_MS, NOW_MS, router } from "#shared/testing/rounds.ts";

import { decide, replay } from "./decision/decision-record.ts";
import { explain } from "./decision/explain.ts";
import { planRound } from "./plan-round.ts";
import { DEFAULT_SETTINGS, type OpenDelivery } from "./round.ts";
import { delayCostOf } from "./trip.ts";

/** Waiting alone tells orders apart, and a later plan brings food a quarter of an hour later. */
const settings = {
  ...DEFAULT_SETTINGS,
  deferMs: 15 * MINUTE_MS,
  weights: { ...DEFAULT_SETTINGS.weights, late: 0, bound: 0 },
};
const placedAgo = (min: number) => ({ placedAtMs: NOW_MS - min * MINUTE_MS });
/** Two restaurants and one courier. B's is a minute farther, so of equals a goes first. */
const firstOf = (ofB: Partial<OpenDelivery>, waited = DEFAULT_SETTINGS.weights.waited) => {
  const deliveries = [
    aDelivery("a", { restaurantId: "ra", ...placedAgo(0) }),
    aDelivery("b", { restaurantId: "rb", pickup: at(0, 300), drop: at(3_000, 300), ...ofB }),
  ];
  const input = { nowMs: NOW_MS, deliveries, couriers: [aCourier("only")], router };
  return planRound(input, { ...settings, weights: { ...settings.weights, waited } }).commits[0]?.deliveryIds;
};

test.for([
  { min: 0, first: "a" },
  { min: 3, first: "a" },
  { min: 40, first: "b" },
])("[DSP76] b, placed $min min before a and a minute farther: $first goes first", ({ min, first }) => {
  expect(firstOf(placedAgo(min))).toEqual([first]);
  expect(firstOf(placedAgo(min), 0)).toEqual(["a"]);
});

test("[DSP76] each whole minute since the placing adds the same to what delay costs, one to come adds nothing", () => {
  const costs = [-5, 0, 0.9, 1, 10, 60].map((min) =>
    delayCostOf(aDelivery("d", placedAgo(min)), { ...settings, nowMs: NOW_MS }),
  );
  const { delay, waited } = settings.weights;
  expect(costs).toEqual([delay, delay, delay, delay + waited, delay + 10 * waited, delay + 60 * waited]);
});

test("[DSP77] food of which the kitchen has not said when has not waited, however long ago it was placed", () => {
  expect(firstOf({ ...placedAgo(40), readyLateAtMs: NOW_MS })).toEqual(["b"]);
  expect(firstOf({ ...placedAgo(40), readyLateAtMs: NOW_MS, isUnsaid: true })).toEqual(["a"]);
});

test("[DSP79] what waiting adds to an order's cost is told as its urgency, and replays", () => {
  const couriers = [600, 1_800, 6_000].map((far) => aCourier(`c${far}`, { point: at(far) }));
  const record = decide(
    { nowMs: NOW_MS, deliveries: [aDelivery("d", placedAgo(25))], couriers, router },
    DEFAULT_SETTINGS,
  );
  expect(replay(JSON.parse(JSON.stringify(record)))).toEqual({ outcome: "equal" });
  const told = explain(record, "d")?.couriers ?? [];
  expect(told).toHaveLength(couriers.length);
  for (const { terms, cost, numbers } of told) {
    const urgency = terms.find(({ name }) => name === "urgency")?.cost;
    expect(urgency).toBe(DEFAULT_SETTINGS.weights.waited * 25 * (numbers?.delayMs ?? 0));
    expect(terms.reduce((sum, each) => sum + each.cost, 0)).toBe(cost);
  }
});
