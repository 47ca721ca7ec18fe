import { forRing, ringOf } from "../geo/cells.ts";
import type { Point } from "../geo/point.ts";
import { KnownCells } from "./known-cells.ts";
import type { RoundSettings } from "./round.ts";

const knownCells = new Map<number, KnownCells>();

function knownAt(res: number): KnownCells {
  let known = knownCells.get(res);
  if (!known) knownCells.set(res, (known = new KnownCells(res)));
  return known;
}

/** Where more than so many couriers share a cell on the average, the last ring holds many more than are wanted: finer cells are used then. */
const CROWDED = 4;
const FINEST_BY = 2;
/** So many are crowded in any city: cells one size finer are begun with, so that they are not sorted into cells in vain. */
const MANY = 2_000;
/** As many steps between finer cells are as far as one: the root of how many of them make one. */
const FINER_STEPS = Math.sqrt(7);

function byCellOf(places: readonly Point[], cells: KnownCells): ByCell {
  const byCell = new Map<string, number[]>();
  for (const [index, place] of places.entries()) {
    const cell = cells.of(place);
    const own = byCell.get(cell);
    if (own) own.push(index);
    else byCell.set(cell, [index]);
  }
  return byCell;
}

/**
 * Finds couriers around a place by H3 rings, widening ring by ring until there are enough; never a scan of all. [DSP5]
 *
 * @param places where each courier will be free
 * @returns for a point, the indices of the couriers found, ascending; the same for all points of a cell
 */
export function ringSearch(
  places: readonly Point[],
  settings: RoundSettings["candidates"],
): (around: Point) => readonly number[] {
  const wanted = Math.min(settings.enough, places.length);
  let res = places.length < MANY ? settings.res : settings.res + 1;
  let byCell = byCellOf(places, knownAt(res));
  while (places.length > CROWDED * byCell.size && res < settings.res + FINEST_BY) {
    res += 1;
    byCell = byCellOf(places, knownAt(res));
  }
  const maxRings = Math.ceil(settings.maxRings * FINER_STEPS ** (res - settings.res));
  const cells = knownAt(res);
  const search = flatSearch(byCell, cells, wanted, maxRings) ?? ringByRing(byCell, wanted, maxRings);
  const known = new Map<string, readonly number[]>();
  return (around) => {
    const centre = cells.of(around);
    let found = known.get(centre);
    if (!found) known.set(centre, (found = search(centre).toSorted((a, b) => a - b)));
    return found;
  };
}

type ByCell = ReadonlyMap<string, readonly number[]>;
type Search = (centre: string) => number[];

function ringByRing(byCell: ByCell, wanted: number, maxRings: number): Search {
  return (centre) => {
    const found: number[] = [];
    for (let k = 0; k <= maxRings && found.length < wanted; k++) {
      for (const cell of ringOf(centre, k)) found.push(...(byCell.get(cell) ?? []));
    }
    return found;
  };
}

/** The same by counting steps in the flat grid, where no ring's cells need names; undefined where the grid is not flat. */
function flatSearch(byCell: ByCell, cells: KnownCells, wanted: number, maxRings: number): Search | undefined {
  const [anchor] = byCell.keys();
  if (anchor === undefined) return undefined;
  const held = new Map<number, readonly number[]>();
  for (const [cell, own] of byCell) {
    const at = cells.inGrid(anchor, cell);
    if (!at) return undefined;
    held.set(gridKey(at.i, at.j), own);
  }
  const oneByOne = ringByRing(byCell, wanted, maxRings);
  return (centre) => {
    const from = cells.inGrid(anchor, centre);
    if (!from) return oneByOne(centre);
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
