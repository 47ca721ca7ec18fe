import fc from "fast-check";
import { expect, test } from "vitest";

import { seededRng } from "../../lib/rng.ts";
import { permutations } from "../../testing/permutations.ts";
import { cellOf, cellsWithin } from "../geo/cells.ts";
import { distanceM } from "../geo/distance.ts";
import { planeProjection, planeRouter } from "../router/plane-router.ts";
import { ringSearch } from "./candidates.ts";
import { travelOf } from "./kitchens.ts";
import { DEFAULT_SETTINGS, type CarriedDelivery, type TripNumbers } from "./round.ts";
import { bestSequence, tripNumbers } from "./trip.ts";

const MINUTE_MS = 60_000;
const projection = planeProjection({ lat: -34.9, lng: -56.18 });
const metres = fc.integer({ min: -8_000, max: 8_000 });
const point = fc.tuple(metres, metres).map(([xM, yM]) => projection.toPoint({ xM, yM }));
const at = (xM: number, yM = 0) => projection.toPoint({ xM, yM });
const pickup = at(0);
const travel = travelOf(planeRouter({ metersPerMinute: 300, projection }));

test.for([0, 700])("[DSP6] the order of drops is the cheapest of all but for lateness, which weighs %d", (late) => {
  const delivery: fc.Arbitrary<CarriedDelivery> = fc.record({
    id: fc.uuid(),
    drop: point,
    placedAtMs: fc.integer({ min: -40, max: 0 }).map((min) => min * MINUTE_MS),
    readyAtMs: fc.integer({ min: -20, max: 30 }).map((min) => min * MINUTE_MS),
    priority: fc.nat(2),
  });
  const settings = {
    ...DEFAULT_SETTINGS,
    weights: { delay: 1000, waited: 40, late, travel: 50, idle: 20, bound: 0 },
    nowMs: 0,
  };
  const punctual = ({ cost, lateMs }: TripNumbers) => cost - late * lateMs;
  const start = { leaveAtMs: 0, arriveAtMs: 7 * MINUTE_MS, travelMs: 5 * MINUTE_MS, idleFromMs: 0 };
  fc.assert(
    fc.property(fc.array(delivery, { minLength: 1, maxLength: 4 }), (deliveries) => {
      const { drops, numbers } = bestSequence(start, pickup, deliveries, travel, settings);
      const costs = permutations(deliveries).map((order) =>
        punctual(tripNumbers(start, pickup, order, travel, settings)),
      );
      expect(punctual(numbers)).toBe(Math.min(...costs));
      expect(numbers).toEqual(tripNumbers(start, pickup, drops, travel, settings));
      expect(new Set(drops)).toEqual(new Set(deliveries));
      expect(numbers.delayMs).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("[DSP49] where couriers stand close together enough are found, the nearest, and not many times as many", () => {
  const random = seededRng(7);
  const places = Array.from({ length: 6_000 }, () => at((random() - 0.5) * 6_000, (random() - 0.5) * 6_000));
  const enough = 48;
  const around = ringSearch(places, { res: 8, enough, maxRings: 64 });
  const coarse = places.filter((place) => cellOf(place, 8) === cellOf(pickup, 8)).length;
  expect(coarse).toBeGreaterThan(2 * enough);
  for (const centre of [pickup, at(1_500, 900), at(-2_000, 2_000)]) {
    const found = around(centre);
    expect(found.length).toBeGreaterThanOrEqual(enough);
    expect(found.length).toBeLessThan(4 * enough);
    const awayOf = (index: number) => distanceM(places[index] ?? centre, centre);
    const furthestM = Math.max(...found.map(awayOf));
    const nearest = places.map((_, index) => index).toSorted((a, b) => awayOf(a) - awayOf(b));
    // Rings are no circles: all of the nearer half of what was found, and nobody twice as far as need be.
    expect(nearest.slice(0, enough / 2).every((index) => found.includes(index))).toBe(true);
    expect(furthestM).toBeLessThan(2 * awayOf(nearest[enough] ?? 0) + 200);
  }
  expect(
    ringSearch(
      Array.from({ length: 500 }, () => pickup),
      { res: 8, enough, maxRings: 64 },
    )(pickup),
  ).toHaveLength(500);
});

test("[DSP5] candidates are those of the fewest whole rings that hold enough", () => {
  fc.assert(
    fc.property(
      fc.array(point, { maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(6),
      (places, enough, maxRings) => {
        const res = 8;
        fc.pre(places.length <= 4 * new Set(places.map((place) => cellOf(place, res))).size);
        const found = ringSearch(places, { res, enough, maxRings })(pickup);
        const within = (k: number) => {
          const disk = new Set(cellsWithin(cellOf(pickup, res), k));
          return places.flatMap((place, index) => (disk.has(cellOf(place, res)) ? [index] : []));
        };
        const disks = Array.from({ length: maxRings + 1 }, (_, k) => within(k));
        expect(found).toEqual(disks.find((disk) => disk.length >= Math.min(enough, places.length)) ?? disks.at(-1));
      },
    ),
  );
});
