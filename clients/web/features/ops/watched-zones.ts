import type { Point } from "#shared/contracts/geo.ts";
import { cellsWithin, zoneOf } from "#shared/domain/geo/cells.ts";

/** The contract takes so many zones. */
const MOST = 500;

/**
 * The zones to listen to: the market's middle, and around everything that is on the map. Sorted, so that the same places
 * are the same list.
 */
export function watchedZones(center: Point, places: readonly Point[]): string[] {
  const zones = new Set(cellsWithin(zoneOf(center), 3));
  for (const place of places) for (const zone of cellsWithin(zoneOf(place), 1)) zones.add(zone);
  return [...zones].slice(0, MOST).toSorted();
}
