import type { ArraysByName, StreetNetwork, Vehicle } from "../../city/city.ts";
import { contractAll } from "./contraction.ts";
import { ShrinkingGraph } from "./shrinking-graph.ts";

/**
 * Arcs between a node and higher ones, as columns; node and arc ends are ranks. Node `r` has the arcs `first[r]` to
 * `first[r + 1] - 1`.
 */
export interface RankedArcs {
  readonly first: Uint32Array;
  /** The higher end. */
  readonly end: Uint32Array;
  /** See cost.ts. */
  readonly cost: Float64Array;
  /** An edge (arcs.ts), or -1 - the lower node that this shortcut goes over. */
  readonly via: Int32Array;
}

/** A contraction hierarchy: every fastest way climbs, then descends. Nodes are ranks, 0 the least important. */
export interface Hierarchy {
  /** Street node → rank. */
  readonly rank: Uint32Array;
  /** By street node: 1 in the part of the network of which everything can be reached from everything. Only there is routed. */
  readonly main: Uint8Array;
  /** From a node to higher ones. */
  readonly up: RankedArcs;
  /** From higher ones to a node. */
  readonly down: RankedArcs;
}

/** Raise with every change of speeds.ts or of the arrays' form: what was prepared before is then prepared anew. */
const HIERARCHY_VERSION = 2;

/** Prepares the vehicle's search graph, to be kept in the city file; a city of 25,000 crossings takes seconds. */
export function prepareHierarchy(streets: StreetNetwork, vehicle: Vehicle): ArraysByName {
  const graph = new ShrinkingGraph(streets, vehicle);
  const rank = contractAll(graph);
  const up = rankedArcs(graph, rank, true);
  const down = rankedArcs(graph, rank, false);
  return {
    version: Uint32Array.of(HIERARCHY_VERSION),
    rank,
    main: graph.main,
    upFirst: up.first,
    upEnd: up.end,
    upCost: up.cost,
    upVia: up.via,
    downFirst: down.first,
    downEnd: down.end,
    downCost: down.cost,
    downVia: down.via,
  };
}

/**
 * What {@link prepareHierarchy} made; prepared now where there is none, or one of another version or another network.
 *
 * @param kept from the city file
 */
export function hierarchyOf(streets: StreetNetwork, vehicle: Vehicle, kept: ArraysByName | undefined): Hierarchy {
  const fits = kept?.["version"]?.[0] === HIERARCHY_VERSION && kept["rank"]?.length === streets.nodeLatE7.length;
  // Cast: the arrays of this version, by the names that prepareHierarchy gives.
  const arrays = (fits ? kept : prepareHierarchy(streets, vehicle)) as {
    readonly rank: Uint32Array;
    readonly main: Uint8Array;
    readonly upFirst: Uint32Array;
    readonly upEnd: Uint32Array;
    readonly upCost: Float64Array;
    readonly upVia: Int32Array;
    readonly downFirst: Uint32Array;
    readonly downEnd: Uint32Array;
    readonly downCost: Float64Array;
    readonly downVia: Int32Array;
  };
  return {
    rank: arrays.rank,
    main: arrays.main,
    up: { first: arrays.upFirst, end: arrays.upEnd, cost: arrays.upCost, via: arrays.upVia },
    down: { first: arrays.downFirst, end: arrays.downEnd, cost: arrays.downCost, via: arrays.downVia },
  };
}

/** Of the contracted graph's arcs those that climb, at their tails, or those that descend, at their heads. */
function rankedArcs(graph: ShrinkingGraph, rank: Uint32Array, climbing: boolean): RankedArcs {
  const [lower, higher] = climbing ? [graph.tail, graph.head] : [graph.head, graph.tail];
  const each = (call: (arc: number, low: number, high: number) => void): void => {
    for (let arc = 0; arc < graph.arcs; arc++) {
      const [low, high] = [rank[lower[arc] ?? 0] ?? 0, rank[higher[arc] ?? 0] ?? 0];
      if (low < high) call(arc, low, high);
    }
  };
  const first = new Uint32Array(rank.length + 1);
  each((_, low) => {
    first[low + 1] = (first[low + 1] ?? 0) + 1;
  });
  for (let node = 1; node < first.length; node++) first[node] = (first[node] ?? 0) + (first[node - 1] ?? 0);
  const count = first.at(-1) ?? 0;
  const [end, cost, via] = [new Uint32Array(count), new Float64Array(count), new Int32Array(count)];
  const next = first.slice();
  each((arc, low, high) => {
    const at = next[low] ?? 0;
    next[low] = at + 1;
    end[at] = high;
    cost[at] = graph.cost[arc] ?? 0;
    const over = graph.via[arc] ?? 0;
    via[at] = over >= 0 ? over : -1 - (rank[-1 - over] ?? 0);
  });
  return { first, end, cost, via };
}
