import type { Fix, Point } from "#shared/contracts/geo.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

/** A way along points, timed from its start in deployment ms. */
export interface Way {
  /** Two or more; the last is where it leads. */
  readonly points: readonly Point[];
  /** When each point is reached: the first is 0, and none is less than the one before. */
  readonly sinceMs: readonly number[];
  /** Leg `i` goes from point `i` to the next; true where no satellite is seen. Left out: nowhere. */
  readonly covered?: readonly boolean[];
}

/** Somebody's way from a moment of deployment time on. */
export interface Ride {
  readonly way: Way;
  readonly startMs: number;
}

/** A straight way. */
export function straightWay(from: Point, to: Point, durationMs: number): Way {
  return { points: [from, to], sinceMs: [0, durationMs] };
}

/** Somebody who stays where they are. */
export function standingAt(place: Point, startMs: number): Ride {
  return { way: straightWay(place, place, 0), startMs };
}

/** Deployment time at which the ride is over. */
export function endOf({ way, startMs }: Ride): number {
  return startMs + (way.sinceMs.at(-1) ?? 0);
}

/** Where the ride leads. */
export function destinationOf({ way }: Ride): Point {
  const last = way.points.at(-1);
  if (!last) throw new Error("a way has two points or more");
  return last;
}

/** Where somebody on this ride is at `atMs`. */
export function placeOn(ride: Ride, atMs: number): Point {
  const { from, to, startMs, endMs } = legAt(ride, atMs);
  const spanMs = endMs - startMs;
  const share = spanMs <= 0 ? 1 : Math.min(1, Math.max(0, (atMs - startMs) / spanMs));
  return { lat: from.lat + (to.lat - from.lat) * share, lng: from.lng + (to.lng - from.lng) * share };
}

/** What a phone with a good sky would read there and then. */
export function fixOn(ride: Ride, atMs: number): Fix {
  const { from, to, startMs, endMs } = legAt(ride, atMs);
  const spanS = (endMs - startMs) / 1000;
  const moving = spanS > 0 && atMs > ride.startMs && atMs < endOf(ride);
  const speedMps = moving ? Math.min(150, distanceM(from, to) / spanS) : 0;
  const place = placeOn(ride, atMs);
  const headingDeg = moving ? heading(from, to) : null;
  return { ...place, takenAtMs: Math.floor(atMs), accuracyM: 5, speedMps, headingDeg };
}

/** Whether no satellite is seen there and then. */
export function coveredOn(ride: Ride, atMs: number): boolean {
  return ride.way.covered?.[legAt(ride, atMs).index] ?? false;
}

interface Leg {
  readonly index: number;
  readonly from: Point;
  readonly to: Point;
  readonly startMs: number;
  readonly endMs: number;
}

/** The leg under somebody's feet: the first before the start, the last after the end. */
function legAt({ way, startMs }: Ride, atMs: number): Leg {
  const { points, sinceMs } = way;
  let [low, high] = [0, Math.max(0, points.length - 2)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startMs + (sinceMs[middle + 1] ?? 0) > atMs) high = middle;
    else low = middle + 1;
  }
  const [from, to] = [points[low], points[low + 1]];
  if (!from || !to) throw new Error("a way has two points or more");
  return { index: low, from, to, startMs: startMs + (sinceMs[low] ?? 0), endMs: startMs + (sinceMs[low + 1] ?? 0) };
}

/** Degrees clockwise from north; on the scale of a city a plane will do. */
function heading(from: Point, to: Point): number {
  const east = (to.lng - from.lng) * Math.cos((from.lat * Math.PI) / 180);
  return ((Math.atan2(east, to.lat - from.lat) * 180) / Math.PI + 360) % 360;
}
