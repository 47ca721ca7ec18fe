import fc from "fast-check";
import { expect, test } from "vitest";

import { atOnce } from "#shared/lib/work.ts";
import { gridCity } from "#shared/testing/grid-city.ts";
import { randomStreets } from "#shared/testing/random-streets.ts";

import { STREET_FLAG, VEHICLES, type City } from "../../city/city.ts";
import { distanceM } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { makeCityRouter } from "./city-router.ts";
import { decodePolyline, encodePolyline } from "./polyline.ts";
import { pieceLine } from "./shape.ts";
import { simplified } from "./simplify.ts";
import { modifierOf } from "./steps.ts";

const city = gridCity();
const at = (east: number, north: number): Point => {
  const [a, b] = [city.streets.nodeLngE7[0] ?? 0, city.streets.nodeLngE7[1] ?? 0];
  const [c, d] = [city.streets.nodeLatE7[0] ?? 0, city.streets.nodeLatE7[6] ?? 0];
  return { lng: (a + (b - a) * east) / 1e7, lat: (c + (d - c) * north) / 1e7 };
};

function directions(of: City, vehicle: (typeof VEHICLES)[number], points: readonly Point[]) {
  const router = makeCityRouter(of).by(vehicle);
  const via = points.flatMap((point) => router?.onStreets(point, 1).map((on) => ({ point, on })) ?? []);
  return router && atOnce(router.directions(via));
}

const told = (given: ReturnType<typeof directions>, of: City = city) =>
  given?.legs.flatMap(({ steps }) =>
    steps.map(({ maneuver, name }) => [maneuver.type, maneuver.modifier ?? "", of.names[name] ?? ""].join(" / ")),
  );

test("[RTR10] a way is told by its turns with the names of the streets, from depart to arrive", () => {
  // East on Calle 2 to the corner, then north on Avenida 4, to a door on its left.
  const given = directions(city, "foot", [at(3.4, 2), at(3.92, 4.5)]);
  expect(told(given)).toEqual(["depart /  / Calle 2", "turn / left / Avenida 4", "arrive / left / Avenida 4"]);
  const [step] = given?.legs[0]?.steps ?? [];
  expect(step).toMatchObject({ maneuver: { bearingBefore: 0, bearingAfter: 90 } });
  expect(step?.distanceM).toBeCloseTo(60, 0);
  expect(given?.legs[0]?.steps[1]).toMatchObject({ maneuver: { bearingBefore: 90, bearingAfter: 0 } });
});

test("[RTR10] a street that only changes its name is told as that, one that bends is not told, and a turn back is a uturn", () => {
  const names = [...city.names, "Calle Nueva"];
  const name = city.streets.name.map((each, segment) =>
    city.names[each] === "Calle 2" && (city.streets.from[segment] ?? 0) % 6 >= 3 ? names.length - 1 : each,
  );
  const renamed = { ...city, names, streets: { ...city.streets, name } };
  expect(told(directions(renamed, "foot", [at(1.5, 2), at(4.5, 2)]), renamed)).toEqual([
    "depart /  / Calle 2",
    "new name / straight / Calle Nueva",
    "arrive /  / Calle Nueva",
  ]);
  expect(modifierOf(-90)).toBe("left");
  expect([0, 30, 100, 150, 180, 200, 330].map(modifierOf)).toEqual([
    "straight",
    "slight right",
    "right",
    "sharp right",
    "uturn",
    "sharp left",
    "slight left",
  ]);
});

test("[RTR10] a roundabout is entered with the number of its exit, and left", () => {
  // The four blocks around (2, 2)–(3, 3) as a roundabout against the clock.
  const ring = new Map([
    [14, 15],
    [15, 21],
    [21, 20],
    [20, 14],
  ]);
  const { streets } = city;
  const isRing = (segment: number) => {
    const [from, to] = [streets.from[segment] ?? 0, streets.to[segment] ?? 0];
    return ring.get(from) === to || ring.get(to) === from;
  };
  const round = {
    ...city,
    streets: {
      ...streets,
      flags: streets.flags.map((flags, segment) => (isRing(segment) ? STREET_FLAG.roundabout : flags)),
      access: streets.access.map((access, segment) => {
        if (!isRing(segment)) return access;
        return ring.get(streets.from[segment] ?? 0) === streets.to[segment] ? 0b11_01_01_01 : 0b11_10_10_10;
      }),
    },
  };
  // In from the west on Calle 2, out to the north on Avenida 3: past the exits to the south and the east.
  const given = directions(round, "car", [at(1.6, 2), at(3, 3.4)]);
  const steps = given?.legs[0]?.steps.map(({ maneuver }) => [maneuver.type, maneuver.exit]);
  expect(steps).toEqual([
    ["depart", undefined],
    ["roundabout", 2],
    ["exit roundabout", undefined],
    ["arrive", undefined],
  ]);
});

test("[RTR11] steps add up to their leg and legs to the way; the line runs from place to place without a gap", () => {
  const place = fc.record({
    lat: fc.double({ min: -0.025, max: 0.025, noNaN: true }),
    lng: fc.double({ min: -0.025, max: 0.025, noNaN: true }),
  });
  fc.assert(
    fc.property(
      randomStreets,
      fc.constantFrom(...VEHICLES),
      fc.array(place, { minLength: 2, maxLength: 4 }),
      (streets, vehicle, points) => {
        const given = directions({ ...city, streets }, vehicle, points);
        if (!given) return;
        const add = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
        expect(add(given.legs.map((leg) => leg.durationS))).toBeCloseTo(given.durationS, 6);
        for (const { steps, durationS } of given.legs) {
          expect(Math.abs(add(steps.map((step) => step.durationS)) - durationS)).toBeLessThan(0.05);
          expect(steps[0]?.maneuver.type).toBe("depart");
          expect(steps.at(-1)?.maneuver.type).toBe("arrive");
          for (const [index, { line }] of steps.entries()) {
            const next = steps[index + 1]?.line[0];
            if (next) expect(distanceM(line.at(-1) ?? next, next)).toBeLessThan(0.5);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("[RTR12] an encoded line comes back to its digits, the published example encodes as published, and no line is no line", () => {
  const published = [
    { lat: 38.5, lng: -120.2 },
    { lat: 40.7, lng: -120.95 },
    { lat: 43.252, lng: -126.453 },
  ];
  expect(encodePolyline(published, 5)).toBe("_p~iF~ps|U_ulLnnqC_mqNvxq`@");
  const degrees = (max: number) => fc.integer({ min: -max * 1e6, max: max * 1e6 }).map((each) => each / 1e6);
  fc.assert(
    fc.property(fc.array(fc.record({ lat: degrees(90), lng: degrees(180) })), (points) => {
      expect(decodePolyline(encodePolyline(points, 6), 6)).toEqual(
        points.map(({ lat, lng }) => ({ lat: lat + 0, lng: lng + 0 })),
      );
    }),
  );
  expect(decodePolyline("_p~iF", 5)).toBeUndefined();
  expect(decodePolyline("\u0001", 5)).toBeUndefined();
});

test("[RTR12] a simplified line keeps its ends and leaves out nothing that is further away than it may", () => {
  const line = pieceLine(city.streets, { edge: 0, from: 0, to: 1 });
  const bent = [...line, at(1, 0.3), at(1, 0.6), at(1, 1)];
  expect(atOnce(simplified(bent, 2))).toEqual([line[0], line[1], at(1, 1)]);
  expect(atOnce(simplified([at(0, 0)], 2))).toEqual([at(0, 0)]);
});
