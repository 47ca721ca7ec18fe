import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { distanceM } from "#shared/domain/geo/distance.ts";
import { gridCity } from "#shared/testing/grid-city.ts";

import { coveredOn, destinationOf, endOf, placeOn } from "../../actors/ride.ts";
import { decisionsOf, logNormal, weighted } from "./chance.ts";
import { answerTo, courierNature, doorsOf, followsTo, roamOf, shiftAt } from "./courier.ts";
import { arrivals, chooseRestaurant, demandAt } from "./demand.ts";
import { cook, isTooMuch, kitchenNature } from "./kitchen.ts";
import { localTimeIn } from "./local-time.ts";
import { CITY_PACE } from "./pace.ts";
import { BUSY_REASON, COURIER } from "./parameters.ts";
import { phoneOf } from "./phone.ts";
import { trueSpeedKmh } from "./speeds.ts";
import { streetWays } from "./street-ways.ts";
import { riddenWay, STRAIGHT_WAYS } from "./ways.ts";
import { weatherOf } from "./weather.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A Friday, 20:00 UTC. */
const FRIDAY_EVENING_MS = Date.UTC(2026, 9, 30, 20);
const utc = localTimeIn("UTC");
const decide = decisionsOf(7);
const seeds = fc.nat(1_000_000);

describe("chance", () => {
  test("[TWN1] a decision is the same whatever was decided before, and others are others", () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.string(), fc.nat(1_000), (seed, who, what, ordinal) => {
        const [first, second] = [decisionsOf(seed), decisionsOf(seed)];
        for (let other = 0; other < 5; other += 1) second("somebody", "else", other)();
        const drawn = first(who, what, ordinal);
        const again = second(who, what, ordinal);
        expect([drawn(), drawn(), drawn()]).toEqual([again(), again(), again()]);
      }),
    );
    const firsts = Array.from({ length: 2_000 }, (_, index) => decide("courier-1", "answer", index)());
    expect(new Set(firsts).size).toBeGreaterThan(1_990);
    const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length;
    expect(mean).toBeGreaterThan(0.47);
    expect(mean).toBeLessThan(0.53);
  });

  test("[TWN1] a weighted choice never takes what has no weight", () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.nat(5), { maxLength: 8 }), (seed, weights) => {
        const items = weights.map((weight, index) => ({ weight, index }));
        const chosen = weighted(decisionsOf(seed)("a", "b"), items, (each) => each.weight);
        expect((chosen?.weight ?? 1) > 0).toBe(true);
        expect(chosen === undefined).toBe(weights.every((weight) => weight === 0));
      }),
    );
    const values = Array.from({ length: 999 }, (_, at) => logNormal(decide("x", "median", at), 40, 0.5));
    const median = values.toSorted((a, b) => a - b)[499] ?? 0;
    expect(Math.abs(median - 40)).toBeLessThan(3);
  });
});

