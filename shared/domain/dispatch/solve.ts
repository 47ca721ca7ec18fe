import type { Costing } from "./approach.ts";
import { assignRows } from "./assign.ts";
import { makeSets } from "./components.ts";
import { groupBy } from "../../lib/group-by.ts";
import { leastOf, makeRow, weighedAt, type Row, type Weighed } from "./rows.ts";

export interface Solved {
  readonly row: Row;
  /** Undefined when the row is left for a later plan. */
  readonly choice: Weighed | undefined;
}

interface Solution {
  readonly rows: readonly Row[];
  /** For each row the round's edge that it got, or -1. */
  readonly edgeOf: readonly number[];
  readonly cost: number;
  readonly rowPrices: Float64Array;
  /** The columns that somebody touched, and what they cost; others cost nothing. */
  readonly columnOf: readonly number[];
  readonly columnPrices: Float64Array;
}

/** Splits rows into sets that share no courier, so that each can be solved apart. Rows of one kitchen stay together: they may merge. [DSP4] */
export function componentsOf(rows: readonly Row[], { edges, fleet }: Costing): Row[][] {
  const sets = makeSets(rows.length);
  const firstOf = new Int32Array(2 * fleet.couriers.length).fill(-1);
  const kitchens = new Map<string, number>();
  for (const [index, { kitchen, from, to }] of rows.entries()) {
    const same = kitchens.get(kitchen.restaurantId);
    if (same === undefined) kitchens.set(kitchen.restaurantId, index);
    else sets.join(same, index);
    for (let at = from; at < to; at++) {
      const column = edges.columns[at] ?? 0;
      const first = firstOf[column] ?? -1;
      if (first < 0) firstOf[column] = index;
      else sets.join(first, index);
    }
  }
  return sets.all().map((set) => set.flatMap((index) => rows[index] ?? []));
}

/** The edges of rows by cost, as far as solving wanted to know: the next time asks for the same rows. */
type Orders = Map<Row, Int32Array | undefined>;

/** Copies the rows' edges together, their columns numbered as they come. */
function pairingsOf(rows: readonly Row[], orders: Orders, { edges, scratch: { numberOf } }: Costing) {
  const count = rows.reduce((sum, { from, to }) => sum + to - from, 0);
  const start = new Int32Array(rows.length + 1);
  const columns = new Int32Array(count);
  const costs = new Float64Array(count);
  const columnOf: number[] = [];
  let next = 0;
  for (const [row, { from, to }] of rows.entries()) {
    for (let at = from; at < to; at++) {
      const column = edges.columns[at] ?? 0;
      if (numberOf[column] === -1) numberOf[column] = columnOf.push(column) - 1;
      columns[next] = numberOf[column] ?? 0;
      costs[next] = edges.costs[at] ?? 0;
      next += 1;
    }
    start[row + 1] = next;
  }
  for (const column of columnOf) numberOf[column] = -1;
  return { pairings: { start, columns, costs, orders: rows.map((row) => orders.get(row)) }, columnOf };
}

function assign(rows: readonly Row[], orders: Orders, costing: Costing): Solution {
  const { pairings, columnOf } = pairingsOf(rows, orders, costing);
  const skipCosts = rows.map(({ skipCost }) => skipCost);
  const { pairingOf, rowPrices, columnPrices } = assignRows(skipCosts, columnOf.length, pairings);
  for (const [index, row] of rows.entries()) orders.set(row, pairings.orders[index]);
  const edgeOf = rows.map(({ from }, row) => {
    const pairing = pairingOf[row] ?? -1;
    return pairing < 0 ? -1 : from + pairing - (pairings.start[row] ?? 0);
  });
  const costOf = (edge: number, row: number) => (edge < 0 ? skipCosts[row] : costing.edges.costs[edge]) ?? 0;
  const cost = edgeOf.reduce((sum, edge, row) => sum + costOf(edge, row), 0);
  return { rows, edgeOf, cost, rowPrices, columnOf, columnPrices };
}

interface Merge {
  readonly a: Row;
  readonly b: Row;
  readonly together: Row;
  readonly gain: number;
}

/** Two rows as one, weighed when somebody wants to know, and what it costs at least, prices left out. */
interface Couple {
  together: Row | undefined;
  leastCost: number;
}

/** What pairs of rows would be as one; prices do not touch that, so it is reckoned once a round. */
type Couples = Map<Row, Map<Row, Couple>>;

