import type { Fix, Point } from "#shared/contracts/geo.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

/** A straight way between two places, in deployment time. */
export interface Ride {
  readonly from: Point;
  readonly to: Point;
  readonly startMs: number;
  readonly endMs: number;
}

/** Where somebody on this way is at `atMs`. */
export function placeOn(ride: Ride, atMs: number): Point {
  const spanMs = ride.endMs - ride.startMs;
  const share = spanMs <= 0 ? 1 : Math.min(1, Math.max(0, (atMs - ride.startMs) / spanMs));
  return {
    lat: ride.from.lat + (ride.to.lat - ride.from.lat) * share,
    lng: ride.from.lng + (ride.to.lng - ride.from.lng) * share,
  };
}

/** What a phone with a good sky would read there and then. */
export function fixOn(ride: Ride, atMs: number): Fix {
  const spanS = (ride.endMs - ride.startMs) / 1000;
  const moving = spanS > 0 && atMs > ride.startMs && atMs < ride.endMs;
  const speedMps = moving ? Math.min(150, distanceM(ride.from, ride.to) / spanS) : 0;
  const place = placeOn(ride, atMs);
  return { ...place, takenAtMs: Math.floor(atMs), accuracyM: 5, speedMps, headingDeg: moving ? heading(ride) : null };
}

/** Degrees clockwise from north; on the scale of a city a plane will do. */
function heading({ from, to }: Ride): number {
  const east = (to.lng - from.lng) * Math.cos((from.lat * Math.PI) / 180);
  return ((Math.atan2(east, to.lat - from.lat) * 180) / Math.PI + 360) % 360;
}
