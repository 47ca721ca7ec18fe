import { E7 } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";

/** A tile's place in the pyramid: column `x` from the west, row `y` from the north, of 2^z each. */
export interface TilePlace {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** West, south, east, north in ten-millionths of a degree. */
export type BoxE7 = readonly [west: number, south: number, east: number, north: number];

/** What a tile shows, with a margin of so many tile widths around it. */
export function tileBox({ z, x, y }: TilePlace, margin: number): BoxE7 {
  const across = 2 ** z;
  return [
    lngOf((x - margin) / across),
    latOf((y + 1 + margin) / across),
    lngOf((x + 1 + margin) / across),
    latOf((y - margin) / across),
  ].map((degrees) => Math.round(degrees * E7)) as unknown as BoxE7; // Cast: map keeps the four.
}

/** The tile in which a point lies. */
export function tileAt({ lat, lng }: Point, z: number): TilePlace {
  const sine = Math.sin((lat * Math.PI) / 180);
  const across = 2 ** z;
  const share = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return { z, x: Math.floor(((lng + 180) / 360) * across), y: Math.floor(share * across) };
}

/** Shares of the world's width from the west. */
function lngOf(share: number): number {
  return share * 360 - 180;
}

/** Shares of the world's height from the north (EPSG:3857). */
function latOf(share: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * share))) * 180) / Math.PI;
}
