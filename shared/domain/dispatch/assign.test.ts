import fc from "fast-check";
import { expect, test } from "vitest";

import { assignRows, type Edge } from "./assign.ts";
import { connectedSets } from "./components.ts";

interface Problem {
  readonly skipCosts: readonly number[];
  readonly columns: number;
  readonly edges: readonly Edge[];
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
      const { columnOf } = assignRows(each.skipCosts, each.columns, each.edges);
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
      const { columnOf, rowPrices, columnPrices } = assignRows(each.skipCosts, each.columns, each.edges);
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
  const { columnOf, rowPrices, columnPrices } = assignRows(skipCosts, 700, edges);
  const sum = [...rowPrices, ...columnPrices].reduce((a, b) => a + b, 0);
  expect(costOf({ skipCosts, columns: 700, edges }, columnOf)).toBe(sum);
  expect(columnOf.filter((column) => column >= 0)).toHaveLength(700);
});

test("[DSP4] connected sets are the classes of the pairs, in order", () => {
  expect(
    connectedSets(6, [
      [4, 1],
      [1, 5],
      [2, 3],
    ]),
  ).toEqual([[0], [1, 4, 5], [2, 3]]);
});
