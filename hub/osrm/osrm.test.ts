import fastify from "fastify";
import fc from "fast-check";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Point } from "#shared/domain/geo/point.ts";
import { makeCityRouter } from "#shared/domain/router/graph/city-router.ts";
import { makeGuide } from "#shared/domain/router/graph/directions.ts";
import { decodePolyline } from "#shared/domain/router/graph/polyline.ts";
import { routerBy } from "#shared/domain/router/router.ts";
import type { Work } from "#shared/lib/work.ts";
import { routerFrom } from "#shared/server/routing/routers.ts";
import { gridCity } from "#shared/testing/grid-city.ts";

import { problemFrom } from "../rest/problem.ts";
import { answerOf } from "./answer.ts";
import { makeLine } from "./line.ts";
import { osrmRoute } from "./osrm-route.ts";
import { readQuestion } from "./question.ts";

const city = gridCity();
const streets = makeCityRouter(city);
const TOKEN = "Bearer known";
const app = fastify({ routerOptions: { maxParamLength: 200 } });
app.setErrorHandler((error, _request, reply) => {
  const { problem } = problemFrom(error);
  return reply.status(problem.status).send(problem);
});
osrmRoute(app, {
  routerAt: async (marketId) => (marketId === "grid" ? streets : undefined),
  identify: ({ headers }) =>
    headers.authorization === TOKEN
      ? { personId: "p", sessionId: "s", roles: [], expiresAtMs: Number.MAX_SAFE_INTEGER }
      : undefined,
});
let url = "";
beforeAll(async () => void (url = await app.listen({ host: "127.0.0.1", port: 0 })));
afterAll(() => app.close());

const at = (east: number, north: number): Point => {
  const { nodeLatE7, nodeLngE7 } = city.streets;
  const degrees = (values: Int32Array, a: number, b: number, share: number) =>
    ((values[a] ?? 0) + ((values[b] ?? 0) - (values[a] ?? 0)) * share) / 1e7;
  return { lat: degrees(nodeLatE7, 0, 6, north), lng: degrees(nodeLngE7, 0, 1, east) };
};
const places = (...points: readonly Point[]) => points.map(({ lat, lng }) => `${lng},${lat}`).join(";");

async function ask(path: string, market = "grid", authorization = TOKEN) {
  const reply = await app.inject({ url: `/v1/markets/${market}/osrm/${path}`, headers: { authorization } });
  return { status: reply.statusCode, body: reply.json() };
}

test("[RTR19] a route has legs, steps with names and maneuvers, and its line in the geometry asked for", async () => {
  const [a, b] = [at(3.4, 2), at(3.92, 4.5)];
  const { status, body } = await ask(
    `route/v1/foot/${places(a, b)}?steps=true&overview=full&geometries=geojson&alternatives=true`,
  );
  expect(status).toBe(200);
  const [route] = body.routes;
  expect(body).toMatchObject({ code: "Ok", waypoints: [{ name: "Calle 2" }, { name: "Avenida 4" }] });
  expect(route).toMatchObject({ weight_name: "duration", legs: [{ summary: "Calle 2, Avenida 4" }] });
  expect(route.duration).toBe(streets.by("foot")?.leg(a, b).durationS);
  expect(route.geometry.coordinates).toHaveLength(5);
  expect(route.legs[0].steps[1]).toMatchObject({
    name: "Avenida 4",
    mode: "walking",
    maneuver: { type: "turn", modifier: "left", bearing_before: 90, bearing_after: 0 },
    intersections: [{ bearings: [270, 0], entry: [false, true], in: 0, out: 1 }],
  });
  const plain = await ask(`route/v1/foot/${places(a, b)}`);
  expect(plain.body.routes[0].legs[0].steps).toEqual([]);
  // Rounded to five decimals, and a straight line's middle is left out.
  expect(decodePolyline(plain.body.routes[0].geometry, 5)).toHaveLength(3);
  expect((await ask(`route/v1/foot/${places(a, b)}?overview=false`)).body.routes[0]).not.toHaveProperty("geometry");
});

test("[RTR19] a table has the rows and columns asked for, the nearest streets come in order, a trace is matched", async () => {
  const points = [at(0.5, 0), at(2.5, 2), at(4.5, 4)];
  const table = await ask(
    `table/v1/driving/${places(...points)}?sources=0;2&destinations=1&annotations=duration,distance`,
  );
  const own = streets.by("car")?.table([at(0.5, 0), at(4.5, 4)], [at(2.5, 2)]);
  expect(table.body).toMatchObject({ code: "Ok", durations: own?.durationsS, distances: own?.distancesM });
  expect((await ask(`table/v1/car/${places(...points)}`)).body).not.toHaveProperty("distances");
  const nearest = await ask(`nearest/v1/cycling/${places(at(2.5, 2.1))}?number=3`);
  const away = nearest.body.waypoints.map(({ distance }: { distance: number }) => distance);
  expect(away).toHaveLength(3);
  expect(away).toEqual(away.toSorted((x: number, y: number) => x - y));
  const trace = [0.1, 0.4, 0.7, 1.1, 1.4].map((east) => at(east, 0.02));
  const match = await ask(`match/v1/foot/${places(...trace)}.json?steps=true&timestamps=1;5;9;13;17`);
  expect(match.body).toMatchObject({ code: "Ok", matchings: [{ legs: [{}, {}, {}, {}] }] });
  expect(match.body.matchings[0].confidence).toBeGreaterThan(0.5);
  expect(match.body.tracepoints[4]).toMatchObject({ name: "Calle 0", matchings_index: 0, waypoint_index: 4 });
});

