import type { StreetNetwork, Vehicle } from "../../city/city.ts";
import { makeHeap } from "../../../lib/heap.ts";
import { arcsOf, segmentOf } from "./arcs.ts";
import { segmentCosts } from "./speeds.ts";

/**
 * The yardstick: from these nodes to all others over the streets themselves (Dijkstra, "A note on two problems in connexion with
 * graphs", Numer. Math. 1, 1959). Tests and benchmarks hold the hierarchy against it.
 *
 * @returns a search: from street nodes with what it costs to be there, the cost of every street node
 */
export function plainDijkstra(
  streets: StreetNetwork,
  vehicle: Vehicle,
): (nodes: readonly number[], costs: readonly number[]) => Float64Array {
  const { first, head, edge } = arcsOf(streets, vehicle);
  const edgeCosts = segmentCosts(streets, vehicle);
  const heap = makeHeap();
  return (nodes, costs) => {
    const best = new Float64Array(first.length - 1).fill(Infinity);
    const done = new Uint8Array(first.length - 1);
    for (const [index, node] of nodes.entries()) {
      best[node] = Math.min(best[node] ?? Infinity, costs[index] ?? 0);
      heap.push(best[node] ?? 0, node);
    }
    for (let node = heap.pop(); node >= 0; node = heap.pop()) {
      if (done[node] === 1) continue;
      done[node] = 1;
      for (let arc = first[node] ?? 0; arc < (first[node + 1] ?? 0); arc++) {
        const to = head[arc] ?? 0;
        const there = (best[node] ?? 0) + (edgeCosts[segmentOf(edge[arc] ?? 0)] ?? 0);
        if (there >= (best[to] ?? 0)) continue;
        best[to] = there;
        heap.push(there, to);
      }
    }
    return best;
  };
}
