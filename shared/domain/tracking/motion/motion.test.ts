import fc from "fast-check";
import { expect, test } from "vitest";

import type { Fix } from "../../../contracts/geo.ts";
import { distanceM } from "../../geo/distance.ts";
import { drawnAfter, drawnPlace } from "./drawn.ts";
import { apartM, motionOf, motionPlace, type Motion } from "./motion.ts";
import { NO_REPORTS, REPORT_LIMITS, reportAfter, type Reporter } from "./report.ts";

const START = { lat: -34.9, lng: -56.16 };
const M = 1 / 111_195;

/** A fix so many metres north of the start. */
const north = (atS: number, metres: number): Fix => ({
  lat: START.lat + metres * M,
  lng: START.lng,
  takenAtMs: atS * 1000,
  accuracyM: 5,
  speedMps: null,
  headingDeg: null,
});

/** Without a negative zero, which is the same place and not equal to zero. */
const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true }).map((value) => value + 0);

const motion = fc.record<Motion>({
  lat: degrees(60),
  lng: degrees(179),
  takenAtMs: fc.integer({ min: 0, max: 1e12 }),
  speedMps: fc.double({ min: 0, max: 150, noNaN: true }),
  headingDeg: fc.double({ min: 0, max: 360, noNaN: true }),
});

/** Follows fixes as a phone does. */
function follow(fixes: readonly Fix[]): { readonly sent: Motion[]; readonly states: Reporter[] } {
  const [sent, states]: [Motion[], Reporter[]] = [[], []];
  let reporter = NO_REPORTS;
  for (const fix of fixes) {
    const next = reportAfter(reporter, fix);
    reporter = next.reporter;
    states.push(reporter);
    if (next.report) sent.push(next.report);
  }
  return { sent, states };
}

test.for([
  ["who stands", 0, 30, 0, 0],
  ["who walks", 1.2, 30, 0, 1],
  ["who rides a bicycle", 5, 5, 15, 20],
  ["who drives on a main road", 25, 10, 225, 250],
] as const)("[MOT1] %s at %f m/s has gone on after %f s by %f to %f m", ([, speedMps, sinceS, leastM, mostM]) => {
  const from = { ...START, takenAtMs: 0, speedMps, headingDeg: 90 };
  const to = motionPlace(from, sinceS * 1000);
  expect(distanceM(from, to)).toBeGreaterThanOrEqual(leastM);
  expect(distanceM(from, to)).toBeLessThanOrEqual(mostM);
  expect(to.lng).toBeGreaterThanOrEqual(from.lng);
});

test("[MOT1] a motion goes on ever more slowly, never faster than it was told, and never back", () => {
  fc.assert(
    fc.property(motion, fc.integer({ min: 1, max: 50 }), (from, sinceS) => {
      const at = (seconds: number) => distanceM(from, motionPlace(from, from.takenAtMs + seconds * 1000));
      expect(at(sinceS)).toBeLessThanOrEqual((from.speedMps ?? 0) * sinceS * 1.01 + 1e-3);
      expect(at(sinceS + 1)).toBeGreaterThanOrEqual(at(sinceS) - 1e-3);
    }),
  );
});

test("[MOT2] nobody is driven on for longer than a minute, or before they were there", () => {
  fc.assert(
    fc.property(motion, fc.integer({ min: 60, max: 1e6 }), (from, sinceS) => {
      const { takenAtMs, lat, lng } = from;
      expect(motionPlace(from, takenAtMs + sinceS * 1000)).toEqual(motionPlace(from, takenAtMs + 60_000));
      expect(motionPlace(from, takenAtMs - sinceS)).toEqual({ lat, lng });
    }),
  );
});

