import {
  cellToBoundary,
  cellToLatLng,
  cellToLocalIj,
  getResolution,
  gridDisk,
  gridRingUnsafe,
  latLngToCell,
} from "h3-js";

import type { Point } from "./point.ts";

/** Zones that operators watch and couriers join: about 5 km2 each. */
export const ZONE_RES = 7;

/** The H3 index of the cell of `res` that holds the point. */
export function cellOf(point: Point, res: number): string {
  return latLngToCell(point.lat, point.lng, res);
}

/** The zone of a place: its H3 cell at {@link ZONE_RES}. */
export function zoneOf(point: Point): string {
  return cellOf(point, ZONE_RES);
}

export function cellResolution(cell: string): number {
  return getResolution(cell);
}

export function cellCentre(cell: string): Point {
  const [lat, lng] = cellToLatLng(cell);
  return { lat, lng };
}

/** The cell's corners in order, first not repeated. */
export function cellOutline(cell: string): Point[] {
  return cellToBoundary(cell).map(([lat, lng]) => ({ lat, lng }));
}

/** All cells within `k` steps, the cell itself included. */
export function cellsWithin(cell: string, k: number): string[] {
  return gridDisk(cell, k);
}

/** The cells exactly `k` steps away; `k` 0 is the cell itself. Near one of the twelve pentagons, where a ring has a hole, by difference. */
export function ringOf(cell: string, k: number): string[] {
  if (k === 0) return [cell];
  try {
    return gridRingUnsafe(cell, k);
  } catch {
    const inner = new Set(gridDisk(cell, k - 1));
    return gridDisk(cell, k).filter((each) => !inner.has(each));
  }
}

/** A cell's place among those around an anchor: steps along two axes. */
export interface GridPlace {
  readonly i: number;
  readonly j: number;
}

/** Where a cell lies as seen from the anchor; undefined where the grid cannot be laid flat: very far, or past a pentagon. */
export function placeInGrid(anchor: string, cell: string): GridPlace | undefined {
  try {
    return cellToLocalIj(anchor, cell);
  } catch {
    return undefined;
  }
}

/** Calls with each place that is exactly `k` steps from (0, 0), once. */
export function forRing(k: number, call: (i: number, j: number) => void): void {
  if (k === 0) return call(0, 0);
  for (let step = 0; step < k; step++) {
    call(k, step);
    call(k - step, k);
    call(-step, k - step);
    call(-k, -step);
    call(step - k, -k);
    call(step, step - k);
  }
}
