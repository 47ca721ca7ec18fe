import { expect, test } from "vitest";

import { REPORT_LIMITS } from "#shared/domain/tracking/motion/report.ts";

import { chartOf } from "./chart.ts";
import { curvesOf } from "./curves.ts";
import { ridesFrom } from "./rides.ts";

const START_MS = 1_700_000_040_000;
const traces = ridesFrom(undefined, 20, { lat: 0, lng: 0 }).map((ride, at) => ({
  id: String(at),
  startMs: START_MS,
  fixes: ride.map(({ afterMs, ...reading }) => ({ ...reading, takenAtMs: START_MS + afterMs })),
}));

test("[MOT16] each way of telling a screen is played over the same traces: a wider limit says less and is further off", () => {
  const curves = curvesOf(traces);
  expect(curves.map(({ name }) => name)).toEqual(["Tiffin", "constant velocity", "the last place held"]);
  for (const { points } of curves) {
    const [narrowest, widest] = [points[0], points.at(-1)];
    expect(widest?.offM).toBeGreaterThan(narrowest?.offM ?? Infinity);
    expect(widest?.messagesPerMinute).toBeLessThan(narrowest?.messagesPerMinute ?? 0);
    expect(widest?.errorMeanM).toBeGreaterThan(narrowest?.errorMeanM ?? Infinity);
  }
});

test("[MOT16] the chart has a point for each limit, in both panels, and a ring around what is deployed", () => {
  const curves = curvesOf(traces);
  const deployed = curves[0]?.points.find(({ offM }) => offM === REPORT_LIMITS.offM);
  if (!deployed) throw new Error("the deployed limit is one of ours");
  const dots = chartOf(curves, deployed).match(/<circle/gu) ?? [];
  expect(dots).toHaveLength(2 * (curves.flatMap(({ points }) => points).length + 1));
});