describe("demand and weather", () => {
  test("[TWN2] a span holds the orders that were asked for, in their order, more at the peak than at night", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 10, max: 180 }),
        (seed, perHour, minutes) => {
          const own = decisionsOf(seed);
          const untilMs = FRIDAY_EVENING_MS + minutes * MINUTE_MS;
          const span = {
            fromMs: FRIDAY_EVENING_MS,
            untilMs,
            perHour,
            decide: own,
            local: utc,
            weather: weatherOf(own),
          };
          const found = [...arrivals(span)];
          expect(Math.abs(found.length - (perHour * minutes) / 60)).toBeLessThanOrEqual(1);
          expect(found.map((each) => each.ordinal)).toEqual(found.map((_, index) => index));
          const times = found.map((each) => each.atMs);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect(times.every((atMs) => atMs >= FRIDAY_EVENING_MS && atMs < untilMs)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
    const at = (hour: number, weekday: number) => demandAt({ weekday, minute: hour * 60 }, 0);
    expect(at(20, 5)).toBeGreaterThan(at(15, 5));
    expect(at(15, 5)).toBeGreaterThan(at(4, 5));
    expect(at(20, 5)).toBeGreaterThan(at(20, 1));
    expect(demandAt({ weekday: 5, minute: 1_200 }, 1)).toBeGreaterThan(at(20, 5));
  });

  test("[TWN2] without an end the usual number comes in a week", () => {
    const endless = arrivals({ fromMs: FRIDAY_EVENING_MS, perHour: 10, decide, local: utc, weather: () => 0 });
    const WEEK_MS = 7 * 24 * HOUR_MS;
    let count = 0;
    for (const { atMs } of endless) {
      if (atMs >= FRIDAY_EVENING_MS + WEEK_MS) break;
      count += 1;
    }
    expect(count / (24 * 7)).toBeGreaterThan(8);
    expect(count / (24 * 7)).toBeLessThan(14);
  });

  test("[TWN2] near and liked restaurants are chosen more often; the order of the answer does not matter", () => {
    const near = { lat: -34.9, lng: -56.18 };
    const place = (name: string, cuisine: string, eastM: number) => ({
      id: name,
      name,
      cuisine,
      point: { lat: near.lat, lng: near.lng + eastM / 91_000 },
    });
    const all = [place("a", "pizza", 300), place("b", "pizza", 4_000), place("c", "coffee_shop", 300)];
    const local = { weekday: 5, minute: 21 * 60 };
    const counts: Record<string, number> = {};
    for (let ordinal = 0; ordinal < 600; ordinal += 1) {
      const seen = { ordinal, near, local, reach: 1 };
      const chosen = chooseRestaurant(decide, seen, all);
      expect(chooseRestaurant(decide, seen, all.toReversed())).toBe(chosen);
      counts[chosen?.name ?? ""] = (counts[chosen?.name ?? ""] ?? 0) + 1;
    }
    expect(counts["a"]).toBeGreaterThan((counts["b"] ?? 0) + (counts["c"] ?? 0));
    expect(counts[""]).toBeUndefined();
  });

  test("[TWN3] it rains now and then, never harder than it can, and the same whenever it is asked", () => {
    const [weather, again] = [weatherOf(decide), weatherOf(decide)];
    const times = Array.from({ length: 30 * 24 * 4 }, (_, index) => FRIDAY_EVENING_MS + index * 15 * MINUTE_MS);
    const rain = times.map(weather);
    expect(times.toReversed().map(again).toReversed()).toEqual(rain);
    expect(rain.every((each) => each >= 0 && each <= 1)).toBe(true);
    const wet = rain.filter((each) => each > 0).length / rain.length;
    expect(wet).toBeGreaterThan(0.01);
    expect(wet).toBeLessThan(0.3);
  });
});

describe("kitchens", () => {
  const nowMs = FRIDAY_EVENING_MS;
  const nature = kitchenNature(decide, "kitchen-1", "pizza");
  const many = (change: { dishes?: number; others?: number }) =>
    Array.from({ length: 300 }, (_, index) =>
      cook(decide, nature, { order: `order-${index}`, dishes: 1, others: 0, nowMs, ...change }, CITY_PACE),
    );
  const meanMin = (all: ReturnType<typeof many>) =>
    all.reduce((sum, each) => sum + (each.cookedAtMs - each.startAtMs), 0) / all.length / MINUTE_MS;

  test("[TWN4] more dishes and more orders take longer, and the kitchen says so", () => {
    expect(meanMin(many({ dishes: 5 }))).toBeGreaterThan(meanMin(many({})));
    expect(meanMin(many({ others: 30 }))).toBeGreaterThan(1.3 * meanMin(many({})));
    expect(many({ others: 30 })[0]?.saidMinutes).toBeGreaterThan(many({})[0]?.saidMinutes ?? Infinity);
  });

  test("[TWN4] nothing is said before it is true, some is said late, few are refused and for a reason", () => {
    const usual = many({});
    expect(usual.every((each) => each.saidReadyAtMs >= each.cookedAtMs && each.cookedAtMs > each.startAtMs)).toBe(true);
    const forgotten = usual.filter((each) => each.saidReadyAtMs - each.cookedAtMs > MINUTE_MS).length / usual.length;
    expect(Math.abs(forgotten - nature.forgets)).toBeLessThan(0.08);
    const refused = (all: ReturnType<typeof many>) => all.filter((each) => each.rejectReason !== undefined);
    expect(refused(usual).length).toBeLessThan(15);
    expect(refused(many({ others: 40 })).map((each) => each.rejectReason)).toContain(BUSY_REASON);
  });

  test("[TWN4] a kitchen that pauses takes orders again only when there is room", () => {
    fc.assert(
      fc.property(fc.nat(60), (cooking) => {
        // Whatever stops an open house keeps a paused one stopped.
        if (isTooMuch(nature, cooking, false)) expect(isTooMuch(nature, cooking, true)).toBe(true);
      }),
    );
    expect(isTooMuch(nature, 0, true)).toBe(false);
    expect(isTooMuch(nature, 100, false)).toBe(true);
  });
});

