import { EARTH_RADIUS_M } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";
import { legRouter } from "./leg-router.ts";
import type { Router } from "./router.ts";

/** A place of an instance that is given in metres. */
export interface PlanePoint {
  readonly xM: number;
  readonly yM: number;
}

export interface PlaneProjection {
  readonly toPoint: (place: PlanePoint) => Point;
  readonly toPlane: (point: Point) => PlanePoint;
}

const METRES_PER_DEGREE = (EARTH_RADIUS_M * Math.PI) / 180;

/**
 * Lays a plane in metres around `origin`, which becomes its (0, 0): equirectangular with the scale of the origin's
 * latitude, so that both ways are one multiplication. The inverse rounds to a millimetre: a place given in whole
 * millimetres comes back exactly, and so do the whole minutes of its legs. Points must be kept as doubles; a store
 * that keeps five decimals of a degree would move them by a metre. [DSP2]
 */
export function planeProjection(origin: Point): PlaneProjection {
  const metresPerLng = METRES_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180);
  const millimetres = (metres: number) => Math.round(metres * 1000) / 1000;
  return {
    toPoint: ({ xM, yM }) => ({ lat: origin.lat + yM / METRES_PER_DEGREE, lng: origin.lng + xM / metresPerLng }),
    toPlane: ({ lat, lng }) => ({
      xM: millimetres((lng - origin.lng) * metresPerLng),
      yM: millimetres((lat - origin.lat) * METRES_PER_DEGREE),
    }),
  };
}

export interface PlaneSpeed {
  readonly metersPerMinute: number;
  readonly projection: PlaneProjection;
}

/** Straight lines in a plane, each leg rounded up to whole minutes, as in the Meal Delivery Routing Problem. [DSP2] */
export function planeRouter({ metersPerMinute, projection }: PlaneSpeed): Router {
  return legRouter((from, to) => {
    const a = projection.toPlane(from);
    const b = projection.toPlane(to);
    const wayM = Math.sqrt((a.xM - b.xM) ** 2 + (a.yM - b.yM) ** 2);
    return { distanceM: wayM, durationS: 60 * Math.ceil(wayM / metersPerMinute) };
  });
}
