import fc from "fast-check";
import { expect, test } from "vitest";

import { permutations } from "../../testing/permutations.ts";
import { MOST_STOPS, stopOrder } from "./stop-order.ts";
import type { StopProblem } from "./stop-problem.ts";

/** What an order costs, reckoned apart from the code under test; undefined when a stop comes before the one it needs. */
function costOf({ ways, after, urgency, perWay }: StopProblem, order: readonly number[]): number | undefined {
  let at = 0;
  let cost = 0;
  for (const [place, stop] of order.entries()) {
    if ((after[stop] ?? -1) >= 0 && !order.slice(0, place).includes(after[stop] ?? -1)) return undefined;
    const left = order.slice(place).reduce((sum, each) => sum + (urgency[each] ?? 0), perWay);
    cost += (ways[at * (after.length + 1) + stop + 1] ?? 0) * left;
    at = stop + 1;
  }
  return cost;
}

/** Pick-ups with up to two drop-offs each. */
function problems(mostStops: number, urgency: number): fc.Arbitrary<StopProblem> {
  return fc
    .array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: mostStops })
    .map((drops) =>
      drops.reduce<number[]>((after, count) => {
        const first = after.length;
        return after.length + 1 + count > mostStops
          ? after
          : [...after, -1, ...Array.from({ length: count }, () => first)];
      }, []),
    )
    .chain((after) =>
      fc.record({
        ways: fc.array(fc.nat(1_000), { minLength: (after.length + 1) ** 2, maxLength: (after.length + 1) ** 2 }),
        after: fc.constant(after),
        urgency: fc.array(fc.nat(urgency), { minLength: after.length, maxLength: after.length }),
        perWay: fc.integer({ min: 1, max: 3 }),
      }),
    );
}

test.for([0, 3])("[DSP19] of small routes the order of stops is the cheapest of all, urgency to %d", (urgency) => {
  fc.assert(
    fc.property(problems(6, urgency), (problem) => {
      const { order, cost, proven } = stopOrder(problem);
      const all = permutations([...problem.after.keys()]).flatMap((each) => costOf(problem, each) ?? []);
      expect(cost).toBe(Math.min(...all));
      expect(costOf(problem, order)).toBe(cost);
      expect(proven).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("[DSP19] a larger route visits each stop once, no drop-off before its pick-up", () => {
  fc.assert(
    fc.property(problems(MOST_STOPS, 1), (problem) => {
      const { order, cost } = stopOrder(problem);
      expect(order.toSorted((a, b) => a - b)).toEqual([...problem.after.keys()]);
      expect(costOf(problem, order)).toBe(cost);
      expect(stopOrder(problem)).toEqual(stopOrder(problem));
    }),
    { numRuns: 6 },
  );
});

test("[DSP19] more stops than fit a set are refused, and none are no way", () => {
  const after = Array.from({ length: MOST_STOPS + 1 }, () => -1);
  expect(() => stopOrder({ ways: [], after, urgency: [], perWay: 1 })).toThrow(RangeError);
  expect(stopOrder({ ways: [0], after: [], urgency: [], perWay: 1 })).toEqual({ order: [], cost: 0, proven: true });
});
