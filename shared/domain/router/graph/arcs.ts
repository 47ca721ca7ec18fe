import { mayRide, type StreetNetwork, type Vehicle } from "../../city/city.ts";

/**
 * Ways out of each node, as columns: node `n` has the arcs `first[n]` to `first[n + 1] - 1`. An edge is a segment ridden in one
 * direction: `2 × segment`, and one more for against it.
 */
export interface Arcs {
  readonly first: Uint32Array;
  readonly head: Uint32Array;
  readonly edge: Uint32Array;
}

export function segmentOf(edge: number): number {
  return edge >> 1;
}

export function isForward(edge: number): boolean {
  return (edge & 1) === 0;
}

/** Calls for every edge that the vehicle may ride, with the nodes that it leads from and to. */
export function eachEdge(
  streets: StreetNetwork,
  vehicle: Vehicle,
  call: (edge: number, tail: number, head: number) => void,
): void {
  for (let segment = 0; segment < streets.from.length; segment++) {
    const [from, to] = [streets.from[segment] ?? 0, streets.to[segment] ?? 0];
    if (mayRide(streets, segment, vehicle, true)) call(2 * segment, from, to);
    if (mayRide(streets, segment, vehicle, false)) call(2 * segment + 1, to, from);
  }
}

/** The vehicle's street graph. */
export function arcsOf(streets: StreetNetwork, vehicle: Vehicle): Arcs {
  const first = new Uint32Array(streets.nodeLatE7.length + 1);
  eachEdge(streets, vehicle, (_, tail) => {
    first[tail + 1] = (first[tail + 1] ?? 0) + 1;
  });
  for (let node = 1; node < first.length; node++) first[node] = (first[node] ?? 0) + (first[node - 1] ?? 0);
  const next = first.slice();
  const count = first.at(-1) ?? 0;
  const [head, edges] = [new Uint32Array(count), new Uint32Array(count)];
  eachEdge(streets, vehicle, (edge, tail, to) => {
    const at = next[tail] ?? 0;
    next[tail] = at + 1;
    head[at] = to;
    edges[at] = edge;
  });
  return { first, head, edge: edges };
}
