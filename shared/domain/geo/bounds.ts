import { EARTH_RADIUS_M } from "./distance.ts";
import type { Point } from "./point.ts";

/** Degrees; west is never east of east. */
export interface Bounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

const RADIANS = Math.PI / 180;

/**
 * A rectangle of latitudes and longitudes that holds everything within `radiusM` of the point by `distanceM`. Where the circle
 * reaches a pole or the other end of the longitudes, it goes around the whole earth. The widest longitude of a
 * cap is where its edge is touched by a meridian: `sin(half) = sin(reach) / cos(lat)`, by Napier's rules.
 */
export function boundsAround({ lat, lng }: Point, radiusM: number): Bounds {
  const reach = radiusM / EARTH_RADIUS_M;
  const [south, north] = [lat - reach / RADIANS, lat + reach / RADIANS];
  const around = { south: Math.max(-90, south), west: -180, north: Math.min(90, north), east: 180 };
  if (south <= -90 || north >= 90) return around;
  const half = Math.asin(Math.min(1, Math.sin(reach) / Math.cos(lat * RADIANS))) / RADIANS;
  const [west, east] = [lng - half, lng + half];
  return west < -180 || east > 180 ? around : { south, west, north, east };
}