describe("couriers", () => {
  test("[TWN5] far and badly paid offers are declined more often, for that reason", () => {
    const nature = { ...courierNature(decide, "courier-1", "bicycle"), mood: 1 };
    const share = (wayM: number, paid: number, reason: string) => {
      const answers = Array.from({ length: 800 }, (_, ordinal) =>
        answerTo(decide, nature, { ordinal, distanceM: wayM, paid, rain: 0 }, CITY_PACE),
      );
      expect(answers.every((each) => each.afterMs > 0 && each.afterMs <= 20_000)).toBe(true);
      return answers.filter((each) => each.decline === reason).length / answers.length;
    };
    expect(share(1_000, 1, "Not now")).toBeLessThan(0.07);
    expect(share(1_000, 1, "Too far")).toBe(0);
    expect(share(9_000, 1, "Too far")).toBeGreaterThan(0.15);
    expect(share(1_000, 0.2, "Paid too little")).toBeGreaterThan(0.08);
  });

  test("[TWN5] shifts follow each other with short pauses, and most couriers are at work at any time", () => {
    fc.assert(
      fc.property(seeds, fc.nat(10_000), (seed, minutes) => {
        const own = decisionsOf(seed);
        const atMs = FRIDAY_EVENING_MS + minutes * MINUTE_MS;
        const shift = shiftAt(own, "courier-1", atMs);
        expect(shift.endMs).toBeGreaterThan(atMs);
        expect(shift.startMs - atMs).toBeLessThan(COURIER.pauseMin[1] * MINUTE_MS);
        const next = shiftAt(own, "courier-1", shift.endMs);
        expect(next.startMs).toBeGreaterThan(shift.endMs);
      }),
    );
    const working = Array.from({ length: 500 }, (_, index) => shiftAt(decide, `c-${index}`, FRIDAY_EVENING_MS).startMs);
    expect(working.filter((startMs) => startMs <= FRIDAY_EVENING_MS).length).toBeGreaterThan(430);
  });

  test("[TWN5] who has nothing to do waits near kitchens, and stays where there are none", () => {
    const from = { lat: -34.9, lng: -56.18 };
    const kitchens = [
      { lat: -34.9, lng: -56.179 },
      { lat: -34.8, lng: -56.1 },
    ];
    const places = Array.from({ length: 50 }, (_, ordinal) => roamOf(decide, "c", { ordinal, from, kitchens }));
    expect(places.filter((each) => each.to === kitchens[0]).length).toBeGreaterThan(45);
    expect(places.every((each) => each.waitMs >= MINUTE_MS)).toBe(true);
    expect(roamOf(decide, "c", { ordinal: 0, from, kitchens: [] }).to).toBeUndefined();
    const followed = Array.from({ length: 400 }, (_, ordinal) => followsTo(decide, "c", ordinal)).filter(
      Boolean,
    ).length;
    expect(followed / 400).toBeCloseTo(COURIER.follows, 1);
    expect(Object.values(doorsOf(decide, "c", CITY_PACE)).every((ms) => ms > 0)).toBe(true);
  });
});

describe("phones", () => {
  const truth = { lat: -34.9, lng: -56.18, accuracyM: 5, speedMps: 6, headingDeg: 359.7 };

  test("[TWN6] the error wanders within what the accuracy says", () => {
    const phone = phoneOf(decide, "courier-3");
    const fixes = Array.from({ length: 3_000 }, (_, index) =>
      phone.read({ ...truth, takenAtMs: FRIDAY_EVENING_MS + index * 4_000 }, false),
    ).flatMap((fix) => (fix ? [fix] : []));
    const within = fixes.filter((fix) => distanceM(fix, truth) <= fix.accuracyM).length / fixes.length;
    expect(within).toBeGreaterThan(0.55);
    expect(within).toBeLessThan(0.8);
    const steps = fixes.slice(1).map((fix, index) => distanceM(fix, fixes[index] ?? fix));
    const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
    expect(usual).toBeLessThan(fixes[0]?.accuracyM ?? 0);
    expect(fixes.every((fix) => (fix.headingDeg ?? 0) < 360)).toBe(true);
  });

  test("[TWN6] nothing is read under cover or with a dead battery; without a network readings are kept", () => {
    const seen = { dead: 0, unheard: 0, heard: 0 };
    for (let courier = 0; courier < 16; courier += 1) {
      const phone = phoneOf(decide, `courier-${courier}`);
      for (let minute = 0; minute < 12 * 60; minute += 1) {
        const takenAtMs = FRIDAY_EVENING_MS + minute * MINUTE_MS;
        expect(phone.read({ ...truth, takenAtMs }, true)).toBeUndefined();
        const onlineMs = phone.onlineFromMs(takenAtMs);
        expect(onlineMs).toBeGreaterThanOrEqual(takenAtMs);
        expect(phone.onlineFromMs(onlineMs)).toBe(onlineMs);
        const fix = phone.read({ ...truth, takenAtMs }, false);
        // A phone that is connected is on.
        if (onlineMs === takenAtMs) expect(fix).toBeDefined();
        seen[fix === undefined ? "dead" : onlineMs > takenAtMs ? "unheard" : "heard"] += 1;
      }
    }
    expect(seen.dead).toBeGreaterThan(10);
    expect(seen.unheard).toBeGreaterThan(10);
    expect(seen.heard).toBeGreaterThan(20 * (seen.dead + seen.unheard));
  });
});