test.each([
  ["InvalidUrl", "route"],
  ["InvalidUrl", "route/v1/horse/-56.18,-34.9;-56.18,-34.9"],
  ["InvalidService", "trip/v1/car/-56.18,-34.9;-56.18,-34.9"],
  ["InvalidVersion", "route/v2/car/-56.18,-34.9;-56.18,-34.9"],
  ["InvalidQuery", "route/v1/car/-56.18,-34.9"],
  ["InvalidQuery", "route/v1/car/-56.18;-34.9"],
  ["InvalidQuery", "route/v1/car/-56.18,-94.9;-56.18,-34.9"],
  ["InvalidQuery", "route/v1/car/polyline(_p~iF)"],
  ["InvalidQuery", "route/v1/car/-56.18,-34.9;-56.18,-34.9?steeps=true"],
  ["InvalidOptions", "route/v1/car/-56.18,-34.9;-56.18,-34.9?steps=maybe"],
  ["InvalidOptions", "route/v1/car/-56.18,-34.9;-56.18,-34.9?steps=true&steps=true"],
  ["InvalidOptions", "route/v1/car/-56.18,-34.9;-56.18,-34.9?radiuses=1"],
  ["InvalidOptions", "table/v1/car/-56.18,-34.9;-56.18,-34.9?sources=2"],
  ["InvalidOptions", "match/v1/car/-56.18,-34.9;-56.18,-34.9?timestamps=5;5"],
  ["NoSegment", "route/v1/car/-50.18,-34.9;-56.18,-34.9?radiuses=10;"],
  ["NoMatch", "match/v1/car/-50.18,-34.9;-50.18,-34.9"],
  ["TooBig", `route/v1/car/${Array.from({ length: 101 }, () => "-56.18,-34.9").join(";")}`],
  ["TooBig", `table/v1/car/${Array.from({ length: 101 }, () => "-56.18,-34.9").join(";")}`],
  ["TooBig", "nearest/v1/car/-56.18,-34.9?number=101"],
])("[RTR20] %s: %s", async (code, path) => {
  const { status, body } = await ask(path);
  expect([status, body.code]).toEqual([400, code]);
  expect(body.message).not.toBe("");
});

test("[RTR20] a market that cannot be one is not found", async () => {
  expect(await ask("nearest/v1/car/-56.18,-34.9", "m".repeat(150))).toMatchObject({
    status: 404,
    body: { code: "market.not-found" },
  });
});

test.each([
  "nearest/v1/car/-50.18,-34.9",
  "route/v1/car/-50.18,-34.9;-56.18,-34.9",
  "table/v1/car/-56.18,-34.9;-50.18,-34.9?radiuses=unlimited;99999999",
])("[RTR23] no street within two kilometres is none, whatever radius is asked for: %s", async (path) => {
  expect((await ask(path)).body.code).toBe("NoSegment");
});

test("[RTR23] between two steps of a question no more is searched than a fix, a leg or a row takes", () => {
  const rider = streets.by("motorbike");
  if (!rider) throw new Error("the grid has streets");
  let [searches, most, steps] = [0, 0, 0];
  const counted = <A extends readonly unknown[], R>(call: (...given: A) => R) => {
    return (...given: A): R => {
      searches += 1;
      return call(...given);
    };
  };
  const onStreets = counted(rider.onStreets);
  const nodes = { ...rider.nodes, out: counted(rider.nodes.out), back: counted(rider.nodes.back) };
  const way = counted(rider.way);
  const watched = { ...rider, onStreets, way, nodes };
  const guided = { ...watched, ...makeGuide(watched) };
  const trail = places(...Array.from({ length: 80 }, (_, index) => at(0.5 + index / 20, 0.02)));
  for (const service of ["match", "route", "table"]) {
    const path = `${service}/v1/motorbike/${trail}`;
    const work = answerOf(city, guided, readQuestion(path, service === "route" ? { steps: "true" } : {}));
    for (let step = work.next(); !step.done; step = work.next()) {
      [most, steps, searches] = [Math.max(most, searches), steps + 1, 0];
    }
  }
  // A fix: eight streets with two ends, out of each and back to each, and the look for them.
  expect(most).toBeLessThanOrEqual(8 * 2 * 2 + 1);
  expect(steps).toBeGreaterThan(6 * 79);
});

