import fc from "fast-check";
import { expect, test } from "vitest";

import { boundsAround } from "./bounds.ts";
import { distanceM } from "./distance.ts";

const lat = fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, -89.99, 0, 89.999, 90));
const lng = fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, -179.99, 0, 179.999, 180));
const step = fc.double({ min: -1, max: 1, noNaN: true });
const wrapped = (degrees: number) => Math.max(-180, ((degrees + 540) % 360) - 180);

test("[BRW8] bounds hold all that lies within the radius, at the poles and where longitudes end, too", () => {
  let inside = 0;
  fc.assert(
    fc.property(
      lat,
      lng,
      step,
      step,
      fc.double({ min: 1, max: 100_000, noNaN: true }),
      (φ, λ, north, east, radiusM) => {
        const centre = { lat: φ, lng: λ };
        const degrees = radiusM / 111_195;
        const near = {
          lat: Math.max(-90, Math.min(90, φ + north * degrees)),
          lng: wrapped(λ + (east * degrees) / Math.max(1e-3, Math.cos((φ * Math.PI) / 180))),
        };
        if (distanceM(centre, near) > radiusM) return;
        inside += 1;
        const { south, west, north: top, east: right } = boundsAround(centre, radiusM + 0.01);
        expect(near.lat).toBeGreaterThanOrEqual(south);
        expect(near.lat).toBeLessThanOrEqual(top);
        expect(near.lng).toBeGreaterThanOrEqual(west);
        expect(near.lng).toBeLessThanOrEqual(right);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(inside).toBeGreaterThan(500);
});

test("bounds are no wider than the circle needs", () => {
  const { south, west, north, east } = boundsAround({ lat: 60, lng: 10 }, 1_000);
  expect((north - south) * 111_195).toBeCloseTo(2_000, 0);
  expect((east - west) * 111_195 * 0.5).toBeCloseTo(2_000, 0);
});
