import type { Point } from "#shared/contracts/geo.ts";
import { distanceM, offsetBy } from "#shared/domain/geo/distance.ts";

import { placeOn, straightWay, type Way } from "../../actors/ride.ts";
import { between, type Decide } from "./chance.ts";
import { COURIER } from "./parameters.ts";
import { trueSpeedKmh, type Conditions } from "./speeds.ts";

/** How somebody truly gets from place to place. */
export type Ways = (from: Point, to: Point, conditions: Conditions) => Way;

/** Without streets: straight, as long as a way along streets usually is. */
const DETOUR = 1.3;

/** Straight ways at the speed of a side street. */
export const STRAIGHT_WAYS: Ways = (from, to, conditions) => {
  const kmh = trueSpeedKmh({ streetClass: "tertiary", signedKmh: 0 }, conditions);
  return straightWay(from, to, Math.round((distanceM(from, to) * DETOUR * 3_600) / kmh));
};

/**
 * The way that is ridden: now and then a turn is missed, one rides on for a bit, and finds the way from there. [TWN7]
 *
 * @param ordinal the how-manieth way of this courier
 */
export function riddenWay(
  decide: Decide,
  ways: Ways,
  trip: { readonly name: string; readonly ordinal: number; readonly from: Point; readonly to: Point },
  conditions: Conditions,
): Way {
  const meant = ways(trip.from, trip.to, conditions);
  const rng = decide(trip.name, "way", trip.ordinal);
  const lastMs = meant.sinceMs.at(-1) ?? 0;
  if (rng() >= COURIER.wrongTurns || lastMs === 0) return meant;
  const cut = cutAt(meant, lastMs * between(rng, 0.2, 0.7));
  const astray = beyond(cut, between(rng, ...COURIER.wrongTurnM), between(rng, -50, 50));
  const turned = cut.points.at(-1) ?? trip.from;
  return joined([cut, ways(turned, astray, conditions), ways(astray, trip.to, conditions)]);
}

/** The way up to a time. */
function cutAt(way: Way, atMs: number): Way {
  const count = Math.max(
    1,
    way.sinceMs.findIndex((ms) => ms >= atMs),
  );
  const end = placeOn({ way, startMs: 0 }, atMs);
  return {
    points: [...way.points.slice(0, count), end],
    sinceMs: [...way.sinceMs.slice(0, count), Math.round(atMs)],
    ...(way.covered ? { covered: way.covered.slice(0, count) } : {}),
  };
}

/** So many metres on in the direction of the last leg, `turnDeg` off. */
function beyond(way: Way, byM: number, turnDeg: number): Point {
  const [a, b] = way.points.slice(-2);
  if (!a || !b) throw new Error("a way has two points or more");
  const perLng = Math.cos((b.lat * Math.PI) / 180);
  const angle = Math.atan2((b.lng - a.lng) * perLng, b.lat - a.lat) + (turnDeg * Math.PI) / 180;
  return offsetBy(b, Math.sin(angle) * byM, Math.cos(angle) * byM);
}

function joined(ways: readonly Way[]): Way {
  const points: Point[] = [];
  const sinceMs: number[] = [];
  const covered: boolean[] = [];
  for (const way of ways) {
    const startMs = sinceMs.at(-1) ?? 0;
    // Where the next one snaps to the street a little beside: one takes no time to get there.
    if (points.length > 0) covered.push(false);
    points.push(...way.points);
    sinceMs.push(...way.sinceMs.map((ms) => startMs + ms));
    covered.push(...(way.covered ?? way.points.slice(1).map(() => false)));
  }
  return { points, sinceMs, covered };
}
