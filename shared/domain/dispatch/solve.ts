import { assignRows, type Edge } from "./assign.ts";
import { connectedSets } from "./components.ts";
import { groupBy } from "./group-by.ts";
import { makeRow, type Costing, type Row, type Weighed } from "./rows.ts";

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
  readonly a: Row;
  readonly b: Row;
  /** The two as one row. */
  readonly together: Row;
  readonly gain: number;
}

/** What pairs of rows would be as one; prices do not touch that, so it is reckoned once a round. */
type Couples = Map<Row, Map<Row, Row>>;

function coupleOf(a: Row, b: Row, couples: Couples, costing: Costing): Row {
  let known = couples.get(a);
  if (!known) couples.set(a, (known = new Map<Row, Row>()));
  let together = known.get(b);
  if (!together) known.set(b, (together = makeRow(a.kitchen, [...a.deliveries, ...b.deliveries], costing)));
  return together;
}

function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}

/**
 * Pairs of rows that would go better together, best first. A pair gains when its cheapest trip, at the price of that
 * courier, costs less than what the two rows cost at the margin: the pricing step of column generation.
 */
function gainfulMerges({ rows, rowPrices, priceOf }: Solution, couples: Couples, costing: Costing): Merge[] {
  const { maxBundle, bundleGain } = costing.settings;
  const priceOfRow = new Map(rows.map((row, index) => [row, rowPrices[index] ?? 0]));
  const merges: Merge[] = [];
  for (const own of groupBy(rows, ({ kitchen }) => kitchen).values()) {
    for (const [a, b] of pairsOf(own)) {
      if (a.deliveries.length + b.deliveries.length > maxBundle) continue;
      const together = coupleOf(a, b, couples, costing);
      const least = together.weighed.reduce(
        (low, { cost, approach }) => Math.min(low, cost - priceOf(approach.column)),
        Infinity,
      );
      const gain = (priceOfRow.get(a) ?? 0) + (priceOfRow.get(b) ?? 0) - least;
      if (gain > bundleGain) merges.push({ a, b, together, gain });
    }
  }
  // Sorting is stable, and rows stand in the order of their ids: ties need no rule of their own.
  return merges.toSorted((x, y) => y.gain - x.gain);
}

function withMerges(rows: readonly Row[], merges: readonly Merge[]): Row[] {
  const gone = new Set<Row>();
  const merged: Row[] = [];
  for (const { a, b, together } of merges) {
    if (gone.has(a) || gone.has(b)) continue;
    gone.add(a).add(b);
    merged.push(together);
  }
  return [...rows.filter((row) => !gone.has(row)), ...merged];
}

/** How many single merges are tried one by one when all at once did not help. */
const SINGLE_TRIES = 3;

/**
 * Solves one component: exact assignment, then merges as long as they make the whole cheaper. Each merge is proved by
 * solving again, so a bundle is made only when it beats its deliveries' own trips, the freed courier counted. A
 * component so large that this would take seconds is cut: merging ends when `mergeEffort` rows were solved again; the
 * assignment stays exact. The count, unlike a clock, gives the same plan on every machine. [DSP7]
 */
export function solveComponent(rows: readonly Row[], costing: Costing): { solved: readonly Solved[]; merges: number } {
  const couples: Couples = new Map();
  let best = assign(rows);
  let effort = 0;
  const firstBetter = (tries: readonly (readonly Merge[])[]): Solution | undefined => {
    for (const merges of tries) {
      if (effort >= costing.settings.mergeEffort) return undefined;
      const next = assign(withMerges(best.rows, merges));
      effort += next.rows.length;
      if (next.cost + costing.settings.bundleGain < best.cost) return next;
    }
    return undefined;
  };
  for (;;) {
    const merges = gainfulMerges(best, couples, costing);
    const better =
      merges.length === 0 ? undefined : firstBetter([merges, ...merges.slice(0, SINGLE_TRIES).map((merge) => [merge])]);
    if (!better) return { solved: best.solved, merges: rows.length - best.rows.length };
    best = better;
  }
}
