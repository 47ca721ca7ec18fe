import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { VEHICLES, type City, type Vehicle } from "#shared/domain/city/city.ts";
import { planRound } from "#shared/domain/dispatch/plan-round.ts";
import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { coveredRouter } from "#shared/domain/router/covered-router.ts";
import { makeCityRouter } from "#shared/domain/router/graph/city-router.ts";
import type { Guide } from "#shared/domain/router/graph/directions.ts";
import { hierarchyOf, prepareHierarchy } from "#shared/domain/router/graph/hierarchy.ts";
import { makeLabels } from "#shared/domain/router/graph/labels.ts";
import { plainDijkstra } from "#shared/domain/router/graph/plain-dijkstra.ts";
import { nodePoint } from "#shared/domain/router/graph/shape.ts";
import type { StreetRouter } from "#shared/domain/router/graph/street-router.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import { seededRng } from "#shared/lib/rng.ts";
import { atOnce } from "#shared/lib/work.ts";
import { readCityFile } from "#shared/server/city/cities.ts";

import { quantile } from "../replay/offline.ts";

const USAGE = "npm run bench:router -- --city FILE.city.gz [--vehicle car] [--json FILE]";
const WARM_UP = 50;
const TABLES = 60;
const WAYS = 3_000;
/** Pairs held against plain Dijkstra: sources, and destinations of each. */
const EXACT = { sources: 20, destinations: 50 } as const;
const ROUND = { couriers: 600, orders: 150, restaurants: 60, times: 10 } as const;

interface Times {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of one, all threads, mean: what wall time is on a machine that does nothing else. */
  readonly cpuMs: number;
}

const rng = seededRng(1);
/** Anywhere between two crossings that are no further apart than their city: a point on the ground, off the streets. */
function somewhere({ streets }: City): Point {
  const node = Math.floor(rng() * streets.nodeLatE7.length);
  const { lat, lng } = nodePoint(streets, node);
  return { lat: lat + (rng() - 0.5) / 1000, lng: lng + (rng() - 0.5) / 1000 };
}

