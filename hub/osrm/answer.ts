import type { City, Vehicle } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { Guide, Directions, DirectionsLeg } from "#shared/domain/router/graph/directions.ts";
import { matchTrace } from "#shared/domain/router/graph/match.ts";
import { encodePolyline } from "#shared/domain/router/graph/polyline.ts";
import { simplified } from "#shared/domain/router/graph/simplify.ts";
import type { Step } from "#shared/domain/router/graph/steps.ts";
import type { OnStreet } from "#shared/domain/router/graph/street-index.ts";
import type { StreetRouter } from "#shared/domain/router/graph/street-router.ts";
import type { Work } from "#shared/lib/work.ts";

import { MOST, OsrmRefusal, type Options, type OsrmQuestion } from "./question.ts";

export type Rider = StreetRouter & Guide;
type Shown = Pick<Options["route"], "steps" | "overview" | "geometries">;

/** A street further away than this is none of the point's, whatever radius was asked for: the search looks no further. */
const REACH_M = 2_000;
/** How far an overview may be off its way: what is not seen on a screen that shows the whole of it. */
const OVERVIEW_PARTS = 500;
/** OSRM's error of a fix when none is told, metres. */
const FIX_ERROR_M = 5;
const MODES: Readonly<Record<Vehicle, string>> = {
  car: "driving",
  motorbike: "driving",
  bicycle: "cycling",
  foot: "walking",
};

/**
 * Answers a question as OSRM v1 does. What it costs is bounded: so many points ({@link MOST}), streets within {@link REACH_M} of
 * each, and a step of the work is one point, one search of a table or row of it, one fix, or one leg, so that others have
 * their turn between. [RTR23]
 *
 * @throws {OsrmRefusal} `NoSegment`, `NoMatch`, `TooBig`
 */
export function answerOf(city: City, rider: Rider, question: OsrmQuestion): Work<object> {
  const tell = teller(city, rider);
  if (question.service === "route") return routeOf(question, rider, tell);
  if (question.service === "table") return tableOf(question, rider, tell);
  if (question.service === "nearest") return nearestOf(question, rider, tell);
  return matchOf(question, rider, tell);
}

type Question<S extends keyof Options> = Extract<OsrmQuestion, { service: S }>;
type Tell = ReturnType<typeof teller>;

function within(radiusM = Infinity): number {
  return Math.min(radiusM, REACH_M);
}

function* snap(rider: Rider, points: readonly Point[], radiuses: readonly number[] | undefined) {
  const via: { readonly point: Point; readonly on: OnStreet }[] = [];
  for (const [index, point] of points.entries()) {
    const [on] = rider.onStreets(point, 1, within(radiuses?.[index]));
    if (!on) throw new OsrmRefusal("NoSegment", `no street near coordinate ${index}`);
    via.push({ point, on });
    yield;
  }
  return via;
}

function* routeOf({ points, options }: Question<"route">, rider: Rider, tell: Tell): Work<object> {
  const via = yield* snap(rider, points, options.radiuses);
  return {
    code: "Ok",
    routes: [yield* tell.route(yield* rider.directions(via), options)],
    waypoints: via.map(({ on }) => tell.waypoint(on)),
  };
}

function* tableOf({ points, options }: Question<"table">, rider: Rider, tell: Tell): Work<object> {
  const all = [...points.keys()];
  const [sources, destinations] = [options.sources ?? all, options.destinations ?? all];
  if (sources.length > MOST.table || destinations.length > MOST.table)
    throw new OsrmRefusal("TooBig", `a table has ${MOST.table} sources and ${MOST.table} destinations at most`);
  const via = yield* snap(rider, points, options.radiuses);
  const those = (indices: readonly number[]) => indices.flatMap((index) => via[index]?.on ?? []);
  const table = yield* rider.tableOn(those(sources), those(destinations));
  return {
    code: "Ok",
    ...(options.annotations.includes("duration") ? { durations: table.durationsS } : {}),
    ...(options.annotations.includes("distance") ? { distances: table.distancesM } : {}),
    sources: those(sources).map(tell.waypoint),
    destinations: those(destinations).map(tell.waypoint),
  };
}

// oxlint-disable-next-line require-yield -- one point is one step
function* nearestOf({ points, options }: Question<"nearest">, rider: Rider, tell: Tell): Work<object> {
  if (options.number > MOST.number) throw new OsrmRefusal("TooBig", `number is ${MOST.number} at most`);
  const [point] = points;
  const found = point ? rider.onStreets(point, options.number, within(options.radiuses?.[0])) : [];
  if (found.length === 0) throw new OsrmRefusal("NoSegment", "no street near the coordinate");
  return { code: "Ok", waypoints: found.map(tell.waypoint) };
}

