import { expect, test } from "vitest";

import { seededRng, type Rng } from "#shared/lib/rng.ts";
import { atOnce } from "#shared/lib/work.ts";
import { gridCity } from "#shared/testing/grid-city.ts";

import { distanceM } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { segmentOf } from "./arcs.ts";
import { makeCityRouter } from "./city-router.ts";
import { endOfTrace, matchTrace as matching, type TraceFix } from "./match.ts";
import { between, pieceLine } from "./shape.ts";
import type { OnStreet } from "./street-index.ts";

const city = gridCity({ size: 12 });
const { meta } = city;

const matchTrace = (...given: Parameters<typeof matching>) => atOnce(matching(...given));

function router() {
  const made = makeCityRouter(city).by("motorbike");
  if (!made) throw new Error("the grid has streets");
  return made;
}

/** A normal error by Box and Muller's method, metres. */
function blurred(point: Point, errorM: number, rng: Rng): Point {
  const radiusM = errorM * Math.sqrt(-2 * Math.log(1 - rng()));
  const angle = 2 * Math.PI * rng();
  const metresEast = 111_195 * Math.cos((point.lat * Math.PI) / 180);
  return {
    lat: point.lat + (radiusM * Math.sin(angle)) / 111_195,
    lng: point.lng + (radiusM * Math.cos(angle)) / metresEast,
  };
}

/** A point each `stepM` metres of a line. */
function sampled(line: readonly Point[], stepM: number): Point[] {
  const points: Point[] = [];
  let atM = 0;
  for (const [index, to] of line.entries()) {
    const from = line[index - 1] ?? to;
    const longM = distanceM(from, to);
    for (; atM < longM; atM += stepM) points.push(between(from, to, atM / longM));
    atM -= longM;
  }
  return points;
}

/** The segments of which the way over these places covers a third or more. */
function segmentsOver(made: ReturnType<typeof router>, places: readonly OnStreet[]): Set<number> {
  const shares = new Map<number, number>();
  for (const [index, to] of places.entries()) {
    for (const piece of made.way(places[index - 1] ?? to, to).pieces) {
      const segment = segmentOf(piece.edge);
      shares.set(segment, (shares.get(segment) ?? 0) + piece.to - piece.from);
    }
  }
  return new Set([...shares].filter(([, share]) => share > 1 / 3).map(([segment]) => segment));
}

/** A ride between two far corners with a fix each 30 m, and the segments that it went over. */
function ride(rng: Rng, errorM: number) {
  const made = router();
  const corner = () => ({
    lat: meta.southWest.lat + (meta.northEast.lat - meta.southWest.lat) * (0.2 + 0.6 * rng()),
    lng: meta.southWest.lng + (meta.northEast.lng - meta.southWest.lng) * (0.2 + 0.6 * rng()),
  });
  const via = [corner(), corner(), corner()].map((point) => ({ point, on: made.onStreets(point, 1)[0] }));
  const ends = via.flatMap(({ point, on }) => (on ? [{ point, on }] : []));
  const ridden = segmentsOver(
    made,
    ends.map(({ on }) => on),
  );
  const points = sampled(atOnce(made.directions(ends)).line, 30);
  const fixes = points.map((point, index): TraceFix => ({
    point: blurred(point, errorM, rng),
    accuracyM: errorM,
    atS: index * 4,
  }));
  return { made, ridden, fixes, points };
}

/** The segments of a matched trace. */
function matched(made: ReturnType<typeof router>, fixes: readonly TraceFix[]): Set<number> {
  return new Set(
    matchTrace(made, fixes).flatMap(({ places }) => [
      ...segmentsOver(
        made,
        places.map(({ on }) => on),
      ),
    ]),
  );
}

test("[RTR13] of routes with noise of 8 m at least 95 % of the segments are found, and hardly one that was not ridden", () => {
  const rng = seededRng(20_251_125);
  let [ridden, found, wrong] = [0, 0, 0];
  for (let index = 0; index < 20; index++) {
    const trip = ride(rng, 8);
    const segments = matched(trip.made, trip.fixes);
    ridden += trip.ridden.size;
    found += [...trip.ridden].filter((segment) => segments.has(segment)).length;
    wrong += [...segments].filter((segment) => !trip.ridden.has(segment)).length;
  }
  expect(ridden).toBeGreaterThan(150);
  expect(found / ridden).toBeGreaterThanOrEqual(0.95);
  expect(wrong / ridden).toBeLessThan(0.05);
});