describe("ways", () => {
  const local = { weekday: 5, minute: 20 * 60 };
  const conditions = { vehicle: "motorbike", local, rain: 0, fast: 1 } as const;
  const city = gridCity();
  const node = (index: number) => ({
    lat: (city.streets.nodeLatE7[index] ?? 0) / 1e7,
    lng: (city.streets.nodeLngE7[index] ?? 0) / 1e7,
  });

  test("[TWN7] speed falls in traffic and rain, and bicycles do not care for traffic", () => {
    const main = { streetClass: "primary", signedKmh: 60 } as const;
    const night = { weekday: 5, minute: 2 * 60 };
    const car = { ...conditions, vehicle: "car" } as const;
    expect(trueSpeedKmh(main, car)).toBeLessThan(trueSpeedKmh(main, { ...car, local: night }));
    expect(trueSpeedKmh(main, car)).toBeLessThan(trueSpeedKmh(main, conditions));
    expect(trueSpeedKmh(main, { ...conditions, rain: 1 })).toBeLessThan(trueSpeedKmh(main, conditions));
    const bicycle = { ...conditions, vehicle: "bicycle" } as const;
    expect(trueSpeedKmh(main, bicycle)).toBe(trueSpeedKmh(main, { ...bicycle, local: night }));
    expect(trueSpeedKmh({ streetClass: "primary", signedKmh: 30 }, car)).toBeLessThanOrEqual(30);
  });

  test("[TWN7] ways go along streets, one way as it is signed, hidden in a tunnel", () => {
    const ways = streetWays(city);
    // "Calle 1" is one-way to the east: back one goes around.
    const [west, east] = [node(6 + 1), node(6 + 3)];
    const [there, back] = [ways(west, east, conditions), ways(east, west, conditions)];
    const lengthM = (way: typeof there) =>
      way.points.slice(1).reduce((sum, point, index) => sum + distanceM(way.points[index] ?? point, point), 0);
    expect(lengthM(there)).toBeCloseTo(200, -1);
    expect(lengthM(back)).toBeGreaterThan(350);
    const tunnel = ways(node(1), node(6 + 1), conditions);
    const ride = { way: tunnel, startMs: 0 };
    expect(coveredOn(ride, endOf(ride) / 2)).toBe(true);
    expect(tunnel.sinceMs).toEqual(tunnel.sinceMs.toSorted((a, b) => a - b));
    expect(there.covered?.some(Boolean)).toBe(false);
  });

  test("[TWN7] a wrong turn is longer and still leads there; time never runs back", () => {
    const ways = streetWays(city);
    let wrong = 0;
    for (let ordinal = 0; ordinal < 400; ordinal += 1) {
      const trip = { name: "courier-9", ordinal, from: node(0), to: node(35) };
      const [meant, ridden] = [ways(trip.from, trip.to, conditions), riddenWay(decide, ways, trip, conditions)];
      expect(destinationOf({ way: ridden, startMs: 0 })).toEqual(trip.to);
      expect(ridden.points[0]).toEqual(trip.from);
      expect(ridden.sinceMs).toEqual(ridden.sinceMs.toSorted((a, b) => a - b));
      expect(ridden.covered?.length ?? ridden.points.length - 1).toBe(ridden.points.length - 1);
      if (ridden.points.length === meant.points.length) continue;
      wrong += 1;
      expect(ridden.sinceMs.at(-1) ?? 0).toBeGreaterThanOrEqual(meant.sinceMs.at(-1) ?? 0);
    }
    expect(wrong).toBeGreaterThan(3);
    expect(wrong).toBeLessThan(30);
  });

  test("[TWN7] without streets ways are straight and take as long as a way through streets", () => {
    const way = STRAIGHT_WAYS(node(0), node(5), conditions);
    expect(placeOn({ way, startMs: 0 }, (way.sinceMs[1] ?? 0) / 2).lng).toBeCloseTo((node(0).lng + node(5).lng) / 2, 6);
    expect(way.sinceMs[1]).toBeGreaterThan(30_000);
  });
});
