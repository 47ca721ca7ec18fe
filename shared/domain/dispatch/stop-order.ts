import { completionBounds } from "./stop-bounds.ts";
import { extend, FIRST_LAYER, type Layer } from "./stop-layers.ts";
import type { SomeRoute, StopProblem } from "./stop-problem.ts";
import { makeReinsert, MOST_FREE } from "./stop-reinsertion.ts";
import { goodRoute } from "./stop-ruin.ts";

export interface StopOrder {
  /** The stops in the order in which they are visited. */
  readonly order: readonly number[];
  readonly cost: number;
  /** True when no other order costs less; false when a large problem was cut. */
  readonly proven: boolean;
}

/** As many as fit the bits of a set. */
export const MOST_STOPS = 30;

/** Partial routes kept after each stop, at most; what has so few stops is searched whole. */
const WIDTH = 200;
/** With more stops than this hardly anything could be proven, and nothing is searched. */
const MOST_SEARCHED = 20;

/**
 * The cheapest order of stops. Exact for small problems; for larger ones good, and mostly exact.
 *
 * Dynamic programming over subsets (Held and Karp, "A dynamic programming approach to sequencing problems", 1962), stop by
 * stop: of partial routes that visited the same stops and ended at the same one only the cheapest lives, and only while it
 * can still beat the good route known before by {@link completionBounds}. Of more partial routes than `WIDTH` the most
 * promising are kept; then the answer is not proven. The same problem gives the same order. [DSP19]
 *
 * @throws {RangeError} for more than {@link MOST_STOPS} stops
 */
export function stopOrder(problem: StopProblem): StopOrder {
  const stops = problem.after.length;
  if (stops > MOST_STOPS) throw new RangeError(`a route has ${MOST_STOPS} stops at most, not ${stops}`);
  if (stops <= MOST_FREE) return { ...makeReinsert(problem)([], [...problem.after.keys()]), proven: true };
  const good = goodRoute(problem);
  if (stops > MOST_SEARCHED) return { ...good, proven: false };
  const { found, cut } = searchRoute(problem, good.cost);
  return { ...(found ?? good), proven: !cut };
}

interface Pass {
  /** Undefined when nothing is cheaper than what was known. */
  readonly found: SomeRoute | undefined;
  readonly cut: boolean;
}

function searchRoute(problem: StopProblem, known: number): Pass {
  const bounds = completionBounds(problem, known);
  const layers: Layer[] = [];
  let layer = FIRST_LAYER;
  for (let count = 0; count < problem.after.length; count++) {
    layer = extend(problem, layer, count, { bounds, width: WIDTH, known });
    layers.push(layer);
  }
  return { found: cheapest(layers), cut: layers.some(({ cut }) => cut) };
}

/** Reads the cheapest whole route back from the last layer. */
function cheapest(layers: readonly Layer[]): SomeRoute | undefined {
  const last = layers.at(-1);
  if (!last) return undefined;
  let at = -1;
  let cost = Infinity;
  for (let state = 0; state < last.count; state++) {
    if ((last.cost[state] ?? 0) < cost) [at, cost] = [state, last.cost[state] ?? 0];
  }
  if (at < 0) return undefined;
  const order: number[] = [];
  for (const layer of layers.toReversed()) {
    order.push((layer.last[at] ?? 0) - 1);
    at = layer.parent[at] ?? 0;
  }
  return { order: order.toReversed(), cost };
}
