import type { SomeRoute, StopProblem } from "./stop-problem.ts";

/** More stops at a time are not put in: the work doubles with each. */
export const MOST_FREE = 4;

/**
 * Puts stops into a route: answers the cheapest route that keeps the chain's order and has the free stops wherever they are
 * best. Exact: dynamic programming over how much of the chain and which of the free stops were visited, and where it stands.
 */
export type Reinsert = (chain: readonly number[], free: readonly number[]) => SomeRoute;

/** What one call works on. A cell is `passed * size + set * ends + end`: end 0 stands on the chain, i + 1 at free stop i. */
interface Tables {
  readonly ways: ArrayLike<number>;
  readonly wide: number;
  readonly costs: Float64Array;
  readonly from: Int32Array;
  /** Numbers of the stops in the ways. */
  readonly chain: readonly number[];
  readonly free: readonly number[];
  /** For each free stop the set of free ones before it, and how much of the chain. */
  readonly needs: readonly number[];
  readonly opens: readonly number[];
}

/** @returns for up to {@link MOST_FREE} free stops at a time; it keeps its tables from one time to the next */
export function makeReinsert({ ways, after, urgency, perWay }: StopProblem): Reinsert {
  const wide = after.length + 1;
  const most = wide * (MOST_FREE + 1) * (1 << MOST_FREE);
  const costs = new Float64Array(most);
  const from = new Int32Array(most);
  const urgencyOf = (stop: number) => urgency[stop] ?? 0;
  return (chain, free) => {
    const needs = free.map((stop) => bitOf(free.indexOf(after[stop] ?? -1)));
    const opens = free.map((stop) => chain.indexOf(after[stop] ?? -1) + 1);
    const numbered = { chain: chain.map((stop) => stop + 1), free: free.map((stop) => stop + 1) };
    const tables: Tables = { ways, wide, costs, from, ...numbered, needs, opens };
    costs.fill(Infinity, 0, ((free.length + 1) << free.length) * (chain.length + 1));
    costs[0] = 0;
    from[0] = -1;
    const onFree = Array.from({ length: 1 << free.length }, (_, set) =>
      free.reduce((sum, stop, index) => ((set >> index) & 1 ? sum : sum + urgencyOf(stop)), 0),
    );
    let onChain = chain.reduce((sum, stop) => sum + urgencyOf(stop), perWay);
    for (let passed = 0; passed <= chain.length; passed++) {
      if (passed > 0) onChain -= urgencyOf(chain[passed - 1] ?? 0);
      for (let set = 0; set < 1 << free.length; set++) {
        goOn(tables, passed, set, onChain + (onFree[set] ?? 0));
      }
    }
    return readBack(costs, from, chain, free);
  };
}

function bitOf(index: number): number {
  return index < 0 ? 0 : 1 << index;
}

/** From every end of one part of the chain and one set to each stop that may be next, a way counting so many times. */
function goOn(tables: Tables, passed: number, set: number, times: number): void {
  const { ways, wide, costs, chain, free } = tables;
  const ends = free.length + 1;
  const base = (passed << free.length) * ends + set * ends;
  const onward = chain[passed] ?? 0;
  for (let end = 0; end < ends; end++) {
    const sofar = costs[base + end] ?? Infinity;
    if (sofar === Infinity) continue;
    const row = ((end > 0 ? free[end - 1] : chain[passed - 1]) ?? 0) * wide;
    if (onward > 0) reach(tables, base + (ends << free.length), sofar + times * (ways[row + onward] ?? 0), base + end);
    for (let index = 0; index < free.length; index++) {
      if (!isNext(tables, passed, set, index)) continue;
      const cell = base + (ends << index) + index + 1;
      reach(tables, cell, sofar + times * (ways[row + (free[index] ?? 0)] ?? 0), base + end);
    }
  }
}

function isNext({ needs, opens }: Tables, passed: number, set: number, index: number): boolean {
  const need = needs[index] ?? 0;
  return ((set >> index) & 1) === 0 && (set & need) === need && passed >= (opens[index] ?? 0);
}

function reach({ costs, from }: Tables, cell: number, cost: number, by: number): void {
  if (cost >= (costs[cell] ?? 0)) return;
  costs[cell] = cost;
  from[cell] = by;
}

function readBack(costs: Float64Array, from: Int32Array, chain: readonly number[], free: readonly number[]): SomeRoute {
  const ends = free.length + 1;
  const size = ends << free.length;
  const last = size * (chain.length + 1) - ends;
  let cell = last;
  for (let end = 1; end < ends; end++) if ((costs[last + end] ?? 0) < (costs[cell] ?? 0)) cell = last + end;
  const cost = costs[cell] ?? 0;
  const order: number[] = [];
  for (let before = from[cell] ?? -1; before >= 0; before = from[cell] ?? -1) {
    const end = cell % ends;
    order.push((end > 0 ? free[end - 1] : chain[Math.floor(cell / size) - 1]) ?? 0);
    cell = before;
  }
  return { order: order.toReversed(), cost };
}
