import fc from "fast-check";
import { expect, test } from "vitest";

import { drawnAfter, drawnPlace } from "./drawn.ts";
import { heardAt, motionClock, moves, type MotionClock } from "./motion-clock.ts";
import type { Motion } from "./motion.ts";

const at = (takenAtMs: number, speedMps = 5): Motion => ({ lat: 1, lng: 2, takenAtMs, speedMps, headingDeg: 90 });

test("[MOT12] however wrong the screen's clock is, the motion's time is known as well as the quickest message was quick", () => {
  const ways = fc.array(fc.integer({ min: 50, max: 3_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), ways, (wrongMs, delaysMs) => {
      let clock: MotionClock | undefined;
      for (const [index, delayMs] of delaysMs.entries()) {
        clock = heardAt(clock, at(index * 20_000), index * 20_000 + delayMs + wrongMs);
      }
      const nowMs = 1_000_000;
      const offMs = motionClock(clock ?? 0)(nowMs + wrongMs) - nowMs;
      expect(offMs).toBe(200 - Math.min(...delaysMs));
    }),
  );
});

test("[MOT12] a marker is drawn anew only while it moves", () => {
  const places = (speedMps: number) => {
    const drawn = drawnAfter(undefined, at(0, speedMps), 0);
    return [100, 1_000, 59_000, 61_000].map((atMs) => moves(drawn, atMs) && drawnPlace(drawn, atMs).lng > 0);
  };
  expect(places(5)).toEqual([true, true, true, false]);
  expect(places(0)).toEqual([true, false, false, false]);
});