test("[RTR23] one question is worked on at a time, others have their turn between its slices, and the line is bounded", async () => {
  const inLine = makeLine({ most: 3, ofOne: 2 });
  const seen: string[] = [];
  function* work(name: string, count = 1): Work<string> {
    for (let step = 0; step < count; step++) {
      seen.push(name);
      // As long as a slice, by the clock that slices go by.
      for (const endMs = performance.now() + 6; performance.now() < endMs;);
      yield;
    }
    return name;
  }
  const first = inLine("a", () => work("first", 3));
  const second = inLine("a", () => work("second"));
  setImmediate(() => void seen.push("another"));
  await expect(inLine("a", () => work("third"))).rejects.toMatchObject({ code: "rate.limited" });
  const ofOther = inLine("b", () => work("other"));
  await expect(inLine("c", () => work("full"))).rejects.toMatchObject({ code: "hub.overloaded" });
  expect(await Promise.all([first, second, ofOther])).toEqual(["first", "second", "other"]);
  expect(seen).toEqual(["first", "another", "first", "first", "second", "other"]);
  // oxlint-disable-next-line require-yield -- it fails
  const broken = inLine("a", function* () {
    throw new Error("broken");
  });
  await expect(broken).rejects.toThrow("broken");
  expect(await inLine("a", () => work("again"))).toBe("again");
});

test("[RTR20] no question makes an error of the hub", async () => {
  const word = fc.constantFrom(
    "route",
    "v1",
    "car",
    "-56.18,-34.9",
    ";",
    ",",
    "polyline(",
    ")",
    "table",
    "%20",
    "é",
    "1e9",
  );
  const piece = fc.oneof(word, fc.string({ maxLength: 6 }).map(encodeURIComponent));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.array(piece, { maxLength: 3 }), async (parts, query) => {
      const { status } = await ask(`${parts.join("/")}?${query.join("=")}`);
      expect([200, 400, 404]).toContain(status);
    }),
    { numRuns: 150 },
  );
});

test("[RTR21] who is not signed in is refused, and a market without a city says so", async () => {
  expect((await ask(`nearest/v1/car/${places(at(1, 1))}`, "grid", "")).status).toBe(401);
  expect((await ask(`nearest/v1/car/${places(at(1, 1))}`, "elsewhere")).body.code).toBe("NoSegment");
});

test("[RTR22] the client of OSRM services knows from here what the streets know, and goes on without", async () => {
  const settings = {
    ROUTER: "osrm" as const,
    ROUTER_SPEED_MPS: 5,
    ROUTER_DETOUR: 1.3,
    ROUTER_ORIGIN_LAT: 0,
    ROUTER_ORIGIN_LNG: 0,
    OSRM_TOKEN: "known",
    OSRM_PROFILES: "motorbike=motorbike,car=car",
    OSRM_TABLE_SIZE: 2,
    PICKUP_SERVICE_S: 0,
    DROPOFF_SERVICE_S: 0,
  };
  const warned: unknown[] = [];
  const deps = () => ({
    cityRouterAt: () => undefined,
    log: { warn: (what: unknown) => void warned.push(what) },
    metrics: new Registry(),
  });
  const points = [at(0.5, 0), at(2.5, 1), at(4.5, 4), at(1, 3.3), at(3, 2.2)];
  const remote = routerFrom({ ...settings, OSRM_URL: `${url}/v1/markets/grid/osrm/` }, deps())(at(0, 0));
  for (const vehicle of ["car", "bicycle", "motorbike", "foot"] as const) {
    const router = routerBy(remote, vehicle);
    await router.ask?.(points, points);
    expect(router.table(points, points)).toEqual(streets.by(vehicle)?.table(points, points));
  }
  // Who is far from every street leaves the others' ways as they are. [DSP67]
  const fresh = routerFrom({ ...settings, OSRM_URL: `${url}/v1/markets/grid/osrm` }, deps())(at(0, 0));
  const lost = { lat: at(0, 0).lat, lng: at(0, 0).lng + 6 };
  await fresh.ask?.([lost, ...points], points);
  expect(fresh.table(points, points)).toEqual(streets.by("motorbike")?.table(points, points));
  expect(warned).toEqual([]);
  const metrics = new Registry();
  const away = routerFrom({ ...settings, OSRM_URL: `${url}/nowhere` }, { ...deps(), metrics })(at(0, 0));
  await away.ask?.(points, points);
  expect(away.leg(at(0, 0), at(1, 0)).durationS).toBeCloseTo((100 * 1.3) / 5, 0);
  expect(await metrics.metrics()).toMatch(/router_questions_failed_total 4/);
  expect(warned).toHaveLength(4);
});