function coupleOf(a: Row, b: Row, couples: Couples, costing: Costing): Couple {
  let known = couples.get(a);
  if (!known) couples.set(a, (known = new Map<Row, Couple>()));
  let couple = known.get(b);
  if (!couple) {
    const least = leastOf(a.kitchen, [...a.deliveries, ...b.deliveries], costing);
    known.set(b, (couple = { together: undefined, leastCost: least ?? -Infinity }));
  }
  return couple;
}

function togetherOf(a: Row, b: Row, couple: Couple, costing: Costing): Row {
  if (couple.together) return couple.together;
  const together = makeRow(a.kitchen, [...a.deliveries, ...b.deliveries], costing);
  Object.assign(couple, { together, leastCost: leastCost(together, undefined, costing) });
  return together;
}

/** The cheapest of a row's edges, each at the price of its column besides. */
function leastCost({ from, to }: Row, columnPrices: Float64Array | undefined, { edges }: Costing): number {
  const { costs, columns } = edges;
  let least = Infinity;
  for (let at = from; at < to; at++) {
    const cost = (costs[at] ?? 0) - (columnPrices?.[columns[at] ?? 0] ?? 0);
    if (cost < least) least = cost;
  }
  return least;
}

function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}

/**
 * Pairs of rows that would go better together, best first. A pair gains when its cheapest trip, at the price of that
 * courier, costs less than what the two rows cost at the margin: the pricing step of column generation.
 */
function gainfulMerges(solution: Solution, couples: Couples, costing: Costing): Merge[] {
  const { columnOf, columnPrices } = solution;
  const { prices } = costing.scratch;
  for (let at = 0; at < columnOf.length; at++) prices[columnOf[at] ?? 0] = columnPrices[at] ?? 0;
  const merges = mergesAt(prices, solution, couples, costing);
  for (const column of columnOf) prices[column] = 0;
  // Sorting is stable, and rows stand in the order of their ids: ties need no rule of their own.
  return merges.toSorted((x, y) => y.gain - x.gain);
}

/** @param prices by the column's number in the whole round */
function mergesAt(prices: Float64Array, { rows, rowPrices }: Solution, couples: Couples, costing: Costing): Merge[] {
  const { maxBundle, bundleGain } = costing.settings;
  const priceOfRow = new Map(rows.map((row, index) => [row, rowPrices[index] ?? 0]));
  const merges: Merge[] = [];
  for (const own of groupBy(rows, ({ kitchen }) => kitchen).values()) {
    for (const [a, b] of pairsOf(own)) {
      if (a.deliveries.length + b.deliveries.length > maxBundle) continue;
      const couple = coupleOf(a, b, couples, costing);
      const apart = (priceOfRow.get(a) ?? 0) + (priceOfRow.get(b) ?? 0);
      // Prices are 0 or less, so they only make it dearer.
      if (apart - couple.leastCost <= bundleGain) continue;
      const together = togetherOf(a, b, couple, costing);
      if (apart - couple.leastCost <= bundleGain) continue;
      const gain = apart - leastCost(together, prices, costing);
      if (gain > bundleGain) merges.push({ a, b, together, gain });
    }
  }
  return merges;
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

function solvedOf({ rows, edgeOf }: Solution, costing: Costing): Solved[] {
  return rows.map((row, index) => {
    const edge = edgeOf[index] ?? -1;
    return { row, choice: edge < 0 ? undefined : weighedAt(row, edge, costing) };
  });
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
  const orders: Orders = new Map();
  let best = assign(rows, orders, costing);
  let effort = 0;
  const firstBetter = (tries: readonly (readonly Merge[])[]): Solution | undefined => {
    for (const merges of tries) {
      if (effort >= costing.settings.mergeEffort) return undefined;
      const next = assign(withMerges(best.rows, merges), orders, costing);
      effort += next.rows.length;
      if (next.cost + costing.settings.bundleGain < best.cost) return next;
    }
    return undefined;
  };
  for (;;) {
    const merges = gainfulMerges(best, couples, costing);
    const better =
      merges.length === 0 ? undefined : firstBetter([merges, ...merges.slice(0, SINGLE_TRIES).map((merge) => [merge])]);
    if (!better) return { solved: solvedOf(best, costing), merges: rows.length - best.rows.length };
    best = better;
  }
}
