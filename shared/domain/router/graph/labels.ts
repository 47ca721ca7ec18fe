import { makeHeap } from "../../../lib/heap.ts";
import type { Hierarchy, RankedArcs } from "./hierarchy.ts";

/** Where a search may begin: nodes (ranks) and what it costs to be there. */
export interface Seeds {
  readonly nodes: readonly number[];
  readonly costs: readonly number[];
}

/**
 * All that can be the top of a fastest way from (or to) a place, with what it costs to be there: one side of every way. Entries
 * come in the order of their costs.
 */
export interface Label {
  readonly nodes: Uint32Array;
  readonly costs: Float64Array;
  /** The entry from which an entry was reached, or -1 for a seed; and by which arc. */
  readonly parents: Int32Array;
  readonly arcs: Int32Array;
}

/** Where two labels meet: the cost, and the entries of both; the cost is Infinity where they do not. */
export interface Meeting {
  readonly cost: number;
  readonly out: number;
  readonly back: number;
}

export interface Labels {
  /** Everything above, from these seeds on. */
  out(seeds: Seeds): Label;
  /** Everything above from which these seeds can be reached; a seed's cost is that of the way on from it. */
  back(seeds: Seeds): Label;
  /** The fastest way from a label to several others. */
  costs(from: Label, to: readonly Label[]): Float64Array;
  meet(from: Label, to: Label): Meeting;
}

/**
 * Searches of a contraction hierarchy that only climb, with stall-on-demand (Geisberger et al. 2008, § 4): a node that is
 * reached faster over a higher one is no top of anything. A label of each side is all that a leg or a table needs, so labels are
 * worth keeping. Not reentrant: all searches share their scratch arrays.
 */
export function makeLabels({ rank, up, down }: Hierarchy): Labels {
  const search = makeClimb(rank.length);
  const reach = new Float64Array(rank.length).fill(Infinity);
  const entry = new Int32Array(rank.length);
  /** Lays a label over the nodes while `use` runs. */
  const laid = <T>(label: Label, use: () => T): T => {
    const { nodes, costs } = label;
    for (let at = 0; at < nodes.length; at++) {
      reach[nodes[at] ?? 0] = costs[at] ?? 0;
      entry[nodes[at] ?? 0] = at;
    }
    const result = use();
    for (let at = 0; at < nodes.length; at++) reach[nodes[at] ?? 0] = Infinity;
    return result;
  };
  return {
    out: (seeds) => search(seeds, up, down),
    back: (seeds) => search(seeds, down, up),
    costs: (from, to) =>
      laid(from, () => {
        const found = new Float64Array(to.length);
        for (let index = 0; index < to.length; index++) found[index] = leastOver(reach, to[index]);
        return found;
      }),
    meet: (from, to) =>
      laid(from, () => {
        let [cost, back] = [Infinity, -1];
        for (let at = 0; at < to.nodes.length; at++) {
          const sum = (reach[to.nodes[at] ?? 0] ?? Infinity) + (to.costs[at] ?? 0);
          if (sum < cost) [cost, back] = [sum, at];
        }
        return { cost, back, out: back < 0 ? -1 : (entry[to.nodes[back] ?? 0] ?? -1) };
      }),
  };
}

function leastOver(reach: Float64Array, label: Label | undefined): number {
  let least = Infinity;
  if (!label) return least;
  const { nodes, costs } = label;
  for (let at = 0; at < nodes.length; at++) {
    const sum = (reach[nodes[at] ?? 0] ?? Infinity) + (costs[at] ?? 0);
    if (sum < least) least = sum;
  }
  return least;
}

/** One search, over arcs that climb; `against` are those by which a higher node reaches a lower one in the same sense. */
function makeClimb(count: number): (seeds: Seeds, along: RankedArcs, against: RankedArcs) => Label {
  const cost = new Float64Array(count);
  const seen = new Uint32Array(count);
  const done = new Uint32Array(count);
  const parent = new Int32Array(count);
  const arcTo = new Int32Array(count);
  const kept = new Uint32Array(count);
  const heap = makeHeap();
  let turn = 0;

  const reachNode = (node: number, at: number, from: number, arc: number): void => {
    if (seen[node] === turn && (cost[node] ?? 0) <= at) return;
    seen[node] = turn;
    cost[node] = at;
    parent[node] = from;
    arcTo[node] = arc;
    heap.push(at, node);
  };
  const isStalled = (node: number, at: number, { first, end, cost: arcCost }: RankedArcs): boolean => {
    const last = first[node + 1] ?? 0;
    for (let arc = first[node] ?? 0; arc < last; arc++) {
      const higher = end[arc] ?? 0;
      if (seen[higher] === turn && (cost[higher] ?? 0) + (arcCost[arc] ?? 0) < at) return true;
    }
    return false;
  };

  const labelOf = (size: number): Label => {
    const label = {
      nodes: kept.slice(0, size),
      costs: new Float64Array(size),
      parents: new Int32Array(size),
      arcs: new Int32Array(size),
    };
    for (let at = 0; at < size; at++) {
      const node = kept[at] ?? 0;
      label.costs[at] = cost[node] ?? 0;
      label.parents[at] = parent[node] ?? -1;
      label.arcs[at] = arcTo[node] ?? -1;
    }
    return label;
  };

  return ({ nodes, costs }, along, against) => {
    turn += 1;
    heap.clear();
    let size = 0;
    for (let at = 0; at < nodes.length; at++) reachNode(nodes[at] ?? 0, costs[at] ?? 0, -1, -1);
    for (let node = heap.pop(); node >= 0; node = heap.pop()) {
      if (done[node] === turn) continue;
      done[node] = turn;
      const here = cost[node] ?? 0;
      if (isStalled(node, here, against)) continue;
      const index = size++;
      kept[index] = node;
      const last = along.first[node + 1] ?? 0;
      for (let arc = along.first[node] ?? 0; arc < last; arc++) {
        reachNode(along.end[arc] ?? 0, here + (along.cost[arc] ?? 0), index, arc);
      }
    }
    return labelOf(size);
  };
}
