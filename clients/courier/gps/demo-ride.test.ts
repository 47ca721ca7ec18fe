import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Fix, Point } from "#shared/contracts/geo.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

import { makeDemoGeolocation } from "./demo-geolocation.ts";
import { makeDemoStreets } from "./demo-streets.ts";
import { makeDemoSwitch, mayDemoRide, needsDemoRide } from "./demo-switch.ts";
import { placeOnWay, straightWay, streetWay, type Way } from "./demo-way.ts";
import { locate } from "./locate.ts";
import { memoryStorage } from "../../common/testing/memory-storage.ts";

const A: Point = { lat: 0, lng: 0 };
const B: Point = { lat: 0, lng: 0.001 };
const C: Point = { lat: 0.001, lng: 0.001 };
/** Metres in a thousandth of a degree, on the sphere of `distanceM`. */
const LEG_M = distanceM(A, B);
const corner: Way = { line: [A, B, B, C], speedMps: LEG_M / 10 };

test.each([
  [-5, A, 90],
  [0, A, 90],
  [5, { lat: 0, lng: 0.0005 }, 90],
  [10, B, 0],
  [15, { lat: 0.0005, lng: 0.001 }, 0],
  [20.001, C, null],
  [9_000, C, null],
])("[DMO13] around a corner: after %d s", (elapsedS, point, headingDeg) => {
  const place = placeOnWay(corner, elapsedS);
  expect(distanceM(place.point, point)).toBeLessThan(0.1);
  expect(place.speedMps).toBe(headingDeg === null ? 0 : corner.speedMps);
  if (headingDeg === null) expect(place.headingDeg).toBeNull();
  else expect(place.headingDeg).toBeCloseTo(headingDeg, 1);
});

test("[DMO13] nobody rides faster than the way says, and everybody comes to its end", () => {
  const near = fc.record({
    lat: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
    lng: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
  });
  const seconds = fc.double({ min: 0, max: 5_000, noNaN: true });
  fc.assert(
    fc.property(near, near, fc.array(near, { maxLength: 6 }), seconds, seconds, (from, to, street, aS, bS) => {
      const way = streetWay(from, to, street, 600);
      const apartM = distanceM(placeOnWay(way, aS).point, placeOnWay(way, bS).point);
      expect(apartM).toBeLessThanOrEqual(Math.abs(aS - bS) * way.speedMps + 0.5);
      expect(distanceM(placeOnWay(way, 1e9).point, to)).toBeLessThan(0.01);
    }),
  );
});

test.each([
  ["sandbox", true],
  ["stripe", false],
] as const)("[DMO12] payments by %s: %s", (paymentsMode, may) => {
  expect(mayDemoRide({ paymentsMode })).toBe(may);
  expect(mayDemoRide(undefined)).toBe(false);
});

const map = { southWest: { lat: -35, lng: -57 }, northEast: { lat: -34, lng: -56 } };
test.each([
  ["denied", null, map, true],
  ["lost", { lat: -34.5, lng: -56.5 }, map, true],
  ["asking", null, map, false],
  ["on", { lat: -34.5, lng: -56.5 }, map, false],
  ["on", { lat: 52.5, lng: 13.4 }, map, true],
  ["on", { lat: -34.5, lng: -55.9 }, map, true],
  ["on", { lat: 52.5, lng: 13.4 }, null, false],
] as const)("[DMO12] suggested with a GPS that is %s at %o: %#", (gps, point, frame, needed) => {
  expect(needsDemoRide({ gps, point, map: frame })).toBe(needed);
});

