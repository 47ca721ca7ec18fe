import fc from "fast-check";
import { expect, test } from "vitest";

import { drawnAfter, drawnPlace } from "./drawn.ts";
import { heardAt, motionClock, moves, type MotionClock } from "./motion-clock.ts";
import { motionPlace, type Motion } from "./motion.ts";

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

test.each([1, 10, 60])(
  "[MOT12] at a clock %i times as fast the marker rides as far between two words as the courier",
  (rate) => {
    const from = at(1_000_000);
    const heardMs = 77;
    const nowMs = motionClock(heardAt(undefined, from, heardMs, rate), rate);
    const drawn = drawnAfter(undefined, from, nowMs(heardMs), rate);
    // A wall second later it is `rate` deployment seconds later; both clocks lag behind by the way of the word.
    const place = drawnPlace(drawn, nowMs(heardMs + 1_000));
    expect(place).toEqual(motionPlace(from, from.takenAtMs + (1_000 + 200) * rate));
  },
);

test("[MOT7] it takes to what it was told in the same wall time, however fast the clock", () => {
  for (const rate of [1, 10]) {
    const before = drawnAfter(undefined, at(0, 0), 0, rate);
    const told = { ...at(0, 0), lat: 1.001 };
    const drawn = drawnAfter(before, told, 0, rate);
    expect(drawnPlace(drawn, 0).lat).toBeCloseTo(1, 9);
    expect(drawnPlace(drawn, 300 * rate).lat).toBeCloseTo(1.0005, 9);
    expect(drawnPlace(drawn, 600 * rate).lat).toBeCloseTo(1.001, 9);
  }
});
