import type { Point } from "./point.ts";

/** IUGG mean radius R1, metres (Moritz, "Geodetic Reference System 1980", J. Geodesy 74, 2000). */
export const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;
/** Metres in a degree of latitude on that sphere. */
export const DEGREE_M = EARTH_RADIUS_M * RADIANS;

/**
 * Great-circle distance by the haversine, which unlike the law of cosines keeps its digits when the points are metres
 * apart (Sinnott, "Virtues of the Haversine", Sky & Telescope 68, 1984). The sphere is off by up to 0.5 %: right for
 * ranking couriers, wrong for billing. [TRK5]
 *
 * @returns metres, >= 0; symmetric
 */
export function distanceM(a: Point, b: Point): number {
  const sinLat = Math.sin(((b.lat - a.lat) * RADIANS) / 2);
  const sinLng = Math.sin(((b.lng - a.lng) * RADIANS) / 2);
  const h = sinLat ** 2 + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * sinLng ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The place so many metres east and north of another, on a plane that touches the sphere there: right within a city. */
export function offsetBy({ lat, lng }: Point, eastM: number, northM: number): Point {
  return { lat: lat + northM / DEGREE_M, lng: lng + eastM / (DEGREE_M * Math.cos(lat * RADIANS)) };
}
