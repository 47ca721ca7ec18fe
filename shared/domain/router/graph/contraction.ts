import { makeHeap } from "../../../lib/heap.ts";
import type { ShrinkingGraph } from "./shrinking-graph.ts";

const END = -1;
/** Nodes that a search for a way round settles before it gives up, when a node is weighed and when it is taken out. */
const EFFORT = { weigh: 40, takeOut: 400 } as const;
/** What makes a node late: the shortcuts that it costs over the arcs that it frees, how deep it lies, neighbours gone already. */
const WEIGHT = { difference: 4, depth: 4, gone: 2 } as const;

/**
 * Takes all nodes out of the graph, the least important first, keeping every fastest way by a shortcut where no other way is as
 * fast (Geisberger, Sanders, Schultes, Delling, "Contraction Hierarchies", WEA 2008). Importance is the edge difference, the
 * depth of what hangs below and the neighbours that are gone; it is looked at again when a node's turn comes.
 *
 * @returns for each node its rank, 0 the first that went
 */
export function contractAll(graph: ShrinkingGraph): Uint32Array {
  const { nodes } = graph;
  const rank = new Uint32Array(nodes);
  const depth = new Uint16Array(nodes);
  const gone = new Uint16Array(nodes);
  const heap = makeHeap();
  const detours = makeDetours(graph);

  const weigh = (node: number): number => {
    const { shortcuts, arcs } = detours.around(node, EFFORT.weigh);
    return WEIGHT.difference * (shortcuts - arcs) + WEIGHT.depth * (depth[node] ?? 0) + WEIGHT.gone * (gone[node] ?? 0);
  };
  const touch = (neighbour: number, node: number): void => {
    depth[neighbour] = Math.max(depth[neighbour] ?? 0, (depth[node] ?? 0) + 1);
    gone[neighbour] = (gone[neighbour] ?? 0) + 1;
  };

  for (let node = 0; node < nodes; node++) heap.push(weigh(node), node);
  for (let order = 0; order < nodes;) {
    const node = heap.pop();
    // Looked at again: what went meanwhile may have made others less important.
    const now = weigh(node);
    if (now > heap.least()) {
      heap.push(now, node);
      continue;
    }
    const neighbours = detours.takeOut(node);
    rank[node] = order++;
    for (const each of neighbours) touch(each, node);
  }
  return rank;
}

interface Detours {
  /** What taking the node out would cost and free. */
  around(node: number, effort: number): { readonly shortcuts: number; readonly arcs: number };
  /** Takes the node out and puts its shortcuts in. @returns its neighbours */
  takeOut(node: number): readonly number[];
}

function makeDetours(graph: ShrinkingGraph): Detours {
  const { nodes } = graph;
  const cost = new Float64Array(nodes);
  const seen = new Uint32Array(nodes);
  const done = new Uint32Array(nodes);
  const heap = makeHeap();
  let turn = 0;

  /** Settles what is nearest to `from` without going over `without`, until nothing nearer than `furthest` is left or effort ends. */
  const spread = (from: number, without: number, furthest: number, effort: number): void => {
    turn += 1;
    heap.clear();
    cost[from] = 0;
    seen[from] = turn;
    heap.push(0, from);
    for (let settled = 0; settled < effort;) {
      const node = heap.pop();
      if (node < 0) return;
      if (done[node] === turn) continue;
      done[node] = turn;
      settled += 1;
      const here = cost[node] ?? 0;
      if (here > furthest) return;
      for (let arc = graph.firstOut[node] ?? END; arc !== END; arc = graph.nextOut[arc] ?? END) {
        const head = graph.head[arc] ?? 0;
        const there = here + (graph.cost[arc] ?? 0);
        if (head === without || there > furthest || (seen[head] === turn && (cost[head] ?? 0) <= there)) continue;
        seen[head] = turn;
        cost[head] = there;
        heap.push(there, head);
      }
    }
  };

  /** Calls for each pair of arcs through the node that no other way is as fast as, as far as the effort shows. */
  const eachShortcut = (
    node: number,
    effort: number,
    call: (tail: number, head: number, cost: number) => void,
  ): void => {
    let dearest = 0;
    for (let arc = graph.firstOut[node] ?? END; arc !== END; arc = graph.nextOut[arc] ?? END) {
      dearest = Math.max(dearest, graph.cost[arc] ?? 0);
    }
    for (let into = graph.firstIn[node] ?? END; into !== END; into = graph.nextIn[into] ?? END) {
      const tail = graph.tail[into] ?? 0;
      const first = graph.cost[into] ?? 0;
      spread(tail, node, first + dearest, effort);
      for (let arc = graph.firstOut[node] ?? END; arc !== END; arc = graph.nextOut[arc] ?? END) {
        const head = graph.head[arc] ?? 0;
        const through = first + (graph.cost[arc] ?? 0);
        if (head === tail || (seen[head] === turn && (cost[head] ?? 0) <= through)) continue;
        call(tail, head, through);
      }
    }
  };

  return {
    around(node, effort) {
      let [shortcuts, arcs] = [0, 0];
      eachShortcut(node, effort, () => void (shortcuts += 1));
      for (let arc = graph.firstOut[node] ?? END; arc !== END; arc = graph.nextOut[arc] ?? END) arcs += 1;
      for (let arc = graph.firstIn[node] ?? END; arc !== END; arc = graph.nextIn[arc] ?? END) arcs += 1;
      return { shortcuts, arcs };
    },
    takeOut(node) {
      const found: number[] = [];
      const neighbours = new Set<number>();
      eachShortcut(node, EFFORT.takeOut, (...shortcut) => void found.push(...shortcut));
      for (let arc = graph.firstOut[node] ?? END; arc !== END; arc = graph.nextOut[arc] ?? END) {
        neighbours.add(graph.head[arc] ?? 0);
      }
      for (let arc = graph.firstIn[node] ?? END; arc !== END; arc = graph.nextIn[arc] ?? END) {
        neighbours.add(graph.tail[arc] ?? 0);
      }
      graph.takeOut(node);
      for (let at = 0; at < found.length; at += 3) {
        graph.put(found[at] ?? 0, found[at + 1] ?? 0, found[at + 2] ?? 0, -1 - node);
      }
      return [...neighbours];
    },
  };
}
