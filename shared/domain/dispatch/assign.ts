import { assert } from "../../lib/assert.ts";

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

interface Heap {
  push(key: number, value: number): void;
  /** The value with the smallest key, ties by the smaller value: the order never depends on the way in. */
  pop(): { key: number; value: number } | undefined;
}

function makeHeap(): Heap {
  const keys: number[] = [];
  const values: number[] = [];
  const before = (i: number, j: number) => {
    const ki = keys[i] ?? 0;
    const kj = keys[j] ?? 0;
    return ki < kj || (ki === kj && (values[i] ?? 0) < (values[j] ?? 0));
  };
  const swap = (i: number, j: number) => {
    [keys[i], keys[j]] = [keys[j] ?? 0, keys[i] ?? 0];
    [values[i], values[j]] = [values[j] ?? 0, values[i] ?? 0];
  };
  const sink = (start: number) => {
    let at = start;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= keys.length) return;
      const least = left + 1 < keys.length && before(left + 1, left) ? left + 1 : left;
      if (!before(least, at)) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    push(key, value) {
      let at = keys.push(key) - 1;
      values.push(value);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop() {
      const key = keys[0];
      const value = values[0];
      if (key === undefined || value === undefined) return undefined;
      swap(0, keys.length - 1);
      keys.pop();
      values.pop();
      sink(0);
      return { key, value };
    },
  };
}

interface Search {
  readonly adjacent: readonly (readonly Edge[])[];
  readonly rowPotential: Float64Array;
  readonly columnPotential: Float64Array;
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array;
}

/** Dijkstra over reduced costs from one row to the nearest free column, then the swap along that path. */
function augment(search: Search, start: number): void {
  const { adjacent, rowPotential, columnPotential, rowOf, columnOf } = search;
  const reached = new Map<number, { distance: number; from: number }>();
  const settled: number[] = [];
  const done = new Set<number>();
  const heap = makeHeap();
  let row = start;
  let distance = 0;
  let free = -1;
  while (free < 0) {
    for (const { column, cost } of adjacent[row] ?? []) {
      if (done.has(column)) continue;
      const next = distance + cost - (rowPotential[row] ?? 0) - (columnPotential[column] ?? 0);
      const known = reached.get(column);
      if (known && known.distance <= next) continue;
      reached.set(column, { distance: next, from: row });
      heap.push(next, column);
    }
    const nearest = nextOpen(heap, done);
    distance = nearest.key;
    done.add(nearest.value);
    const owner = rowOf[nearest.value] ?? -1;
    if (owner < 0) free = nearest.value;
    else {
      settled.push(nearest.value);
      row = owner;
    }
  }
  rowPotential[start] = (rowPotential[start] ?? 0) + distance;
  for (const column of settled) {
    const gain = distance - (reached.get(column)?.distance ?? 0);
    const owner = rowOf[column] ?? -1;
    rowPotential[owner] = (rowPotential[owner] ?? 0) + gain;
    columnPotential[column] = (columnPotential[column] ?? 0) - gain;
  }
  for (let column = free; column >= 0;) {
    const from = reached.get(column)?.from ?? -1;
    const previous = columnOf[from] ?? -1;
    rowOf[column] = from;
    columnOf[from] = column;
    column = from === start ? -1 : previous;
  }
}

function nextOpen(heap: Heap, done: ReadonlySet<number>): { key: number; value: number } {
  for (;;) {
    const next = heap.pop();
    assert(next, "every row has its own way out");
    if (!done.has(next.value)) return next;
  }
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
  const rows = skipCosts.length;
  const adjacent: Edge[][] = skipCosts.map((cost, row) => [{ row, column: columns + row, cost }]);
  for (const edge of edges) adjacent[edge.row]?.push(edge);
  const search: Search = {
    adjacent,
    rowPotential: new Float64Array(rows),
    columnPotential: new Float64Array(columns + rows),
    rowOf: new Int32Array(columns + rows).fill(-1),
    columnOf: new Int32Array(rows).fill(-1),
  };
  // A row's potential starts at its cheapest edge, so that no reduced cost is negative even when a cost is.
  for (const [row, own] of adjacent.entries())
    search.rowPotential[row] = own.reduce((least, { cost }) => Math.min(least, cost), Infinity);
  for (let row = 0; row < rows; row++) augment(search, row);
  return {
    columnOf: Array.from(search.columnOf, (column) => (column < columns ? column : -1)),
    rowPrices: Array.from(search.rowPotential),
    columnPrices: Array.from(search.columnPotential.subarray(0, columns)),
  };
}
