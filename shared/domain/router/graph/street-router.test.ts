import fc from "fast-check";
import { expect, test } from "vitest";

import { gridCity } from "#shared/testing/grid-city.ts";
import { randomStreets } from "#shared/testing/random-streets.ts";

import { mayRide, VEHICLES, type City, type StreetNetwork, type Vehicle } from "../../city/city.ts";
import { distanceM } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { isForward, segmentOf } from "./arcs.ts";
import { dmOf, msOf, shareOf } from "./cost.ts";
import { hierarchyOf } from "./hierarchy.ts";
import { plainDijkstra } from "./plain-dijkstra.ts";
import { joined, pieceLine } from "./shape.ts";
import { segmentCosts } from "./speeds.ts";
import { makeStreetIndex, type OnStreet } from "./street-index.ts";
import { makeStreetRouter, type StreetRouter } from "./street-router.ts";

const vehicle = fc.constantFrom(...VEHICLES);
const place: fc.Arbitrary<Point> = fc.record({
  lat: fc.double({ min: -0.025, max: 0.025, noNaN: true }),
  lng: fc.double({ min: -0.025, max: 0.025, noNaN: true }),
});

function cityOf(streets: StreetNetwork): City {
  return { ...gridCity(), streets };
}

function routerOf(streets: StreetNetwork, rider: Vehicle): StreetRouter | undefined {
  return makeStreetRouter(cityOf(streets), rider, makeStreetIndex(streets));
}

/** The same ways by plain Dijkstra, from the places on streets that the router itself finds. */
function plainLegs(streets: StreetNetwork, rider: Vehicle) {
  const costs = segmentCosts(streets, rider);
  const dijkstra = plainDijkstra(streets, rider);
  const ends = ({ segment, share }: OnStreet) => {
    const fromStart = shareOf(costs[segment] ?? 0, share);
    return {
      nodes: [streets.from[segment] ?? 0, streets.to[segment] ?? 0] as const,
      fromStart,
      toEnd: (costs[segment] ?? 0) - fromStart,
      along: mayRide(streets, segment, rider, true),
      against: mayRide(streets, segment, rider, false),
    };
  };
  return (a: OnStreet, b: OnStreet): number => {
    const [from, to] = [ends(a), ends(b)];
    const best = dijkstra(from.nodes, [from.against ? from.fromStart : Infinity, from.along ? from.toEnd : Infinity]);
    let cost = Math.min(
      to.along ? (best[to.nodes[0]] ?? Infinity) + to.fromStart : Infinity,
      to.against ? (best[to.nodes[1]] ?? Infinity) + to.toEnd : Infinity,
    );
    if (a.segment !== b.segment) return cost;
    if (from.along && to.fromStart >= from.fromStart) cost = Math.min(cost, to.fromStart - from.fromStart);
    if (from.against && to.fromStart <= from.fromStart) cost = Math.min(cost, from.fromStart - to.fromStart);
    return to.fromStart === from.fromStart ? 0 : cost;
  };
}

function expectExact(streets: StreetNetwork, rider: Vehicle, points: readonly Point[]): void {
  const router = routerOf(streets, rider);
  if (!router) return;
  const plain = plainLegs(streets, rider);
  const on = points.map((each) => router.onStreets(each, 1)[0]);
  const { durationsS, distancesM } = router.table(points, points);
  for (const [i, from] of points.entries()) {
    for (const [j, to] of points.entries()) {
      const [a, b] = [on[i], on[j]];
      if (!a || !b) throw new Error("a router without streets");
      const cost = plain(a, b);
      const leg = { durationS: msOf(cost) / 1000, distanceM: dmOf(cost) / 10 };
      expect(router.leg(from, to)).toEqual(leg);
      expect({ durationS: durationsS[i]?.[j], distanceM: distancesM[i]?.[j] }).toEqual(leg);
      expect(router.way(a, b)).toMatchObject(leg);
    }
  }
}

test("[RTR6] legs, tables and ways between any points are those of plain Dijkstra from the same places on streets", () => {
  fc.assert(fc.property(randomStreets, vehicle, fc.array(place, { minLength: 2, maxLength: 5 }), expectExact), {
    numRuns: 100,
  });
});

