import { assert } from "../../lib/assert.ts";
import { makeHeap, type MinHeap } from "../../lib/heap.ts";
import { byCost } from "./by-cost.ts";

/** Possible pairings, row by row in columns. Costs are whole numbers below 2^52, so that sums are exact. */
export interface Pairings {
  /** Where each row's pairings begin, and at the end their count. */
  readonly start: Int32Array;
  readonly columns: Int32Array;
  readonly costs: Float64Array;
  /** For each row its pairings by cost, counted from its first: filled in where it was wanted, good for the next time. */
  readonly orders: (Int32Array | undefined)[];
}

export interface Assignment {
  /** For each row the pairing that it got, or -1. */
  readonly pairingOf: Int32Array;
  readonly rowPrices: Float64Array;
  readonly columnPrices: Float64Array;
}

/** A row that was followed so often has its pairings sorted, so that following it can end early. */
const SORTED_FROM = 3;

/** Each row has a column of its own past all others, which means "none" and costs the row's `skipCosts`. */
interface Search extends Pairings {
  readonly skipCosts: ArrayLike<number>;
  /** Where the rows' own columns begin. */
  readonly width: number;
  readonly rowPrice: Float64Array;
  readonly columnPrice: Float64Array;
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array;
  readonly pairingOf: Int32Array;
  /** Scratch of one augmentation: the reached columns, how far each is, from which row and by which pairing. */
  readonly touched: number[];
  readonly distance: Float64Array;
  readonly from: Int32Array;
  readonly by: Int32Array;
  readonly settled: Uint8Array;
  readonly heap: MinHeap;
  /** How often each row was followed. */
  readonly followed: Int32Array;
  /** How far the nearest free column is that was reached: what is further decides nothing. */
  nearest: number;
}

function makeSearch(pairings: Pairings, skipCosts: ArrayLike<number>, columns: number): Search {
  const { start, costs } = pairings;
  const rows = skipCosts.length;
  const width = columns + rows;
  const rowPrice = new Float64Array(rows);
  // A row's price starts at its cheapest pairing: no reduced cost is negative then, even where a cost is.
  for (let row = 0; row < rows; row++) {
    let least = skipCosts[row] ?? 0;
    const end = start[row + 1] ?? 0;
    for (let at = start[row] ?? 0; at < end; at++) least = Math.min(least, costs[at] ?? 0);
    rowPrice[row] = least;
  }
  return {
    ...pairings,
    skipCosts,
    width: columns,
    rowPrice,
    columnPrice: new Float64Array(width),
    rowOf: new Int32Array(width).fill(-1),
    columnOf: new Int32Array(rows).fill(-1),
    pairingOf: new Int32Array(rows).fill(-1),
    touched: [],
    distance: new Float64Array(width).fill(Infinity),
    from: new Int32Array(width),
    by: new Int32Array(width),
    settled: new Uint8Array(width),
    heap: makeHeap(),
    followed: new Int32Array(rows),
    nearest: Infinity,
  };
}

/** Notes that `column` can be reached over `row` at this cost, if that is news and may decide something. */
function reach(search: Search, column: number, row: number, pairing: number, wayCost: number): void {
  const { columnPrice, distance, settled } = search;
  const next = wayCost - (columnPrice[column] ?? 0);
  const known = distance[column] ?? Infinity;
  if (next >= known || settled[column] === 1) return;
  if (known === Infinity) search.touched.push(column);
  distance[column] = next;
  search.from[column] = row;
  search.by[column] = pairing;
  if (search.rowOf[column] === -1) search.nearest = next;
  search.heap.push(next, column);
}

/** Follows the pairings of a row that was reached at the given cost, those that may decide something. */
function relax(search: Search, row: number, sofar: number): void {
  const base = sofar - (search.rowPrice[row] ?? 0);
  const skipCost = base + (search.skipCosts[row] ?? 0);
  if (skipCost <= search.nearest) reach(search, search.width + row, row, -1, skipCost);
  const order = orderOf(search, row);
  if (order) relaxInOrder(search, row, base, order);
  else relaxAll(search, row, base);
}

