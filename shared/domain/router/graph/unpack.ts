import type { Hierarchy, RankedArcs } from "./hierarchy.ts";
import type { Label, Meeting } from "./labels.ts";

/** The edges of a way from one label's seed to the other's, in the order in which they are ridden. */
export interface Unpacked {
  readonly edges: readonly number[];
  /** The seeds' nodes (ranks) that the way begins and ends at. */
  readonly start: number;
  readonly end: number;
}

/** Lays out the shortcuts of a meeting of two labels until only edges are left. */
export function unpack({ up, down }: Hierarchy, from: Label, to: Label, { out, back }: Meeting): Unpacked {
  const edges: number[] = [];
  /** The edges of one arc; `climbs`: from `low` to its higher end, else from the higher end to `low`. */
  const lay = (arcs: RankedArcs, arc: number, low: number, climbs: boolean): void => {
    const via = arcs.via[arc] ?? 0;
    if (via >= 0) {
      edges.push(via);
      return;
    }
    const over = -1 - via;
    const high = arcs.end[arc] ?? 0;
    const [tail, head] = climbs ? [low, high] : [high, low];
    lay(down, arcTo(down, over, tail), over, false);
    lay(up, arcTo(up, over, head), over, true);
  };
  const climb: number[] = [];
  for (let at = out; (from.parents[at] ?? -1) >= 0; at = from.parents[at] ?? -1) climb.push(at);
  for (const at of climb.toReversed()) lay(up, from.arcs[at] ?? 0, from.nodes[from.parents[at] ?? 0] ?? 0, true);
  let at = back;
  for (let below = to.parents[at] ?? -1; below >= 0; below = to.parents[at] ?? -1) {
    lay(down, to.arcs[at] ?? 0, to.nodes[below] ?? 0, false);
    at = below;
  }
  const first = climb.at(-1);
  const start = from.nodes[first === undefined ? out : (from.parents[first] ?? 0)] ?? 0;
  return { edges, start, end: to.nodes[at] ?? 0 };
}

function arcTo({ first, end }: RankedArcs, node: number, higher: number): number {
  let arc = first[node] ?? 0;
  while (end[arc] !== higher) arc += 1;
  return arc;
}
