import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { distanceM } from "../geo/distance.ts";
import { haversineRouter } from "./haversine-router.ts";
import { planeProjection, planeRouter, type PlanePoint } from "./plane-router.ts";
import type { Router } from "./router.ts";

const ORIGIN = { lat: 40, lng: -90 };
const projection = planeProjection(ORIGIN);
const routers: readonly [string, Router][] = [
  ["haversine", haversineRouter({ speedMps: 6, detour: 1.3 })],
  ["plane", planeRouter({ metersPerMinute: 320, projection })],
];

const metres = fc.integer({ min: -50_000_000, max: 50_000_000 }).map((mm) => mm / 1000);
const place: fc.Arbitrary<PlanePoint> = fc.record({ xM: metres, yM: metres });
const point = place.map(projection.toPoint);

describe.for(routers)("%s router", ([, router]) => {
  test("[DSP13] nothing away from itself, there and back alike, never negative", () => {
    fc.assert(
      fc.property(point, point, (a, b) => {
        expect(router.leg(a, a)).toEqual({ durationS: 0, distanceM: 0 });
        expect(router.leg(a, b).distanceM).toBeCloseTo(router.leg(b, a).distanceM, 6);
        expect(router.leg(a, b).durationS).toBe(router.leg(b, a).durationS);
        expect(router.leg(a, b).durationS).toBeGreaterThanOrEqual(0);
        expect(router.nearest(a)).toEqual({ point: a, distanceM: 0 });
      }),
    );
  });

  test("[DSP13] a way round is never shorter", () => {
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        expect(router.leg(a, c).distanceM).toBeLessThanOrEqual(
          router.leg(a, b).distanceM + router.leg(b, c).distanceM + 1e-3,
        );
        // 2 ms: each leg of the haversine router is rounded to a millisecond.
        expect(router.leg(a, c).durationS).toBeLessThanOrEqual(
          router.leg(a, b).durationS + router.leg(b, c).durationS + 0.002,
        );
      }),
    );
  });

  test("[DSP13] a route is the sum of its legs, a table cell is a leg", () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 5 }), (points) => {
        const { legs, durationS } = router.route(points);
        expect(legs).toHaveLength(points.length - 1);
        expect(durationS).toBeCloseTo(
          legs.reduce((sum, leg) => sum + leg.durationS, 0),
          9,
        );
        const { durationsS, distancesM } = router.table(points, points.slice(1));
        for (const [i, from] of points.entries()) {
          for (const [j, to] of points.slice(1).entries()) {
            expect({ durationS: durationsS[i]?.[j], distanceM: distancesM[i]?.[j] }).toEqual(router.leg(from, to));
          }
        }
      }),
    );
  });

  test("[DSP13] a route wants two points", () => {
    expect(() => router.route([ORIGIN])).toThrow("two points");
  });
});

test("[DSP2] a place in millimetres comes back exactly, wherever the plane is laid", () => {
  const origin = fc.record({
    lat: fc.double({ min: -65, max: 65, noNaN: true }),
    lng: fc.double({ min: -179, max: 179, noNaN: true }),
  });
  fc.assert(
    fc.property(origin, place, (at, each) => {
      const { toPoint, toPlane } = planeProjection(at);
      const back = toPlane(toPoint(each));
      expect({ xM: back.xM + 0, yM: back.yM + 0 }).toEqual({ xM: each.xM + 0, yM: each.yM + 0 });
    }),
    { numRuns: 1_000 },
  );
});

test("[DSP2] the plane router's minutes are those of the metres themselves, and survive JSON", () => {
  const whole = fc.record({ xM: fc.integer({ min: 0, max: 40_000 }), yM: fc.integer({ min: 0, max: 40_000 }) });
  fc.assert(
    fc.property(whole, whole, fc.constantFrom(320, 427, 426.67), (a, b, metersPerMinute) => {
      const router = planeRouter({ metersPerMinute, projection });
      const minutes = Math.ceil(Math.sqrt((a.xM - b.xM) ** 2 + (a.yM - b.yM) ** 2) / metersPerMinute);
      const stored: typeof ORIGIN = JSON.parse(JSON.stringify(projection.toPoint(a)));
      expect(router.leg(stored, projection.toPoint(b)).durationS).toBe(minutes * 60);
    }),
    { numRuns: 1_000 },
  );
});

test("[DSP2] an exact multiple of a minute is not rounded up once more", () => {
  const router = planeRouter({ metersPerMinute: 320, projection });
  for (let minutes = 1; minutes < 100; minutes++) {
    const from = projection.toPoint({ xM: 17, yM: 23 });
    expect(router.leg(from, projection.toPoint({ xM: 17 + 320 * minutes, yM: 23 })).durationS).toBe(60 * minutes);
  }
});

test("[DSP13] the haversine router's time is the great circle, longer by the detour, at its speed", () => {
  const [a, b] = [
    { lat: -34.9, lng: -56.18 },
    { lat: -34.88, lng: -56.15 },
  ];
  const { durationS, distanceM: wayM } = haversineRouter({ speedMps: 5, detour: 1.3 }).leg(a, b);
  expect(wayM).toBeCloseTo(distanceM(a, b) * 1.3, 6);
  expect(durationS).toBeCloseTo(wayM / 5, 3);
});
