import { cellCentre, cellOf, cellResolution, zoneOf } from "../geo/cells.ts";
import { distanceM } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";

/** How much nearer the new zone's centre must be than the old one's, metres: several times a phone's usual error. */
export const ZONE_MARGIN_M = 150;

/**
 * The zone whose room a courier belongs in after a fix. [TRK7, TRK8]
 *
 * Changing rooms costs a join on a hub and a marker on a screen, and someone who waits on a border would change with
 * every fix. So the old zone is kept until another zone's centre is nearer by more than the margin; a zone's cells are
 * the places nearest to its centre, so that is a strip of half the margin or more on the far side of the border.
 *
 * @param current the zone so far (H3 index), or undefined at the start of a shift
 * @returns an H3 index of the zones' resolution
 */
export function nextZone(current: string | undefined, fix: Point, marginM: number = ZONE_MARGIN_M): string {
  if (current === undefined) return zoneOf(fix);
  const here = cellOf(fix, cellResolution(current));
  if (here === current) return current;
  const nearerM = distanceM(fix, cellCentre(current)) - distanceM(fix, cellCentre(here));
  return nearerM > marginM ? here : current;
}