test("[RTR14] a minute without a fix splits the trace, and a fix far from every street is left out", () => {
  const { made, fixes } = ride(seededRng(7), 3);
  const half = Math.floor(fixes.length / 2);
  const late = fixes.map((fix, index) => (index < half ? fix : { ...fix, atS: (fix.atS ?? 0) + 100 }));
  const parts = matchTrace(made, late);
  expect(parts.map(({ places }) => places.length)).toEqual([half, fixes.length - half]);
  const strayed = fixes.with(half, {
    point: { lat: meta.southWest.lat - 0.01, lng: meta.southWest.lng },
    accuracyM: 3,
  });
  const places = matchTrace(made, strayed).flatMap((each) => each.places.map(({ fix }) => fix));
  expect(places).not.toContain(half);
  expect(places).toHaveLength(fixes.length - 1);
});

test("[RTR14] two traces that no likely way joins are two, one fix is none, and confidence falls with the noise", () => {
  const clean = ride(seededRng(3), 1);
  const noisy = ride(seededRng(3), 15);
  const sure = matchTrace(clean.made, clean.fixes).map(({ confidence }) => confidence);
  const unsure = matchTrace(
    noisy.made,
    noisy.fixes.map((fix) => ({ ...fix, accuracyM: 8 })),
  ).map(({ confidence }) => confidence);
  expect(Math.min(...sure)).toBeGreaterThan(Math.max(...unsure));
  expect(Math.max(...sure)).toBeLessThanOrEqual(1);
  expect(matchTrace(clean.made, clean.fixes.slice(0, 1))).toEqual([]);
});

test("[RTR13] who stands on a one-way street stays there: the way is not round the block", () => {
  const made = router();
  // The first block of "Calle 1" is one-way to the east.
  const block = city.streets.access.findIndex((each) => each !== 255);
  const line = pieceLine(city.streets, { edge: 2 * block, from: 0, to: 1 });
  const [from, to] = [line[0], line.at(-1)];
  if (!from || !to) throw new Error("the grid has a one-way street");
  const fixes = [0.2, 0.4, 0.52, 0.48, 0.44, 0.4, 0.6, 0.8].map((share, index): TraceFix => ({
    point: between(from, to, share),
    accuracyM: 5,
    atS: 5 * index,
  }));
  const [only, ...more] = matchTrace(made, fixes);
  expect(more).toEqual([]);
  const via = only?.places.map(({ on }) => ({ point: on.point, on })) ?? [];
  expect(via).toHaveLength(fixes.length);
  expect(atOnce(made.directions(via)).distanceM).toBeCloseTo(60, 0);
});

test("[ETA44] where a noisy trace ended is nearer the truth by all of its fixes than by the last, and so is the way from there", () => {
  const rng = seededRng(44);
  const off = { raw: 0, matched: 0, rawS: 0, matchedS: 0 };
  let ends = 0;
  for (let index = 0; index < 30; index++) {
    const { made, fixes, points } = ride(rng, 15);
    const to = points.at(-1);
    for (let last = 12; last < fixes.length - 6; last += 5) {
      const trace = fixes.slice(last - 11, last + 1);
      const [truth, raw, found] = [points[last], trace.at(-1)?.point, endOfTrace(made, trace)];
      if (!truth || !raw || !to || !found) continue;
      const wayS = (from: Point) => made.leg(from, to).durationS;
      ends += 1;
      off.raw += distanceM(raw, truth);
      off.matched += distanceM(found, truth);
      off.rawS += Math.abs(wayS(raw) - wayS(truth));
      off.matchedS += Math.abs(wayS(found) - wayS(truth));
    }
  }
  expect(ends).toBeGreaterThan(100);
  expect(off.matched / off.raw).toBeLessThan(0.9);
  expect(off.matchedS / off.rawS).toBeLessThan(0.95);
});

test("[ETA44] far from every street, and of one fix alone, nothing is said", () => {
  const { made, fixes } = ride(seededRng(4), 5);
  const far = { point: { lat: meta.northEast.lat + 1, lng: meta.northEast.lng }, accuracyM: 5, atS: 1_000 };
  expect(endOfTrace(made, [...fixes.slice(0, 8), far])).toBeUndefined();
  expect(endOfTrace(made, fixes.slice(0, 1))).toBeUndefined();
  expect(endOfTrace(made, [])).toBeUndefined();
});