test("[RTR7] a way's pieces hang together, may be ridden, and cost what the way costs", () => {
  fc.assert(
    fc.property(randomStreets, vehicle, place, place, (streets, rider, from, to) => {
      const router = routerOf(streets, rider);
      const [a, b] = [from, to].map((each) => router?.onStreets(each, 1)[0]);
      if (!router || !a || !b) return;
      const { pieces, durationS } = router.way(a, b);
      const costs = segmentCosts(streets, rider);
      let ms = 0;
      for (const [index, { edge, from: begin, to: end }] of pieces.entries()) {
        const segment = segmentOf(edge);
        if (begin !== end) expect(mayRide(streets, segment, rider, isForward(edge))).toBe(true);
        expect(begin).toBeLessThanOrEqual(end);
        ms += msOf(costs[segment] ?? 0) * (end - begin);
        const next = pieces[index + 1];
        const head = isForward(edge) ? streets.to[segment] : streets.from[segment];
        const tail = next && (isForward(next.edge) ? streets.from : streets.to)[segmentOf(next.edge)];
        if (next) expect([tail, end, next.from]).toEqual([head, 1, 0]);
      }
      expect(Math.abs(ms - durationS * 1000)).toBeLessThanOrEqual(2);
      const line = joined(pieces.map((piece) => pieceLine(streets, piece)));
      if (durationS > 0) expect(distanceM(line[0] ?? from, a.point)).toBeLessThan(0.5);
      expect(distanceM(line.at(-1) ?? to, b.point)).toBeLessThan(0.5);
    }),
    { numRuns: 100 },
  );
});

test("[RTR8] a point meets the nearest street that its vehicle may ride in the main part", () => {
  fc.assert(
    fc.property(randomStreets, vehicle, place, (streets, rider, point) => {
      const router = routerOf(streets, rider);
      if (!router) return;
      const { main } = hierarchyOf(streets, rider, undefined);
      const segments = [...streets.from.keys()].filter(
        (segment) =>
          main[streets.from[segment] ?? 0] === 1 &&
          main[streets.to[segment] ?? 0] === 1 &&
          (mayRide(streets, segment, rider, true) || mayRide(streets, segment, rider, false)),
      );
      const found = router.onStreets(point, segments.length + 1);
      expect(found.map(({ segment }) => segment).toSorted((a, b) => a - b)).toEqual(segments);
      const sampled = segments.flatMap((segment) => {
        const whole = { edge: 2 * segment, from: 0, to: 1 };
        return [0, 0.1, 0.3, 0.5, 0.8, 1].map((share) =>
          distanceM(point, pieceLine(streets, { ...whole, to: share }).at(-1) ?? point),
        );
      });
      // The plane of the index is off by a little at a town's size.
      expect(router.nearest(point).distanceM).toBeLessThanOrEqual(Math.min(...sampled) * 1.001 + 0.01);
    }),
    { numRuns: 100 },
  );
});

test("[RTR9] on a one-way street what lies behind is reached round the block, and a step ahead is a step", () => {
  const { streets } = gridCity();
  const city = gridCity();
  const car = routerOf(streets, "car");
  const foot = routerOf(streets, "foot");
  const block = streets.access.findIndex((each) => each !== 255);
  const [ahead, behind] = [0.7, 0.3].map((share) => pieceLine(streets, { edge: 2 * block, from: 0, to: share }).at(-1));
  if (!car || !foot || !ahead || !behind) throw new Error("the grid has a one-way street");
  expect(city.names[streets.name[block] ?? 0]).toBe("Calle 1");
  expect(car.leg(behind, ahead).distanceM).toBeCloseTo(40, 0);
  expect(car.leg(ahead, behind).distanceM).toBeCloseTo(360, 0);
  expect(foot.leg(ahead, behind).distanceM).toBeCloseTo(40, 0);
  expect(car.leg(ahead, ahead)).toEqual({ durationS: 0, distanceM: 0 });
});
