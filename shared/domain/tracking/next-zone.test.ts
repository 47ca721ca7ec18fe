import fc from "fast-check";
import { expect, test } from "vitest";

import { cellCentre, cellOutline, cellsWithin, zoneOf } from "../geo/cells.ts";
import { distanceM } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";
import { nextZone, ZONE_MARGIN_M } from "./next-zone.ts";

const inCity = fc
  .tuple(fc.double({ min: -34.95, max: -34.8, noNaN: true }), fc.double({ min: -56.3, max: -56, noNaN: true }))
  .map(([lat, lng]) => ({ lat, lng }));
const between = (a: Point, b: Point, share: number): Point => ({
  lat: a.lat + (b.lat - a.lat) * share,
  lng: a.lng + (b.lng - a.lng) * share,
});

test("[TRK7] a courier without a zone is in the zone of the fix", () => {
  fc.assert(
    fc.property(inCity, (fix) => {
      expect(nextZone(undefined, fix)).toBe(zoneOf(fix));
    }),
  );
});

test("[TRK7] at another zone's centre the courier is in that zone", () => {
  fc.assert(
    fc.property(inCity, fc.nat(5), (fix, pick) => {
      const zone = zoneOf(fix);
      const other = cellsWithin(zone, 1).filter((each) => each !== zone)[pick] ?? zone;
      expect(nextZone(zone, cellCentre(other))).toBe(other);
    }),
  );
});

test("[TRK8] back and forth over a border within the margin changes no zone", () => {
  fc.assert(
    fc.property(
      inCity,
      fc.nat(5),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2 }),
      (fix, edge, steps) => {
        const zone = zoneOf(fix);
        const outline = cellOutline(zone);
        const centre = cellCentre(zone);
        const [a, b] = [outline[edge] ?? centre, outline[(edge + 1) % outline.length] ?? centre];
        const border = between(a, b, 0.5);
        const swing = (ZONE_MARGIN_M * 0.95) / distanceM(centre, border);
        let current = zone;
        for (const step of steps) current = nextZone(current, between(centre, border, 1 + step * swing));
        expect(current).toBe(zone);
      },
    ),
  );
});

test("[TRK8] just past the margin the zone changes, and coming back needs the margin again", () => {
  const zone = zoneOf({ lat: -34.9, lng: -56.18 });
  const centre = cellCentre(zone);
  const [a, b] = cellOutline(zone);
  if (!a || !b) throw new Error("a cell has corners");
  const border = between(a, b, 0.5);
  const at = (outsideM: number) => between(centre, border, 1 + outsideM / distanceM(centre, border));
  expect(nextZone(zone, at(ZONE_MARGIN_M * 0.9))).toBe(zone);
  const other = nextZone(zone, at(ZONE_MARGIN_M * 1.1));
  expect(other).not.toBe(zone);
  expect(nextZone(other, at(-ZONE_MARGIN_M * 0.9))).toBe(other);
  expect(nextZone(other, at(-ZONE_MARGIN_M * 1.1))).toBe(zone);
});

test("[MOT17] the circle within a zone that is looked at first says what the cells say", () => {
  const anywhere = fc.record({
    lat: fc.double({ min: -75, max: 75, noNaN: true }),
    lng: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  fc.assert(
    fc.property(anywhere, fc.double({ min: 0, max: 1.2, noNaN: true }), fc.nat(5), (place, share, edge) => {
      const zone = zoneOf(place);
      const outline = cellOutline(zone);
      const centre = cellCentre(zone);
      const [a, b] = [outline[edge] ?? centre, outline[(edge + 1) % outline.length] ?? centre];
      const fix = between(centre, between(a, b, 0.5), share);
      // Without a margin the zone is where the fix is, as H3 says.
      fc.pre(share < 0.995 || share > 1.005);
      expect(nextZone(zone, fix, 0)).toBe(zoneOf(fix));
    }),
    { numRuns: 500 },
  );
});
