import { assert } from "../../../lib/assert.ts";
import type { Vehicle } from "../../city/city.ts";
import type { Point } from "../../geo/point.ts";
import { legRouter } from "../../router/leg-router.ts";
import type { Router } from "../../router/router.ts";

/** The ways of all who ride alike, in columns: from one place to another, in the whole milliseconds that a round reckons with. */
interface WaysOfOne {
  readonly from: number[];
  readonly to: number[];
  readonly ms: number[];
}

/** Every way that a round asked its router for. Places and routers are told by their index. */
export interface RecordedWays {
  readonly places: readonly (readonly [lat: number, lng: number])[];
  readonly routers: readonly Readonly<WaysOfOne>[];
  /** Whose ways are which router's; the first router's are the ways that no vehicle is named for. */
  readonly ofVehicle: Readonly<Partial<Record<Vehicle, number>>>;
}

/**
 * A router that writes down what it answers, so that what was decided by it can be decided again without it: without the
 * city's file, and whatever a service behind a network says by then.
 */
export function recordingRouter(router: Router): { readonly router: Router; readonly ways: () => RecordedWays } {
  const places: [number, number][] = [];
  const known = new Map<Point, number>();
  const indexOf = (place: Point): number => {
    let index = known.get(place);
    if (index === undefined) known.set(place, (index = places.push([place.lat, place.lng]) - 1));
    return index;
  };
  const routers: WaysOfOne[] = [];
  const made = new Map<Router, { readonly index: number; readonly recorder: Router }>();
  const ofVehicle: Partial<Record<Vehicle, number>> = {};
  const record = (inner: Router) => {
    const before = made.get(inner);
    if (before) return before;
    const ways: WaysOfOne = { from: [], to: [], ms: [] };
    const legs = legRouter((from, to) => {
      const leg = inner.leg(from, to);
      ways.from.push(indexOf(from));
      ways.to.push(indexOf(to));
      ways.ms.push(Math.round(leg.durationS * 1000));
      return leg;
    });
    const recorder: Router = {
      ...legs,
      nearest: (point) => inner.nearest(point),
      by: (vehicle) => {
        const own = record(inner.by?.(vehicle) ?? inner);
        ofVehicle[vehicle] = own.index;
        return own.recorder;
      },
    };
    const entry = { index: routers.push(ways) - 1, recorder };
    made.set(inner, entry);
    return entry;
  };
  return { router: record(router).recorder, ways: () => ({ places, routers, ofVehicle }) };
}

/** A way that the record does not hold: the code that asks is not the code that decided. */
export class WayNotRecorded extends Error {}

/**
 * The router of a record: it knows the recorded ways and no others, and no distances.
 *
 * @throws {WayNotRecorded} from `leg`
 */
export function recordedRouter({ places, routers, ofVehicle }: RecordedWays): Router {
  const indices = new Map<string, number>();
  // Two places that are one get one index, as what is asked for comes by value.
  const same = places.map(([lat, lng], index) => {
    const key = keyOf({ lat, lng });
    const first = indices.get(key) ?? index;
    indices.set(key, first);
    return first;
  });
  const indexOf = (place: Point) => indices.get(keyOf(place)) ?? -1;
  const made = routers.map(({ from, to, ms }) => {
    const known = new Map<number, number>();
    for (const [at, each] of ms.entries()) {
      known.set((same[from[at] ?? -1] ?? 0) * places.length + (same[to[at] ?? -1] ?? 0), each);
    }
    const legs = legRouter((a, b) => {
      const [start, end] = [indexOf(a), indexOf(b)];
      const found = start < 0 || end < 0 ? undefined : known.get(start * places.length + end);
      if (found === undefined) throw new WayNotRecorded(`the way from ${keyOf(a)} to ${keyOf(b)} was not asked for`);
      return { durationS: found / 1000, distanceM: 0 };
    });
    return { ...legs, by: (vehicle: Vehicle): Router => made[ofVehicle[vehicle] ?? 0] ?? legs };
  });
  const [base] = made;
  assert(base, "a record has a router");
  return base;
}

function keyOf({ lat, lng }: Point): string {
  return `${lat},${lng}`;
}
