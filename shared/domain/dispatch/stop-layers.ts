import type { CompletionBounds } from "./stop-bounds.ts";
import type { StopProblem } from "./stop-problem.ts";

/** Partial routes that visited equally many stops. Stops are numbered from 1 here, as in the ways; bit i - 1 stands for stop i. */
export interface Layer {
  readonly count: number;
  readonly visited: Int32Array;
  readonly last: Int32Array;
  readonly cost: Float64Array;
  /** What a whole route that goes on from here costs at the least. */
  readonly promise: Float64Array;
  /** The index, in the layer before, of the route that this one goes on from. */
  readonly parent: Int32Array;
  /** True when there were more than were kept. */
  readonly cut: boolean;
}

interface Limits {
  readonly bounds: CompletionBounds;
  readonly width: number;
  /** A route of this cost is known already. */
  readonly known: number;
}

/** Nothing visited, at the start. */
export const FIRST_LAYER: Layer = {
  count: 1,
  visited: Int32Array.of(0),
  last: Int32Array.of(0),
  cost: Float64Array.of(0),
  promise: Float64Array.of(0),
  parent: Int32Array.of(-1),
  cut: false,
};

/** Bounds are sums of fractions: so much below a whole number they still mean it. */
const ROUNDING = 1e-6;

/** Each route of the layer that visited so many stops with one more, in every allowed way that can still be cheapest. */
export function extend(problem: StopProblem, layer: Layer, count: number, { bounds, width, known }: Limits): Layer {
  const stops = problem.after.length;
  const least = bounds.least[count + 1] ?? bounds.prices;
  const table = makeTable(layer.count * (stops - count));
  for (let state = 0; state < layer.count; state++) {
    const visited = layer.visited[state] ?? 0;
    const row = (layer.last[state] ?? 0) * (stops + 1);
    const times = leftOf(problem.urgency, visited, 0) + problem.perWay;
    const prices = leftOf(bounds.prices, visited, 1);
    for (let stop = 1; stop <= stops; stop++) {
      if (!mayFollow(problem, visited, stop - 1)) continue;
      const cost = (layer.cost[state] ?? 0) + (problem.ways[row + stop] ?? 0) * times;
      const promise = cost + (least[stop] ?? 0) + prices - (bounds.prices[stop] ?? 0);
      // Costs are whole: what is not cheaper by one is not cheaper.
      if (promise <= known - 1 + ROUNDING) table.keep(visited | (1 << (stop - 1)), stop, cost, promise, state);
    }
  }
  return mostPromising(table.layer(), width);
}

function mayFollow({ after }: StopProblem, visited: number, stop: number): boolean {
  const needed = after[stop] ?? -1;
  return ((visited >> stop) & 1) === 0 && (needed < 0 || ((visited >> needed) & 1) === 1);
}

/** The sum over the stops not visited; the first stop's value stands at `from`. */
function leftOf(values: ArrayLike<number>, visited: number, from: number): number {
  let sum = 0;
  for (let at = from; at < values.length; at++) if ((visited & (1 << (at - from))) === 0) sum += values[at] ?? 0;
  return sum;
}

interface Table {
  /** Keeps the cheaper of two routes over the same stops to the same end; of equals, the one that came first. */
  keep(visited: number, last: number, cost: number, promise: number, parent: number): void;
  layer(): Layer;
}

/** An open-addressing table of routes by the stops that they visited and the last of them. */
function makeTable(most: number): Table {
  const size = 1 << Math.max(3, Math.ceil(Math.log2(most * 2)));
  const slots = new Int32Array(size);
  const visited = new Int32Array(most);
  const lasts = new Int32Array(most);
  const costs = new Float64Array(most);
  const promises = new Float64Array(most);
  const parents = new Int32Array(most);
  let count = 0;
  return {
    keep(set, last, cost, promise, parent) {
      let slot = (Math.imul(set, 0x9e3779b1) ^ Math.imul(last, 0x85ebca6b)) >>> 0;
      slot = (slot ^ (slot >>> 15)) & (size - 1);
      for (;;) {
        const at = (slots[slot] ?? 0) - 1;
        if (at < 0) break;
        if (visited[at] === set && lasts[at] === last) {
          if (cost < (costs[at] ?? 0)) {
            costs[at] = cost;
            promises[at] = promise;
            parents[at] = parent;
          }
          return;
        }
        slot = (slot + 1) & (size - 1);
      }
      visited[count] = set;
      lasts[count] = last;
      costs[count] = cost;
      promises[count] = promise;
      parents[count] = parent;
      count += 1;
      slots[slot] = count;
    },
    layer: () => ({ count, visited, last: lasts, cost: costs, promise: promises, parent: parents, cut: false }),
  };
}

/** The most promising routes of a layer, in their order; of equals, the first. */
function mostPromising(layer: Layer, width: number): Layer {
  if (layer.count <= width) return layer;
  const promises = layer.promise.subarray(0, layer.count);
  const worst = promises.toSorted()[width - 1] ?? Infinity;
  const equals = width - promises.reduce((sum, each) => (each < worst ? sum + 1 : sum), 0);
  let met = 0;
  const kept = [...promises.keys()].filter((at) => {
    const promise = promises[at] ?? 0;
    return promise < worst || (promise === worst && met++ < equals);
  });
  const whole = (column: Int32Array) => Int32Array.from(kept, (at) => column[at] ?? 0);
  const real = (column: Float64Array) => Float64Array.from(kept, (at) => column[at] ?? 0);
  return {
    count: kept.length,
    visited: whole(layer.visited),
    last: whole(layer.last),
    cost: real(layer.cost),
    promise: real(layer.promise),
    parent: whole(layer.parent),
    cut: true,
  };
}
