import { assert } from "../../lib/assert.ts";
import { makeHeap, type MinHeap } from "../../lib/heap.ts";

/** One possible pairing. Costs are whole numbers below 2^52, so that sums are exact. */
export interface Edge {
  readonly row: number;
  readonly column: number;
  readonly cost: number;
}

export interface Assignment {
  /** For each row its column, or -1. */
  readonly columnOf: readonly number[];
  readonly rowPrices: readonly number[];
  readonly columnPrices: readonly number[];
}

/** Edges row by row in flat arrays; the last edge of each row is its own column, which means "none". */
interface Graph {
  readonly start: Int32Array;
  readonly columns: Int32Array;
  readonly costs: Float64Array;
  readonly width: number;
}

function graphOf(skipCosts: readonly number[], columns: number, edges: readonly Edge[]): Graph {
  const rows = skipCosts.length;
  const start = new Int32Array(rows + 1);
  for (const { row } of edges) start[row + 1] = (start[row + 1] ?? 0) + 1;
  for (let row = 0; row < rows; row++) start[row + 1] = (start[row + 1] ?? 0) + (start[row] ?? 0) + 1;
  const next = start.slice();
  const flat: Graph = {
    start,
    columns: new Int32Array(edges.length + rows),
    costs: new Float64Array(edges.length + rows),
    width: columns + rows,
  };
  const put = (row: number, column: number, cost: number) => {
    const at = next[row] ?? 0;
    flat.columns[at] = column;
    flat.costs[at] = cost;
    next[row] = at + 1;
  };
  for (const { row, column, cost } of edges) put(row, column, cost);
  for (const [row, cost] of skipCosts.entries()) put(row, columns + row, cost);
  return flat;
}

interface Search extends Graph {
  readonly rowPrice: Float64Array;
  readonly columnPrice: Float64Array;
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array;
  /** Scratch of one augmentation: the reached columns, how far each is, and from which row. */
  readonly touched: number[];
  readonly distance: Float64Array;
  readonly from: Int32Array;
  readonly settled: Uint8Array;
  readonly heap: MinHeap;
}

function makeSearch(graph: Graph, rows: number): Search {
  const { start, costs, width } = graph;
  const rowPrice = new Float64Array(rows).fill(Infinity);
  // A row's price starts at its cheapest edge: no reduced cost is negative then, even where a cost is.
  for (let row = 0; row < rows; row++)
    rowPrice[row] = costs.subarray(start[row], start[row + 1]).reduce((a, b) => Math.min(a, b), Infinity);
  return {
    ...graph,
    rowPrice,
    columnPrice: new Float64Array(width),
    rowOf: new Int32Array(width).fill(-1),
    columnOf: new Int32Array(rows).fill(-1),
    touched: [],
    distance: new Float64Array(width).fill(Infinity),
    from: new Int32Array(width),
    settled: new Uint8Array(width),
    heap: makeHeap(),
  };
}

/** Notes that `column` can be reached over `row` at this cost, if that is news. */
function reach(search: Search, column: number, row: number, wayCost: number): void {
  const { columnPrice, distance, settled } = search;
  const next = wayCost - (columnPrice[column] ?? 0);
  const known = distance[column] ?? Infinity;
  if (settled[column] === 1 || next >= known) return;
  if (known === Infinity) search.touched.push(column);
  distance[column] = next;
  search.from[column] = row;
  search.heap.push(next, column);
}

/** Follows every edge of a row that was reached at the given cost. */
function relax(search: Search, row: number, sofar: number): void {
  const { start, columns, costs } = search;
  const base = sofar - (search.rowPrice[row] ?? 0);
  const end = start[row + 1] ?? 0;
  for (let at = start[row] ?? 0; at < end; at++) reach(search, columns[at] ?? 0, row, base + (costs[at] ?? 0));
}

/** Dijkstra over reduced costs to the nearest free column. */
function nearestFree(search: Search, row: number): number {
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

function swapAlong({ from, rowOf, columnOf }: Search, row: number, free: number): void {
  for (let column = free; column >= 0;) {
    const owner = from[column] ?? row;
    const left = owner === row ? -1 : (columnOf[owner] ?? -1);
    rowOf[column] = owner;
    columnOf[owner] = column;
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
 * gets none costs its `skipCosts` entry, which may be lower than its edges.
 *
 * The prices are the optimum's duals: a row's is what it costs at the margin (its own cost and what it takes from
 * others), a column's, <= 0, what one more column like it would change the total by.
 */
export function assignRows(skipCosts: readonly number[], columns: number, edges: readonly Edge[]): Assignment {
  const search = makeSearch(graphOf(skipCosts, columns, edges), skipCosts.length);
  for (let row = 0; row < skipCosts.length; row++) augment(search, row);
  return {
    columnOf: Array.from(search.columnOf, (column) => (column < columns ? column : -1)),
    rowPrices: Array.from(search.rowPrice),
    columnPrices: Array.from(search.columnPrice.subarray(0, columns)),
  };
}
