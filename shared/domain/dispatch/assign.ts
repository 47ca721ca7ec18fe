import { assert } from "../../lib/assert.ts";
import { makeHeap } from "./heap.ts";

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

function makeSearch({ start, columns, costs, width }: Graph, rows: number) {
  const rowPrice = new Float64Array(rows);
  const columnPrice = new Float64Array(width);
  const rowOf = new Int32Array(width).fill(-1);
  const columnOf = new Int32Array(rows).fill(-1);
  const distance = new Float64Array(width).fill(Infinity);
  const from = new Int32Array(width);
  const settled = new Uint8Array(width);
  const touched: number[] = [];
  const heap = makeHeap();
  // A row's price starts at its cheapest edge: no reduced cost is negative then, even where a cost is.
  for (let row = 0; row < rows; row++) {
    let least = Infinity;
    for (let at = start[row] ?? 0; at < (start[row + 1] ?? 0); at++) least = Math.min(least, costs[at] ?? Infinity);
    rowPrice[row] = least;
  }

  const relax = (row: number, sofar: number) => {
    const base = sofar - (rowPrice[row] ?? 0);
    for (let at = start[row] ?? 0; at < (start[row + 1] ?? 0); at++) {
      const column = columns[at] ?? 0;
      const next = base + (costs[at] ?? 0) - (columnPrice[column] ?? 0);
      const known = distance[column] ?? Infinity;
      if (settled[column] === 1 || next >= known) continue;
      if (known === Infinity) touched.push(column);
      distance[column] = next;
      from[column] = row;
      heap.push(next, column);
    }
  };
  /** Dijkstra over reduced costs to the nearest free column. */
  const nearestFree = (row: number): number => {
    relax(row, 0);
    for (;;) {
      const column = heap.pop();
      assert(column >= 0, "every row has its own way out");
      if (settled[column] === 1) continue;
      const owner = rowOf[column] ?? -1;
      if (owner < 0) return column;
      settled[column] = 1;
      relax(owner, distance[column] ?? 0);
    }
  };
  const reprice = (row: number, wayCost: number) => {
    rowPrice[row] = (rowPrice[row] ?? 0) + wayCost;
    for (const column of touched) {
      if (settled[column] !== 1) continue;
      const gain = wayCost - (distance[column] ?? 0);
      const owner = rowOf[column] ?? 0;
      rowPrice[owner] = (rowPrice[owner] ?? 0) + gain;
      columnPrice[column] = (columnPrice[column] ?? 0) - gain;
    }
  };
  const swapAlong = (row: number, free: number) => {
    for (let column = free; column >= 0;) {
      const owner = from[column] ?? row;
      const left = owner === row ? -1 : (columnOf[owner] ?? -1);
      rowOf[column] = owner;
      columnOf[owner] = column;
      column = left;
    }
  };
  const forget = () => {
    for (const column of touched) {
      distance[column] = Infinity;
      settled[column] = 0;
    }
    touched.length = 0;
    heap.clear();
  };
  return {
    rowPrice,
    columnPrice,
    columnOf,
    augment(row: number) {
      const free = nearestFree(row);
      reprice(row, distance[free] ?? 0);
      swapAlong(row, free);
      forget();
    },
  };
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
  for (let row = 0; row < skipCosts.length; row++) search.augment(row);
  return {
    columnOf: Array.from(search.columnOf, (column) => (column < columns ? column : -1)),
    rowPrices: Array.from(search.rowPrice),
    columnPrices: Array.from(search.columnPrice.subarray(0, columns)),
  };
}
