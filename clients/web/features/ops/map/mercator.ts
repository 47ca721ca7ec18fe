import type { Point } from "#shared/contracts/geo.ts";

/** A place in the square of web mercator (EPSG:3857): [0, 0] is its north-west corner, [1, 1] its south-east. */
export type Mercator = readonly [x: number, y: number];

export function mercatorOf({ lat, lng }: Point): Mercator {
  const y = 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
  return [(lng + 180) / 360, y];
}

export function pointOf([x, y]: Mercator): Point {
  return { lng: x * 360 - 180, lat: (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90 };
}
