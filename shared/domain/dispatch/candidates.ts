import { cellOf, ringOf } from "../geo/cells.ts";
import type { Point } from "../geo/point.ts";
import type { RoundSettings } from "./round.ts";

/**
 * Finds couriers around a place by H3 rings, widening ring by ring until there are enough; never a scan of all. [DSP5]
 *
 * @param places where each courier will be free
 * @returns for a point, the indices of the couriers found, ascending; the same for all points of a cell
 */
export function ringSearch(
  places: readonly Point[],
  { res, enough, maxRings }: RoundSettings["candidates"],
): (around: Point) => readonly number[] {
  const byCell = new Map<string, number[]>();
  for (const [index, place] of places.entries()) {
    const cell = cellOf(place, res);
    const own = byCell.get(cell);
    if (own) own.push(index);
    else byCell.set(cell, [index]);
  }
  const known = new Map<string, readonly number[]>();
  const search = (centre: string): readonly number[] => {
    const found: number[] = [];
    for (let k = 0; k <= maxRings && found.length < Math.min(enough, places.length); k++) {
      for (const cell of ringOf(centre, k)) found.push(...(byCell.get(cell) ?? []));
    }
    return found.toSorted((a, b) => a - b);
  };
  return (around) => {
    const centre = cellOf(around, res);
    const found = known.get(centre) ?? search(centre);
    known.set(centre, found);
    return found;
  };
}
