import { expect, test } from "vitest";

import { aCourier, aDelivery, at, MINUTE_MS, NOW_MS, router } from "#shared/testing/rounds.ts";

import { planRound } from "./plan-round.ts";
import { DEFAULT_SETTINGS } from "./round.ts";
import { countedCouriers } from "./shortage.ts";

test.for([
  { name: "has hours left", freeMin: 0, endsMin: 240, counts: 1 },
  { name: "has a third of a trip left", freeMin: 0, endsMin: 10, counts: 1 / 3 },
  { name: "has been free for long", freeMin: -60, endsMin: 15, counts: 0.5 },
  { name: "is free for as long later", freeMin: 20, endsMin: 50, counts: 1 },
  { name: "is free for less later", freeMin: 20, endsMin: 35, counts: 0.5 },
  { name: "goes home with what is in hand", freeMin: 20, endsMin: 15, counts: 0 },
])("[DSP78] a courier who $name counts as $counts", ({ freeMin, endsMin, counts }) => {
  const [freeAtMs, shiftEndsAtMs] = [NOW_MS + freeMin * MINUTE_MS, NOW_MS + endsMin * MINUTE_MS];
  const terms = { nowMs: NOW_MS, wholeCourierMs: 30 * MINUTE_MS };
  expect(countedCouriers([{ freeAtMs, shiftEndsAtMs }], terms)).toBeCloseTo(counts, 9);
});

test("[DSP78] where others are about to go home, short trips go first already", () => {
  const deliveries = [
    aDelivery("long", { restaurantId: "r1", drop: at(9_000), placedAtMs: NOW_MS - 20 * MINUTE_MS }),
    aDelivery("short", { restaurantId: "r2", drop: at(600) }),
  ];
  const going = ["x", "y", "z"].map((id) => aCourier(id, { shiftEndsAtMs: NOW_MS + MINUTE_MS }));
  const input = { nowMs: NOW_MS, usualMs: 120 * MINUTE_MS, deliveries, couriers: [aCourier("only"), ...going], router };
  expect(planRound(input, DEFAULT_SETTINGS).commits).toMatchObject([{ deliveryIds: ["short"] }]);
  const byHeads = { ...DEFAULT_SETTINGS, wholeCourierMs: MINUTE_MS };
  expect(planRound(input, byHeads).commits).toMatchObject([{ deliveryIds: ["long"] }]);
});