function timed(times: number, work: () => void): Times {
  for (let count = 0; count < Math.min(WARM_UP, times); count++) work();
  const before = process.cpuUsage();
  const tookMs = Array.from({ length: times }, () => {
    const beganMs = performance.now();
    work();
    return performance.now() - beganMs;
  });
  const { user, system } = process.cpuUsage(before);
  return {
    p50Ms: rounded(quantile(tookMs, 0.5)),
    p99Ms: rounded(quantile(tookMs, 0.99)),
    cpuMs: rounded((user + system) / 1000 / times),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function several(city: City, count: number): Point[] {
  return Array.from({ length: count }, () => somewhere(city));
}

/** Fresh points each time: nothing is remembered from the time before. */
function wayTimes(city: City, router: StreetRouter & Guide) {
  const table100Ms = timed(TABLES, () => void router.table(several(city, 100), several(city, 100)));
  const routeMs = timed(WAYS, () => {
    const via = several(city, 2).flatMap((point) => router.onStreets(point, 1).map((on) => ({ point, on })));
    atOnce(router.directions(via));
  });
  const legMs = timed(WAYS, () => void router.leg(somewhere(city), somewhere(city)));
  const nearestMs = timed(WAYS, () => void router.nearest(somewhere(city)));
  return { table100Ms, routeMs, legMs, nearestMs };
}

function prepareTimes({ streets }: City) {
  return Object.fromEntries(
    VEHICLES.map((vehicle) => {
      const beganMs = performance.now();
      const arrays = Object.values(prepareHierarchy(streets, vehicle));
      const megabytes = arrays.reduce((sum, each) => sum + each.byteLength, 0) / 1e6;
      return [vehicle, { prepareMs: Math.round(performance.now() - beganMs), megabytes: rounded(megabytes) }];
    }),
  );
}

/** Plain Dijkstra from a crossing to all others beside the hierarchy, and whether every pair agrees. */
function againstPlain(city: City, vehicle: Vehicle) {
  const hierarchy = hierarchyOf(city.streets, vehicle, city.hierarchies[vehicle]);
  const labels = makeLabels(hierarchy);
  const dijkstra = plainDijkstra(city.streets, vehicle);
  const main = [...hierarchy.main.keys()].filter((node) => hierarchy.main[node] === 1);
  const pick = (): number => main[Math.floor(rng() * main.length)] ?? 0;
  const seed = (node: number) => ({ nodes: [hierarchy.rank[node] ?? 0], costs: [0] });
  let differing = 0;
  const plainMs: number[] = [];
  for (let count = 0; count < EXACT.sources; count++) {
    const [from, to] = [pick(), Array.from({ length: EXACT.destinations }, pick)];
    const beganMs = performance.now();
    const plain = dijkstra([from], [0]);
    plainMs.push(performance.now() - beganMs);
    const own = labels.costs(
      labels.out(seed(from)),
      to.map((node) => labels.back(seed(node))),
    );
    differing += to.filter((node, index) => plain[node] !== own[index]).length;
  }
  return { pairs: EXACT.sources * EXACT.destinations, differing, oneToAllMs: rounded(quantile(plainMs, 0.5)) };
}

/** A dispatch round over the streets, every courier's ways by the courier's own vehicle, nothing known from the round before. */
function roundTimes(city: City, by: (vehicle: Vehicle) => StreetRouter | undefined): Times {
  const nowMs = 1_800_000_000_000;
  const circles = haversineRouter({ speedMps: 5, detour: 1.3 });
  const router = coveredRouter({ covers: () => true, by }, circles, "motorbike", () => {});
  return timed(ROUND.times, () => {
    const kitchens = several(city, ROUND.restaurants);
    const couriers = several(city, ROUND.couriers).map((point, index) => ({
      id: `c${index}`,
      point,
      freeAtMs: nowMs,
      freePoint: point,
      shiftEndsAtMs: nowMs + 7_200_000,
      activeOfferCount: 0,
      capacity: 3,
      vehicle: (["motorbike", "motorbike", "bicycle", "car"] as const)[index % 4] ?? "motorbike",
    }));
    const deliveries = several(city, ROUND.orders).map((drop, index) => ({
      id: `d${index}`,
      orderId: `o${index}`,
      restaurantId: `r${index % ROUND.restaurants}`,
      pickup: kitchens[index % ROUND.restaurants] ?? drop,
      drop,
      placedAtMs: nowMs - 600_000,
      readyAtMs: nowMs + (index % 20) * 60_000,
      excludedCourierIds: [],
      priority: 0,
    }));
    planRound({ nowMs, deliveries, couriers, router }, DEFAULT_SETTINGS);
  });
}

const { values } = parseArgs({
  options: { city: { type: "string" }, vehicle: { type: "string", default: "motorbike" }, json: { type: "string" } },
});
const vehicle = VEHICLES.find((each) => each === values.vehicle);
if (values.city === undefined || !vehicle) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const city = readCityFile(values.city);
const { by } = makeCityRouter(city);
const router = by(vehicle);
if (!router) throw new Error(`${city.meta.name} has no streets for a ${vehicle}`);
const ways = wayTimes(city, router);
const exact = againstPlain(city, vehicle);
const figures = {
  city: city.meta.name,
  crossings: city.streets.nodeLatE7.length,
  segments: city.streets.from.length,
  vehicle,
  ...ways,
  /** A hundred one-to-all searches of plain Dijkstra make the same table. */
  plainTimesSlower: rounded((100 * exact.oneToAllMs) / ways.table100Ms.p50Ms),
  exact,
  round: { couriers: ROUND.couriers, orders: ROUND.orders, ...roundTimes(city, by) },
  prepared: prepareTimes(city),
};
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
process.exitCode = exact.differing === 0 ? 0 : 1;