test("[MOT3] a motion is made of legs of four seconds or more, and leans into a change", () => {
  const even = motionOf([north(0, 0), north(5, 25), north(10, 50)]);
  expect(even.speedMps).toBeCloseTo(5, 2);
  expect(even.headingDeg).toBeCloseTo(0, 5);
  expect(motionOf([north(0, 0), north(5, 25), north(10, 40)]).speedMps).toBeCloseTo(3 - 0.4 * 2, 2);
  // A fix a second with three metres of noise: the leg is the long one.
  expect(motionOf([north(0, 0), north(1, 8), north(2, 10), north(3, 12), north(4, 20)]).speedMps).toBeCloseTo(5, 2);
  expect(motionOf([north(0, 0)])).toMatchObject({ speedMps: 0 });
});

test("[MOT4] the first fix is told, one who stands is told of once a minute, one who drives evenly with a third of the fixes", () => {
  const seconds = Array.from({ length: 73 }, (_, index) => index * 5);
  expect(follow(seconds.map((atS) => north(atS, 0))).sent.map(({ takenAtMs }) => takenAtMs / 1000)).toEqual([
    0, 60, 120, 180, 240, 300, 360,
  ]);
  expect(follow(seconds.map((atS) => north(atS, atS * 25))).sent.length).toBeLessThanOrEqual(25);
});

const wayOfFixes = fc
  .array(fc.record({ afterS: fc.integer({ min: 3, max: 30 }), eastM: fc.integer({ min: -200, max: 200 }) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let [atS, eastM] = [0, 0];
    return steps.map((step) => {
      atS += step.afterS;
      eastM += step.eastM;
      return { ...north(atS, 0), lng: START.lng + eastM * M };
    });
  });

test("[MOT5] after every fix the screen is right to within the limit, or has just been told", () => {
  fc.assert(
    fc.property(wayOfFixes, (fixes) => {
      const { states } = follow(fixes);
      for (const [index, { reported, history }] of states.entries()) {
        const fix = fixes[index];
        if (!reported || !fix) throw new Error("a fix was told of before");
        const offM = distanceM(motionPlace(reported, fix.takenAtMs), fix);
        // By the measure of the reporter now counts for seven tenths.
        expect(offM).toBeLessThanOrEqual(REPORT_LIMITS.offM / 0.7);
        expect(history.length).toBeLessThanOrEqual(12);
      }
    }),
  );
});

test("[MOT5] a small error that stays is told of after a while", () => {
  const fixes = [0, 5, 10, ...Array.from({ length: 10 }, (_, index) => 15 + index * 5)].map((atS) =>
    north(atS, atS < 15 ? 0 : 16),
  );
  const { sent } = follow(fixes);
  expect(sent.length).toBe(2);
  expect(sent[1]?.takenAtMs).toBeGreaterThan(15_000);
  expect(sent[1]?.takenAtMs).toBeLessThan(60_000);
});

test("[MOT6] the same fixes give the same reports, whoever follows them", () => {
  fc.assert(
    fc.property(wayOfFixes, (fixes) => {
      expect(follow(fixes)).toEqual(follow(structuredClone(fixes)));
    }),
  );
});

test("[MOT7] a marker never jumps, and is where the motion is within six tenths of a second", () => {
  fc.assert(
    fc.property(
      motion,
      fc.integer({ min: -500, max: 500 }),
      fc.integer({ min: 0, max: 20_000 }),
      (first, stepM, afterMs) => {
        const toldAtMs = first.takenAtMs + afterMs;
        const second = { ...first, lat: first.lat + stepM * M, takenAtMs: toldAtMs };
        const before = drawnAfter(undefined, first, first.takenAtMs);
        const after = drawnAfter(before, second, toldAtMs);
        expect(distanceM(drawnPlace(before, toldAtMs), drawnPlace(after, toldAtMs))).toBeLessThan(0.01);
        const settledMs = toldAtMs + 600;
        expect(distanceM(drawnPlace(after, settledMs), motionPlace(second, settledMs))).toBeLessThan(1e-6);
        expect(apartM(second, second, settledMs)).toBe(0);
      },
    ),
  );
});
