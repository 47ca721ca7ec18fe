import { expect, test } from "vitest";

import { gridCity } from "#shared/testing/grid-city.ts";

import { covers, VEHICLES, type Vehicle } from "../city/city.ts";
import type { Point } from "../geo/point.ts";
import { coveredRouter } from "./covered-router.ts";
import { makeCityRouter } from "./graph/city-router.ts";
import { haversineRouter } from "./haversine-router.ts";
import { QuestionRefused } from "./refused-points.ts";
import { rememberedRouter, type RemoteTable } from "./remembered-router.ts";
import { routerBy, type Router } from "./router.ts";

const circles = haversineRouter({ speedMps: 5, detour: 1.3 });
const at = (index: number): Point => ({ lat: -34.9 + index / 1000, lng: -56.18 });
const points = (count: number) => Array.from({ length: count }, (_, index) => at(index));

/** A service that answers a second a metre of latitude's thousandths, and keeps what it was asked. */
function service(fails = false) {
  const asked: { vehicle: Vehicle; sources: number; destinations: number }[] = [];
  let [running, most] = [0, 0];
  const remote: RemoteTable = {
    async table(vehicle, sources, destinations) {
      asked.push({ vehicle, sources: sources.length, destinations: destinations.length });
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (fails) throw new Error("no answer");
      const cells = sources.map((from) => destinations.map((to) => Math.round((to.lat - from.lat) * 1000 + 1000)));
      return {
        durationsS: cells,
        distancesM: cells.map((row) => row.map((each) => (each === 1003 ? null : each * 10))),
      };
    },
  };
  return { remote, asked, most: () => most };
}

function routerOver(remote: RemoteTable, kept = 1000, believedMs = Infinity) {
  const told = { missing: 0, failed: 0, nowMs: 0 };
  const router = rememberedRouter(remote, {
    usual: "motorbike",
    meanwhile: circles,
    atOnce: 10,
    questions: 2,
    kept,
    believedMs,
    restMs: 10_000,
    nowMs: () => told.nowMs,
    onMissing: () => void (told.missing += 1),
    onFailure: () => void (told.failed += 1),
  });
  return { router, told };
}

test("[RTR16] ways asked for ahead are known, in tables of at most ten by ten, two at a time, and not asked for again", async () => {
  const { remote, asked, most } = service();
  const { router, told } = routerOver(remote);
  await router.ask?.(points(25), points(12));
  expect(asked).toHaveLength(6);
  expect(Math.max(...asked.flatMap(({ sources, destinations }) => [sources, destinations]))).toBe(10);
  expect(most()).toBe(2);
  expect(router.leg(at(20), at(4))).toEqual({ durationS: 984, distanceM: 9840 });
  expect(told.missing).toBe(0);
  await router.ask?.(points(5).slice(4), points(5));
  expect(asked).toHaveLength(6);
  await routerBy(router, "foot").ask?.([at(0)], [at(1)]);
  expect(asked.at(-1)).toEqual({ vehicle: "foot", sources: 1, destinations: 1 });
});

test("[RTR17] what was not asked for is a great circle now and known later; a way that does not exist stays one", async () => {
  const { remote } = service();
  const { router, told } = routerOver(remote);
  expect(router.leg(at(0), at(1))).toEqual(circles.leg(at(0), at(1)));
  expect(told.missing).toBe(1);
  await router.ask?.([], []);
  await new Promise<void>((done) => void setImmediate(done));
  expect(router.leg(at(0), at(1))).toEqual({ durationS: 1001, distanceM: 10_010 });
  await router.ask?.([at(0)], [at(3)]);
  expect(router.leg(at(0), at(3))).toEqual(circles.leg(at(0), at(3)));
});

test("[RTR17] a way that does not exist is asked for once in ten minutes, however often it is used", async () => {
  const { remote, asked } = service();
  const { router, told } = routerOver(remote);
  await router.ask?.([at(0)], [at(3), at(4)]);
  for (let use = 0; use < 5; use++) expect(router.leg(at(0), at(3))).toEqual(circles.leg(at(0), at(3)));
  await router.ask?.([at(0)], [at(3), at(4)]);
  expect([asked.length, told.missing]).toEqual([1, 5]);
  told.nowMs = 600_000;
  await router.ask?.([at(0)], [at(3), at(4)]);
  expect(asked).toHaveLength(2);
});

test("[RTR25] a way is used as long as it is believed, then asked for again, and of a table no more than that", async () => {
  const { remote, asked } = service();
  const { router, told } = routerOver(remote, 1000, 60_000);
  await router.ask?.([at(0)], [at(1)]);
  told.nowMs = 59_999;
  await router.ask?.([at(0)], [at(1), at(2)]);
  expect(asked.at(-1)).toEqual({ vehicle: "motorbike", sources: 1, destinations: 1 });
  expect([router.leg(at(0), at(1)).durationS, told.missing]).toEqual([1001, 0]);
  told.nowMs = 60_000;
  expect(router.leg(at(0), at(1))).toEqual(circles.leg(at(0), at(1)));
  expect([router.leg(at(0), at(2)).durationS, told.missing]).toEqual([1002, 1]);
});

