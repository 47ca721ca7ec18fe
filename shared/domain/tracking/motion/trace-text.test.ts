import fc from "fast-check";
import { expect, test } from "vitest";

import { fix } from "../../../contracts/geo.ts";
import { decodeTrace, encodeTrace } from "./trace-text.ts";

const grid = (least: number, most: number, unit: number) =>
  fc.integer({ min: least * unit, max: most * unit }).map((steps) => steps / unit);
const fixes = fc.array(
  fc.record({
    lat: grid(-90, 90, 1e6),
    lng: grid(-180, 180, 1e6),
    takenAtMs: fc.integer({ min: 0, max: 4e12 }),
    accuracyM: grid(0, 100_000, 100),
    speedMps: fc.option(grid(0, 150, 100)),
    headingDeg: fc.option(grid(0, 360, 10)),
  }),
);

test("[MOT8] a trace comes back as it was, in any order and with what is not known", () => {
  fc.assert(
    fc.property(fixes, (trace) => {
      const back = decodeTrace(encodeTrace(trace));
      expect(back).toEqual(trace);
      for (const each of back ?? []) expect(fix.safeParse(each).success).toBe(true);
    }),
  );
});

test("[MOT8] a minute on the way takes a sixth of what it takes as JSON", () => {
  const minute = Array.from({ length: 12 }, (_, index) => ({
    lat: -34.900_123 + index * 0.000_31,
    lng: -56.160_321 - index * 0.000_17,
    takenAtMs: 1_700_000_000_000 + index * 5_003,
    accuracyM: 7.5,
    speedMps: 6.25,
    headingDeg: 351.4,
  }));
  expect(encodeTrace(minute).length * 6).toBeLessThan(JSON.stringify(minute).length);
});

test.for(["?", "??????~", "~~~~~~~~~~~~~", "ü?????", " ?????"])("[MOT8] %s is no trace", (text) => {
  expect(decodeTrace(text)).toBeUndefined();
});
