import fc from "fast-check";
import { expect, test } from "vitest";

import {
  cellCentre,
  cellOf,
  cellOutline,
  cellResolution,
  cellsWithin,
  forRing,
  placeInGrid,
  ringOf,
  ZONE_RES,
  zoneOf,
  type GridPlace,
} from "./cells.ts";
import { distanceM } from "./distance.ts";

const offset = fc.double({ min: -0.25, max: 0.25, noNaN: true });
const inOneCity = fc
  .tuple(
    fc.double({ min: -65, max: 65, noNaN: true }),
    fc.double({ min: -179, max: 179, noNaN: true }),
    fc.tuple(fc.tuple(offset, offset), fc.tuple(offset, offset), fc.tuple(offset, offset)),
  )
  .map(([lat, lng, [a, b, c]]) => [a, b, c].map(([dLat, dLng]) => ({ lat: lat + dLat, lng: lng + dLng })));

test("[TRK5] within a city, distanceM is a metric", () => {
  fc.assert(
    fc.property(inOneCity, ([a, b, c]) => {
      if (!a || !b || !c) throw new Error("three points");
      expect(distanceM(a, a)).toBe(0);
      expect(distanceM(a, b)).toBeCloseTo(distanceM(b, a), 6);
      expect(distanceM(a, c)).toBeLessThanOrEqual(distanceM(a, b) + distanceM(b, c) + 1e-6);
    }),
  );
});

test("[TRK5] a degree of latitude is 111,195 m on the mean sphere", () => {
  expect(distanceM({ lat: 0, lng: 0 }, { lat: 1, lng: 0 })).toBeCloseTo(111_195.08, 2);
});

test("[DSP14] a point lies in its cell, whose centre and corners are near", () => {
  fc.assert(
    fc.property(inOneCity, ([point]) => {
      if (!point) throw new Error("a point");
      const zone = zoneOf(point);
      expect(cellResolution(zone)).toBe(ZONE_RES);
      expect(cellOf(cellCentre(zone), ZONE_RES)).toBe(zone);
      expect(distanceM(point, cellCentre(zone))).toBeLessThan(2_000);
      for (const corner of cellOutline(zone)) expect(distanceM(corner, cellCentre(zone))).toBeLessThan(2_000);
    }),
  );
});

test("[DSP14] the places of a ring in the flat grid are those of its cells, each once", () => {
  const centre = zoneOf({ lat: -34.9, lng: -56.18 });
  const origin = placeInGrid(centre, centre) ?? { i: NaN, j: NaN };
  for (const k of [0, 1, 2, 5]) {
    const places: GridPlace[] = [];
    forRing(k, (i, j) => places.push({ i: origin.i + i, j: origin.j + j }));
    const byText = (each: readonly (GridPlace | undefined)[]) => each.map((at) => `${at?.i} ${at?.j}`).toSorted();
    expect(byText(places)).toEqual(byText(ringOf(centre, k).map((cell) => placeInGrid(centre, cell))));
  }
});

test("[DSP14] rings are disjoint and together the disk, at a pentagon too", () => {
  const pentagon = "870800000ffffff";
  for (const cell of [zoneOf({ lat: -34.9, lng: -56.18 }), pentagon]) {
    const rings = [0, 1, 2, 3].flatMap((k) => ringOf(cell, k));
    expect(new Set(rings).size).toBe(rings.length);
    expect(rings.toSorted()).toEqual(cellsWithin(cell, 3).toSorted());
  }
});
