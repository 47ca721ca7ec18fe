/** Everything that was weighed in a round, in columns: rows own slices of it. Grows as it is filled. */
export interface Edges {
  count: number;
  /** Which of its kitchen's approaches. */
  approaches: Int32Array;
  /** Of the assignment: trips have the courier's index, additions the index after all couriers'. */
  columns: Int32Array;
  costs: Float64Array;
}

export function makeEdges(): Edges {
  return { count: 0, approaches: new Int32Array(0), columns: new Int32Array(0), costs: new Float64Array(0) };
}

/** Makes sure that so many more fit. */
export function makeRoom(edges: Edges, more: number): void {
  if (edges.count + more > edges.costs.length) resize(edges, Math.max(edges.count + more, edges.costs.length * 2));
}

function resize(edges: Edges, room: number): void {
  const [approaches, columns, costs] = [new Int32Array(room), new Int32Array(room), new Float64Array(room)];
  approaches.set(edges.approaches);
  columns.set(edges.columns);
  costs.set(edges.costs);
  Object.assign(edges, { approaches, columns, costs });
}

/** There must be room. */
export function addEdge(edges: Edges, approach: number, column: number, cost: number): void {
  const at = edges.count;
  edges.approaches[at] = approach;
  edges.columns[at] = column;
  edges.costs[at] = cost;
  edges.count = at + 1;
}

/** How many of the edges from `from` on cost less. */
export function countBelow({ costs, count }: Edges, from: number, limit: number): number {
  let below = 0;
  for (let at = from; at < count; at++) if ((costs[at] ?? 0) < limit) below += 1;
  return below;
}

/** Forgets those of the edges from `from` on that do not cost less. */
export function keepBelow(edges: Edges, from: number, limit: number): void {
  const { approaches, columns, costs } = edges;
  let kept = from;
  for (let at = from; at < edges.count; at++) {
    const cost = costs[at] ?? 0;
    if (!(cost < limit)) continue;
    approaches[kept] = approaches[at] ?? 0;
    columns[kept] = columns[at] ?? 0;
    costs[kept] = cost;
    kept += 1;
  }
  edges.count = kept;
}
