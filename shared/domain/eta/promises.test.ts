import { expect, test } from "vitest";

import { accuracyOf, promiseStage, type KeptPromise } from "./promises.ts";

const MINUTE_MS = 60_000;
const told = (stage: KeptPromise["stage"], earlyMin: number, lateMin: number, cameMin: number): KeptPromise => ({
  stage,
  p50AtMs: earlyMin * MINUTE_MS,
  p90AtMs: lateMin * MINUTE_MS,
  deliveredAtMs: cameMin * MINUTE_MS,
});

test("[ETA10] each stage's error and how many came by each end", () => {
  const promises = [
    told("order", 30, 40, 30),
    told("order", 30, 40, 36),
    told("order", 30, 40, 46),
    told("order", 30, 40, 28),
    told("under-way", 10, 12, 11),
  ];
  expect(accuracyOf(promises)).toEqual([
    { stage: "order", promises: 4, maeS: 6 * 60, lateS: 5 * 60, coverage50Pct: 50, coverage90Pct: 75 },
    { stage: "under-way", promises: 1, maeS: 60, lateS: 60, coverage50Pct: 0, coverage90Pct: 100 },
  ]);
  expect(accuracyOf([])).toEqual([]);
});

test("[ETA10] food in hand makes a time one of the way", () => {
  expect(
    [null, "PENDING", "ARRIVED_AT_MERCHANT", "ORDER_PICKED", "DELIVERY_ONGOING"].map((status) =>
      promiseStage(status as never),
    ),
  ).toEqual(["waiting", "waiting", "waiting", "under-way", "under-way"]);
});
