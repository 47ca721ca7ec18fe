import { cellOf, forRing, placeInGrid, ringOf } from "../geo/cells.ts";
import type { Point } from "../geo/point.ts";
import type { RoundSettings } from "./round.ts";

/** Cells by latitude and resolution, as last asked. Who waits stays in place from round to round, and a cell costs more than a look. */
const knownCells = new Map<number, Map<number, { readonly lng: number; readonly cell: string }>>();
const MOST_KNOWN = 100_000;

/** {@link cellOf}, remembered. */
function knownCellOf(point: Point, res: number): string {
  let known = knownCells.get(res);
  if (!known) knownCells.set(res, (known = new Map<number, { lng: number; cell: string }>()));
  const before = known.get(point.lat);
  if (before?.lng === point.lng) return before.cell;
  const cell = cellOf(point, res);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(point.lat, { lng: point.lng, cell });
  return cell;
}

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
    const cell = knownCellOf(place, res);
    const own = byCell.get(cell);
    if (own) own.push(index);
    else byCell.set(cell, [index]);
  }
  const wanted = Math.min(enough, places.length);
  const search = flatSearch(byCell, wanted, maxRings) ?? ((centre) => ringByRing(byCell, centre, wanted, maxRings));
  const known = new Map<string, readonly number[]>();
  return (around) => {
    const centre = knownCellOf(around, res);
    let found = known.get(centre);
    if (!found) known.set(centre, (found = search(centre).toSorted((a, b) => a - b)));
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

/** The same by counting steps in the flat grid, where no ring's cells need names; undefined where the grid is not flat. */
function flatSearch(byCell: ByCell, wanted: number, maxRings: number): Search | undefined {
  const [anchor] = byCell.keys();
  if (anchor === undefined) return undefined;
  const held = new Map<number, readonly number[]>();
  for (const [cell, own] of byCell) {
    const at = placeInGrid(anchor, cell);
    if (!at) return undefined;
    held.set(gridKey(at.i, at.j), own);
  }
  return (centre) => {
    const from = placeInGrid(anchor, centre);
    if (!from) return ringByRing(byCell, centre, wanted, maxRings);
    const found: number[] = [];
    const take = (i: number, j: number) => {
      const own = held.get(gridKey(from.i + i, from.j + j));
      if (own) for (const index of own) found.push(index);
    };
    for (let k = 0; k <= maxRings && found.length < wanted; k++) forRing(k, take);
    return found;
  };
}

/** Steps stay far below the half of this: the grid is laid flat around one city. */
const GRID_WIDE = 1 << 15;

function gridKey(i: number, j: number): number {
  return i * GRID_WIDE + j;
}
