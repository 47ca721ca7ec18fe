import fc from "fast-check";
import { expect, test } from "vitest";

import { assignRows, type Pairings } from "./assign.ts";
import { byCost } from "./by-cost.ts";
import { makeSets } from "./components.ts";

interface Edge {
  readonly row: number;
  readonly column: number;
  readonly cost: number;
}

interface Problem {
  readonly skipCosts: readonly number[];
  readonly columns: number;
  readonly edges: readonly Edge[];
}

function pairingsOf({ skipCosts, edges }: Problem): Pairings {
  const sorted = edges.toSorted((a, b) => a.row - b.row);
  const before = (row: number) => sorted.filter((edge) => edge.row < row).length;
  return {
    start: Int32Array.from({ length: skipCosts.length + 1 }, (_, row) => before(row)),
    columns: Int32Array.from(sorted, ({ column }) => column),
    costs: Float64Array.from(sorted, ({ cost }) => cost),
    orders: [],
  };
}

/** Each row's column, or -1, and the prices. */
function solve(each: Problem) {
  const pairings = pairingsOf(each);
  const { pairingOf, rowPrices, columnPrices } = assignRows(each.skipCosts, each.columns, pairings);
  const columnOf = Array.from(pairingOf, (at) => (at < 0 ? -1 : (pairings.columns[at] ?? NaN)));
  return { columnOf, rowPrices, columnPrices, pairings };
}

/** Small and sparse, with many ties and negative costs. */
const problem = (maxCost: number): fc.Arbitrary<Problem> =>
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
    fc.record({
      skipCosts: fc.array(fc.integer({ min: 0, max: maxCost }), { minLength: rows, maxLength: rows }),
      columns: fc.constant(columns),
      edges: fc.uniqueArray(
        fc.record({ row: fc.nat(rows - 1), column: fc.nat(columns - 1), cost: fc.integer({ min: -3, max: maxCost }) }),
        { selector: ({ row, column }) => row * 10 + column },
      ),
    }),
  );

function cheapestByTrying({ skipCosts, edges }: Problem, row = 0, taken: ReadonlySet<number> = new Set()): number {
  const skip = skipCosts[row];
  if (skip === undefined) return 0;
  let best = skip + cheapestByTrying({ skipCosts, edges, columns: 0 }, row + 1, taken);
  for (const edge of edges) {
    if (edge.row !== row || taken.has(edge.column)) continue;
    best = Math.min(
      best,
      edge.cost + cheapestByTrying({ skipCosts, edges, columns: 0 }, row + 1, new Set([...taken, edge.column])),
    );
  }
  return best;
}

function costOf({ skipCosts, edges }: Problem, columnOf: readonly number[]): number {
  return columnOf.reduce((sum, column, row) => {
    if (column < 0) return sum + (skipCosts[row] ?? NaN);
    return sum + (edges.find((edge) => edge.row === row && edge.column === column)?.cost ?? NaN);
  }, 0);
}

test.for([4, 1_000_000_000_000])("[DSP3] as cheap as the cheapest of all ways, costs up to %d", (maxCost) => {
  fc.assert(
    fc.property(problem(maxCost), (each) => {
      const { columnOf } = solve(each);
      const used = columnOf.filter((column) => column >= 0);
      expect(new Set(used).size).toBe(used.length);
      expect(costOf(each, columnOf)).toBe(cheapestByTrying(each));
    }),
    { numRuns: 400 },
  );
});

test("[DSP3] the prices prove it: they bound every pairing and add up to the cost", () => {
  fc.assert(
    fc.property(problem(50), (each) => {
      const { columnOf, rowPrices, columnPrices } = solve(each);
      for (const { row, column, cost } of each.edges) {
        expect((rowPrices[row] ?? NaN) + (columnPrices[column] ?? NaN)).toBeLessThanOrEqual(cost);
      }
      for (const [row, skip] of each.skipCosts.entries()) expect(rowPrices[row]).toBeLessThanOrEqual(skip);
      for (const price of columnPrices) expect(price).toBeLessThanOrEqual(0);
      const sum = [...rowPrices, ...columnPrices].reduce((a, b) => a + b, 0);
      expect(sum).toBe(costOf(each, columnOf));
    }),
  );
});

test("[DSP3] a thousand rows that all want the same couriers end in the optimum's prices", () => {
  const rows = 1_000;
  const edges = Array.from({ length: rows * 20 }, (_, i) => ({
    row: Math.floor(i / 20),
    column: (Math.floor(i / 20) * 7 + (i % 20) * 13) % 700,
    cost: ((i * 7_919) % 1_000) + 1,
  })).filter((edge, i, all) => i === 0 || edge.row !== all[i - 1]?.row || edge.column !== all[i - 1]?.column);
  const skipCosts = Array<number>(rows).fill(5_000);
  const { columnOf, rowPrices, columnPrices } = solve({ skipCosts, columns: 700, edges });
  const sum = [...rowPrices, ...columnPrices].reduce((a, b) => a + b, 0);
  expect(costOf({ skipCosts, columns: 700, edges }, columnOf)).toBe(sum);
  expect(columnOf.filter((column) => column >= 0)).toHaveLength(700);
});

test("[DSP3] rows sorted before, by an earlier solving, change neither the pairing nor the prices", () => {
  fc.assert(
    fc.property(problem(4), (each) => {
      const { pairings, ...plain } = solve(each);
      const { start, costs } = pairings;
      const orders = each.skipCosts.map((_, row) => byCost(costs, start[row] ?? 0, start[row + 1] ?? 0));
      const again = assignRows(each.skipCosts, each.columns, { ...pairings, orders });
      expect(Array.from(again.pairingOf, (at) => pairings.columns[at] ?? -1)).toEqual(plain.columnOf);
      expect(again.rowPrices).toEqual(plain.rowPrices);
      expect(again.columnPrices).toEqual(plain.columnPrices);
    }),
    { numRuns: 400 },
  );
});

test("[DSP3] places by cost are all of them, cheapest first", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 400 }), fc.nat(3), (values, from) => {
      const costs = Float64Array.from(values);
      const places = byCost(costs, Math.min(from, costs.length), costs.length);
      expect(places.toSorted()).toEqual(Int32Array.from(places.keys()));
      const own = costs.subarray(from);
      expect(Array.from(places, (place) => own[place])).toEqual(Array.from(own.toSorted()));
    }),
  );
});

test("[DSP4] sets are the classes of the pairs, in order", () => {
  const sets = makeSets(6);
  for (const [a, b] of [
    [4, 1],
    [1, 5],
    [2, 3],
  ] as const)
    sets.join(a, b);
  expect(sets.all()).toEqual([[0], [1, 4, 5], [2, 3]]);
});
