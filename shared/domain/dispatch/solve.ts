import { assignRows, type Edge } from "./assign.ts";
import { connectedSets } from "./components.ts";
import { groupBy } from "./group-by.ts";
import { makeRow, weigh, type Costing, type Row, type Weighed } from "./rows.ts";

export interface Solved {
  readonly row: Row;
  /** Undefined when the row is left for a later plan. */
  readonly choice: Weighed | undefined;
}

interface Solution {
  readonly rows: readonly Row[];
  readonly solved: readonly Solved[];
  readonly cost: number;
  readonly rowPrices: readonly number[];
  /** By the column's number in the whole round; a column that nobody touched costs nothing. */
  readonly priceOf: (column: number) => number;
}

/** Splits rows into sets that share no courier, so that each can be solved apart. Rows of one kitchen stay together: they may merge. [DSP4] */
export function componentsOf(rows: readonly Row[]): Row[][] {
  const firstOf = new Map<number | string, number>();
  const pairs: [number, number][] = [];
  const meet = (key: number | string, row: number) => {
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, row);
    else pairs.push([first, row]);
  };
  for (const [index, { kitchen, weighed }] of rows.entries()) {
    meet(kitchen.restaurantId, index);
    for (const { approach } of weighed) meet(approach.column, index);
  }
  return connectedSets(rows.length, pairs).map((set) => set.flatMap((index) => rows[index] ?? []));
}

function assign(rows: readonly Row[]): Solution {
  const local = new Map<number, number>();
  const edges: Edge[] = [];
  for (const [row, { weighed }] of rows.entries()) {
    for (const { approach, cost } of weighed) {
      const column = local.get(approach.column) ?? local.size;
      local.set(approach.column, column);
      edges.push({ row, column, cost });
    }
  }
  const { columnOf, rowPrices, columnPrices } = assignRows(
    rows.map(({ skipCost }) => skipCost),
    local.size,
    edges,
  );
  const solved = rows.map((row, index) => ({
    row,
    choice: row.weighed.find(({ approach }) => local.get(approach.column) === columnOf[index]),
  }));
  return {
    rows,
    solved,
    cost: solved.reduce((sum, { row, choice }) => sum + (choice?.cost ?? row.skipCost), 0),
    rowPrices,
    priceOf: (column) => columnPrices[local.get(column) ?? -1] ?? 0,
  };
}

interface Merge {
  readonly a: number;
  readonly b: number;
  readonly gain: number;
}

/**
 * Pairs of rows that would go better together, best first. A pair gains when its cheapest trip, at the price of that
 * courier, costs less than what the two rows cost at the margin: the pricing step of column generation.
 */
function gainfulMerges({ rows, rowPrices, priceOf }: Solution, costing: Costing): Merge[] {
  const byKitchen = groupBy(rows.keys(), (index) => rows[index]?.kitchen);
  const merges: Merge[] = [];
  for (const [kitchen, own] of byKitchen) {
    if (!kitchen || own.length < 2) continue;
    for (const [i, a] of own.entries()) {
      for (const b of own.slice(i + 1)) {
        const deliveries = [...(rows[a]?.deliveries ?? []), ...(rows[b]?.deliveries ?? [])];
        if (deliveries.length > costing.settings.maxBundle) continue;
        let least = Infinity;
        for (const approach of kitchen.approaches) {
          const together = weigh(kitchen, deliveries, approach, costing);
          if (together) least = Math.min(least, together.cost - priceOf(approach.column));
        }
        const gain = (rowPrices[a] ?? 0) + (rowPrices[b] ?? 0) - least;
        if (gain > costing.settings.bundleGain) merges.push({ a, b, gain });
      }
    }
  }
  return merges.toSorted((x, y) => y.gain - x.gain || x.a - y.a || x.b - y.b);
}

function withMerges({ rows }: Solution, merges: readonly Merge[], costing: Costing): Row[] {
  const gone = new Set<number>();
  const merged: Row[] = [];
  for (const { a, b } of merges) {
    const rowA = rows[a];
    const rowB = rows[b];
    if (!rowA || !rowB || gone.has(a) || gone.has(b)) continue;
    gone.add(a).add(b);
    merged.push(makeRow(rowA.kitchen, [...rowA.deliveries, ...rowB.deliveries], costing));
  }
  return [...rows.filter((_, index) => !gone.has(index)), ...merged];
}

/** How many single merges are tried one by one when all at once did not help. */
const SINGLE_TRIES = 3;

/**
 * Solves one component: exact assignment, then merges as long as they make the whole cheaper. Each merge is proved by
 * solving again, so a bundle is made only when it beats its deliveries' own trips, the freed courier counted. [DSP7]
 */
export function solveComponent(rows: readonly Row[], costing: Costing): { solved: readonly Solved[]; merges: number } {
  let best = assign(rows);
  for (;;) {
    const merges = gainfulMerges(best, costing);
    const tries = [merges, ...merges.slice(0, SINGLE_TRIES).map((merge) => [merge])];
    const better = merges.length === 0 ? undefined : firstBetter(best, tries, costing);
    if (!better) return { solved: best.solved, merges: rows.length - best.rows.length };
    best = better;
  }
}

function firstBetter(best: Solution, tries: readonly (readonly Merge[])[], costing: Costing): Solution | undefined {
  for (const merges of tries) {
    const next = assign(withMerges(best, merges, costing));
    if (next.cost + costing.settings.bundleGain < best.cost) return next;
  }
  return undefined;
}