test("[RTR17] a service that does not answer is counted and stops nothing; memory is bounded", async () => {
  const broken = service(true);
  const { router, told } = routerOver(broken.remote);
  await router.ask?.(points(2), points(2));
  expect(told.failed).toBe(1);
  expect(router.leg(at(0), at(1))).toEqual(circles.leg(at(0), at(1)));
  const full = service();
  const small = routerOver(full.remote, 4).router;
  await small.ask?.(points(10), points(10));
  await small.ask?.([at(9)], [at(9)]);
  expect(full.asked).toHaveLength(1);
  await small.ask?.([at(0)], [at(0)]);
  expect(full.asked).toHaveLength(2);
});

test("[DSP67] whoever asks for many ways of a service that hangs waits for it once, and it is left alone for ten seconds", async () => {
  const waits: (() => void)[] = [];
  let answers = false;
  const hanging: RemoteTable = {
    table: async (_vehicle, sources, destinations) => {
      if (!answers) await new Promise<void>((_, fail) => waits.push(() => fail(new Error("timeout"))));
      const cells = sources.map(() => destinations.map(() => 7));
      return { durationsS: cells, distancesM: cells };
    },
  };
  const { router, told } = routerOver(hanging);
  const asked = router.ask?.(points(100), points(100));
  // Two questions at a time; nobody answers them.
  expect(waits).toHaveLength(2);
  for (const timeOut of waits) timeOut();
  await asked;
  expect([waits.length, told.failed]).toEqual([2, 2]);
  expect(router.leg(at(0), at(1))).toEqual(circles.leg(at(0), at(1)));
  await Promise.all([router.ask?.(points(30), points(30)), routerBy(router, "foot").ask?.(points(3), points(3))]);
  expect(waits).toHaveLength(2);

  [answers, told.nowMs] = [true, 10_000];
  await router.ask?.(points(2), points(2));
  expect(router.leg(at(0), at(1)).durationS).toBe(7);
});

test("[DSP67] a point without a street spoils no other way, and is not asked for again at once", async () => {
  const { remote, asked } = service();
  const lost = [at(7), at(23)];
  const refusing: RemoteTable = {
    table: async (vehicle, sources, destinations) => {
      const told = await remote.table(vehicle, sources, destinations);
      if (lost.some(({ lat }) => [...sources, ...destinations].some((each) => each.lat === lat)))
        throw new QuestionRefused("NoSegment");
      return told;
    },
  };
  const { router, told } = routerOver(refusing);
  await router.ask?.(points(30), points(10));
  expect(told.failed).toBe(0);
  expect(router.leg(at(20), at(4))).toEqual({ durationS: 984, distanceM: 9840 });
  expect(router.leg(at(23), at(4))).toEqual(circles.leg(at(23), at(4)));
  expect(router.leg(at(2), at(7))).toEqual(circles.leg(at(2), at(7)));
  expect(told.missing).toBe(2);
  const before = asked.length;
  await router.ask?.(points(30), points(10));
  expect(asked).toHaveLength(before);
});

test("[RTR15] ways on the city's streets are its own by vehicle, and all others great circles", () => {
  const city = gridCity();
  const streets = makeCityRouter(city);
  let outside = 0;
  const ground = { covers: (point: Point) => covers(city.meta, point), by: (each: Vehicle) => streets.by(each) };
  const router: Router = coveredRouter(ground, circles, "motorbike", () => void (outside += 1));
  const [a, b] = [
    { lat: -34.909, lng: -56.189 },
    { lat: -34.907, lng: -56.187 },
  ];
  for (const vehicle of VEHICLES) {
    expect(routerBy(router, vehicle).leg(a, b)).toEqual(streets.by(vehicle)?.leg(a, b));
    expect(routerBy(router, vehicle).table([a], [b])).toEqual(streets.by(vehicle)?.table([a], [b]));
  }
  expect(router.leg(a, b)).toEqual(streets.by("motorbike")?.leg(a, b));
  expect(outside).toBe(0);
  const far = { lat: 0, lng: 0 };
  expect(router.leg(a, far)).toEqual(circles.leg(a, far));
  expect(router.table([a, far], [b]).durationsS).toEqual([
    [router.leg(a, b).durationS],
    [circles.leg(far, b).durationS],
  ]);
  expect(router.nearest(far).point).toEqual(far);
  expect(outside).toBeGreaterThan(0);
});
