import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { screenFix, type ScreenedFix } from "./screen-fix.ts";

const limits = { maxAccuracyM: 60, maxSpeedMps: 30 };
const at = (takenAtMs: number, lat: number, accuracyM = 5): ScreenedFix => ({ lat, lng: 2.35, takenAtMs, accuracyM });

describe("screenFix", () => {
  test.for([
    ["TRK1", "the first fix of a shift", at(1_000, 48.85), undefined, "keep"],
    ["TRK1", "a vague first fix", at(1_000, 48.85, 61), undefined, "vague"],
    ["TRK2", "a fix that came twice", at(1_000, 48.85), at(1_000, 48.85), "stale"],
    ["TRK2", "a fix that was overtaken", at(999, 48.85), at(1_000, 48.85), "stale"],
    ["TRK3", "an indoor fix", at(2_000, 48.85, 200), at(1_000, 48.85), "vague"],
    ["TRK4", "a kilometre in a second", at(2_000, 48.859), at(1_000, 48.85), "teleport"],
    ["TRK4", "a kilometre in a minute", at(61_000, 48.859), at(1_000, 48.85), "keep"],
    ["TRK4", "noise at a standstill", at(2_000, 48.8506, 40), at(1_000, 48.85, 30), "keep"],
  ] as const)("[%s] %s", ([, , next, last, verdict]) => {
    expect(screenFix(next, last, limits)).toBe(verdict);
  });
});

test("[TRK6] a kept track never goes back in time", () => {
  const fix = fc
    .tuple(
      fc.integer({ min: 0, max: 60_000 }),
      fc.double({ min: 48.85, max: 48.86, noNaN: true }),
      fc.integer({ min: 1, max: 80 }),
    )
    .map(([atMs, lat, accuracyM]) => at(atMs, lat, accuracyM));
  fc.assert(
    fc.property(fc.array(fix), (fixes) => {
      const kept: ScreenedFix[] = [];
      for (const each of fixes) if (screenFix(each, kept.at(-1), limits) === "keep") kept.push(each);
      const times = kept.map(({ takenAtMs }) => takenAtMs);
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      expect(kept.every(({ accuracyM }) => accuracyM <= limits.maxAccuracyM)).toBe(true);
    }),
  );
});
