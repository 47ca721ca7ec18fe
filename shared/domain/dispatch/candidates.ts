import { cellOf, gridSteps, placeInGrid, ringOf, type GridPlace } from "../geo/cells.ts";
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
  const wanted = Math.min(enough, places.length);
  const search = flatSearch(byCell, wanted, maxRings) ?? ((centre) => ringByRing(byCell, centre, wanted, maxRings));
  const known = new Map<string, readonly number[]>();
  return (around) => {
    const centre = cellOf(around, res);
    const found = known.get(centre) ?? search(centre).toSorted((a, b) => a - b);
    known.set(centre, found);
    return found;
  };
}

type ByCell = ReadonlyMap<string, readonly number[]>;
type Search = (centre: string) => number[];

function ringByRing(byCell: ByCell, centre: string, wanted: number, maxRings: number): number[] {
  const found: number[] = [];
  for (let k = 0; k <= maxRings && found.length < wanted; k++) {
    for (const cell of ringOf(centre, k)) found.push(...(byCell.get(cell) ?? []));
  }
  return found;
}

/** The same by the steps to each cell that holds somebody, which are far fewer than the cells of wide rings; undefined where the grid is not flat. */
function flatSearch(byCell: ByCell, wanted: number, maxRings: number): Search | undefined {
  const [anchor] = byCell.keys();
  if (anchor === undefined) return undefined;
  const held: { readonly at: GridPlace; readonly own: readonly number[] }[] = [];
  for (const [cell, own] of byCell) {
    const at = placeInGrid(anchor, cell);
    if (!at) return undefined;
    held.push({ at, own });
  }
  return (centre) => {
    const from = placeInGrid(anchor, centre);
    if (!from) return ringByRing(byCell, centre, wanted, maxRings);
    const rings = Array.from({ length: maxRings + 1 }, (): number[] => []);
    for (const { at, own } of held) rings[gridSteps(from, at)]?.push(...own);
    const found: number[] = [];
    for (let k = 0; k <= maxRings && found.length < wanted; k++) found.push(...(rings[k] ?? []));
    return found;
  };
}