function relaxAll(search: Search, row: number, base: number): void {
  const { start, columns, costs, columnPrice } = search;
  const end = start[row + 1] ?? 0;
  for (let at = start[row] ?? 0; at < end; at++) {
    const wayCost = base + (costs[at] ?? 0);
    const column = columns[at] ?? 0;
    if (wayCost - (columnPrice[column] ?? 0) <= search.nearest) reach(search, column, row, at, wayCost);
  }
}

/** The same, ended where nothing nearer can follow: prices are 0 or less, so they only make it further. */
function relaxInOrder(search: Search, row: number, base: number, order: Int32Array): void {
  const { columns, costs, columnPrice } = search;
  const first = search.start[row] ?? 0;
  for (let index = 0; index < order.length; index++) {
    const at = first + (order[index] ?? 0);
    const wayCost = base + (costs[at] ?? 0);
    if (wayCost > search.nearest) return;
    const column = columns[at] ?? 0;
    if (wayCost - (columnPrice[column] ?? 0) <= search.nearest) reach(search, column, row, at, wayCost);
  }
}

function orderOf({ followed, orders, start, costs }: Search, row: number): Int32Array | undefined {
  const known = orders[row];
  if (known) return known;
  const times = (followed[row] ?? 0) + 1;
  followed[row] = times;
  if (times >= SORTED_FROM) orders[row] = byCost(costs, start[row] ?? 0, start[row + 1] ?? 0);
  return orders[row];
}

/** Dijkstra over reduced costs to the nearest free column. */
function nearestFree(search: Search, row: number): number {
  search.nearest = Infinity;
  relax(search, row, 0);
  for (;;) {
    const column = search.heap.pop();
    assert(column >= 0, "every row has its own way out");
    if (search.settled[column] === 1) continue;
    const owner = search.rowOf[column] ?? -1;
    if (owner < 0) return column;
    search.settled[column] = 1;
    relax(search, owner, search.distance[column] ?? 0);
  }
}

/** Keeps every reduced cost at 0 or more, and at 0 along the way to `free`. */
function reprice(
  { rowPrice, columnPrice, rowOf, distance, settled, touched }: Search,
  row: number,
  free: number,
): void {
  const wayCost = distance[free] ?? 0;
  rowPrice[row] = (rowPrice[row] ?? 0) + wayCost;
  for (const column of touched) {
    if (settled[column] !== 1) continue;
    const gain = wayCost - (distance[column] ?? 0);
    const owner = rowOf[column] ?? 0;
    rowPrice[owner] = (rowPrice[owner] ?? 0) + gain;
    columnPrice[column] = (columnPrice[column] ?? 0) - gain;
  }
}

function swapAlong({ from, by, rowOf, columnOf, pairingOf }: Search, row: number, free: number): void {
  for (let column = free; column >= 0;) {
    const owner = from[column] ?? row;
    const left = owner === row ? -1 : (columnOf[owner] ?? -1);
    rowOf[column] = owner;
    columnOf[owner] = column;
    pairingOf[owner] = by[column] ?? -1;
    column = left;
  }
}

/** Gives one more row its column: the cheapest change of all that was given so far. */
function augment(search: Search, row: number): void {
  const free = nearestFree(search, row);
  reprice(search, row, free);
  swapAlong(search, row, free);
  for (const column of search.touched) {
    search.distance[column] = Infinity;
    search.settled[column] = 0;
  }
  search.touched.length = 0;
  search.heap.clear();
}

/**
 * The cheapest way to give each row one column or none, no column twice. [DSP3]
 *
 * Exact: successive shortest augmenting paths with potentials (Jonker and Volgenant, "A shortest augmenting path
 * algorithm for dense and sparse linear assignment problems", Computing 38, 1987), on the sparse graph. A row that
 * gets none costs its `skipCosts` entry, which may be lower than its pairings.
 *
 * The prices are the optimum's duals: a row's is what it costs at the margin (its own cost and what it takes from
 * others), a column's, <= 0, what one more column like it would change the total by.
 *
 * @param skipCosts one for each row
 * @param columns how many there are; pairings name them from 0
 */
export function assignRows(skipCosts: ArrayLike<number>, columns: number, pairings: Pairings): Assignment {
  const search = makeSearch(pairings, skipCosts, columns);
  for (let row = 0; row < skipCosts.length; row++) augment(search, row);
  return {
    pairingOf: search.pairingOf,
    rowPrices: search.rowPrice,
    columnPrices: search.columnPrice.subarray(0, columns),
  };
}