function* matchOf({ points, options }: Question<"match">, rider: Rider, tell: Tell): Work<object> {
  const errors = options.radiuses?.map((each) => (Number.isFinite(each) ? each : FIX_ERROR_M));
  const times = options.gaps === "split" ? options.timestamps : undefined;
  const fixes = points.map((point, index) => ({
    point,
    accuracyM: errors?.[index] ?? FIX_ERROR_M,
    atS: times?.[index],
  }));
  const matchings = yield* matchTrace(rider, fixes);
  if (matchings.length === 0) throw new OsrmRefusal("NoMatch", "the trace fits no streets");
  const tracepoints: (object | null)[] = points.map(() => null);
  for (const [index, { places }] of matchings.entries()) {
    for (const [waypoint, { fix, on }] of places.entries()) {
      tracepoints[fix] = {
        ...tell.waypoint(on),
        matchings_index: index,
        waypoint_index: waypoint,
        alternatives_count: 0,
      };
    }
  }
  const routes: object[] = [];
  for (const { places, confidence } of matchings) {
    const way = yield* rider.directions(places.map(({ on }) => ({ point: on.point, on })));
    routes.push({ ...(yield* tell.route(way, options)), confidence });
  }
  return { code: "Ok", matchings: routes, tracepoints };
}

/** Puts what the router knows into OSRM's words. */
function teller({ names }: City, { vehicle, streets }: Rider) {
  const nameOf = (name: number): string => names[name] ?? "";
  const geometry = (line: readonly Point[], { geometries }: Shown) =>
    geometries === "geojson"
      ? { type: "LineString", coordinates: line.map(lngLat) }
      : encodePolyline(line, geometries === "polyline" ? 5 : 6);
  const figures = ({ durationS, distanceM }: { readonly durationS: number; readonly distanceM: number }) => ({
    distance: distanceM,
    duration: durationS,
    weight: durationS,
  });
  const step = (each: Step, before: boolean, shown: Shown) => ({
    ...figures(each),
    geometry: geometry(each.line, shown),
    name: nameOf(each.name),
    mode: MODES[vehicle],
    driving_side: "right",
    maneuver: maneuverOf(each),
    intersections: [intersectionOf(each, before)],
  });
  const leg = (each: DirectionsLeg, shown: Shown) => ({
    ...figures(each),
    summary: summaryOf(each.steps, nameOf),
    steps: shown.steps ? each.steps.map((one, index) => step(one, index > 0, shown)) : [],
  });
  return {
    waypoint: (on: OnStreet) => ({
      name: nameOf(streets.name[on.segment] ?? 0),
      location: lngLat(on.point),
      distance: on.distanceM,
    }),
    *route(way: Directions, shown: Shown): Work<object> {
      const isShort = shown.overview === "simplified";
      const line = isShort ? yield* simplified(way.line, way.distanceM / OVERVIEW_PARTS) : way.line;
      const legs: object[] = [];
      for (const each of way.legs) {
        legs.push(leg(each, shown));
        yield;
      }
      return {
        ...figures(way),
        weight_name: "duration",
        ...(shown.overview === "false" ? {} : { geometry: geometry(line, shown) }),
        legs,
      };
    },
  };
}

function lngLat({ lat, lng }: Point): [number, number] {
  return [lng, lat];
}

function maneuverOf({ maneuver }: Step) {
  const { type, modifier, location, bearingBefore, bearingAfter, exit } = maneuver;
  return {
    type,
    ...(modifier === undefined ? {} : { modifier }),
    ...(exit === undefined ? {} : { exit }),
    location: lngLat(location),
    bearing_before: bearingBefore,
    bearing_after: bearingAfter,
  };
}

/** Where the step begins: the street in and the street out, as far as the way goes over them. */
function intersectionOf({ maneuver }: Step, before: boolean) {
  const back = (maneuver.bearingBefore + 180) % 360;
  const ends = maneuver.type === "arrive";
  const bearings = [...(before ? [back] : []), ...(ends ? [] : [maneuver.bearingAfter])];
  return {
    location: lngLat(maneuver.location),
    bearings,
    entry: bearings.map((_, index) => !ends && index === bearings.length - 1),
    ...(before ? { in: 0 } : {}),
    ...(ends ? {} : { out: bearings.length - 1 }),
  };
}

/** The two longest names of a leg, in the order of the way. */
function summaryOf(steps: readonly Step[], nameOf: (name: number) => string): string {
  const metres = new Map<string, number>();
  for (const each of steps) metres.set(nameOf(each.name), (metres.get(nameOf(each.name)) ?? 0) + each.distanceM);
  metres.delete("");
  const longest = [...metres].toSorted((a, b) => b[1] - a[1]).slice(0, 2);
  return [...metres.keys()].filter((name) => longest.some(([each]) => each === name)).join(", ");
}