test("[DMO12] the switch is kept over a reload", () => {
  const storage = memoryStorage();
  makeDemoSwitch(storage).turn(true);
  expect(makeDemoSwitch(storage).isOn()).toBe(true);
  makeDemoSwitch(storage).turn(false);
  expect(makeDemoSwitch(storage).isOn()).toBe(false);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function riding(storage: Storage, clockRate: number) {
  const fixes: Fix[] = [];
  const wayTo = vi.fn<(from: Point, to: Point) => Promise<Way>>(async (from: Point, to: Point) => ({
    line: [from, to],
    speedMps: LEG_M / 100,
  }));
  const beginning = vi.fn<() => Promise<Point>>(async () => A);
  const wallNowMs = () => Date.now();
  const demo = makeDemoGeolocation({ storage, beginning, wayTo, clockRate: () => clockRate, wallNowMs });
  const stop = locate(demo, { onFix: (fix) => fixes.push(fix), onState: () => undefined });
  return { demo, fixes, wayTo, beginning, stop };
}

test("[DMO14] it stands, rides by the deployment's clock when it is sent, and stands where it is called off", async () => {
  const { demo, fixes, wayTo, stop } = riding(memoryStorage(), 10);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(fixes).toHaveLength(4);
  expect(fixes.at(-1)).toMatchObject({ ...A, speedMps: 0, headingDeg: null, takenAtMs: Date.now() });
  demo.headFor(B);
  demo.headFor({ ...B });
  await vi.advanceTimersByTimeAsync(6_000);
  expect(wayTo).toHaveBeenCalledOnce();
  // Set out with the next reading: 5 s of the wall, 50 s of the deployment's clock, half of the way.
  expect(fixes.at(-1)?.lng).toBeCloseTo(0.0005, 6);
  expect(fixes.at(-1)?.speedMps).toBeCloseTo(LEG_M / 100, 6);
  expect(fixes.at(-1)?.headingDeg).toBeCloseTo(90, 3);
  demo.headFor(null);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(fixes.at(-1)?.lng).toBeCloseTo(0.0005, 6);
  const told = fixes.length;
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fixes).toHaveLength(told);
});

test("[DMO14] after a reload it goes on from where it was", async () => {
  const storage = memoryStorage();
  const before = riding(storage, 1);
  before.demo.headFor(B);
  await vi.advanceTimersByTimeAsync(40_000);
  before.stop();
  const after = riding(storage, 1);
  after.demo.headFor(B);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(after.beginning).not.toHaveBeenCalled();
  expect(after.fixes[0]?.lng).toBeCloseTo(before.fixes.at(-1)?.lng ?? 0, 6);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(after.fixes.at(-1)).toMatchObject({ ...B, speedMps: 0 });
});

const rider = { marketId: "m", vehicle: "bicycle" };

test("[DMO13] the way is the hub's, asked for signed in; a straight one when it tells none", async () => {
  const asked: Request[] = [];
  let answer: () => Response = () =>
    Response.json({
      routes: [
        {
          duration: 40,
          geometry: {
            coordinates: [
              [0, 0],
              [0.001, 0],
              [0.001, 0.001],
            ],
          },
        },
      ],
    });
  const streets = makeDemoStreets({
    // Cast: ways are not asked of the catalogue.
    api: {} as Parameters<typeof makeDemoStreets>[0]["api"],
    baseUrl: "http://hub",
    fetch: async (input, init) => {
      asked.push(new Request(input, init));
      return answer();
    },
    token: async () => "secret",
  });
  const way = await streets.way(rider, A, C);
  expect(way.line).toEqual([A, A, B, C, C]);
  expect(way.speedMps).toBeCloseTo((2 * LEG_M) / 40, 3);
  expect(asked[0]?.url).toBe(
    "http://hub/v1/markets/m/osrm/route/v1/bicycle/0.000000,0.000000;0.001000,0.001000?overview=full&geometries=geojson&annotations=false",
  );
  expect(asked[0]?.headers.get("authorization")).toBe("Bearer secret");
  for (const useless of [
    () => new Response("", { status: 400 }),
    () => Response.json({}),
    () => Response.json({ routes: [] }),
  ]) {
    answer = useless;
    expect(await streets.way(rider, A, C)).toEqual(straightWay(A, C));
  }
});
