/**
 * The largest set of nodes in which every node reaches every other along the arcs: Tarjan's algorithm ("Depth-first search
 * and linear graph algorithms", SIAM J. Comput. 1, 1972) with its own stack, as a city is deeper than the language's.
 *
 * @param arcs from, to
 * @returns 1 for each node of the set, 0 for others; of equal sets the one whose nodes were met first
 */
export function largestStrongComponent(
  nodeCount: number,
  arcs: readonly (readonly [number, number])[],
): Uint8Array<ArrayBuffer> {
  const { first, heads } = adjacency(nodeCount, arcs);
  const order = new Uint32Array(nodeCount); // 0: not met yet
  const lowest = new Uint32Array(nodeCount);
  const next = first.slice();
  const isOnStack = new Uint8Array(nodeCount);
  const stack: number[] = [];
  const path: number[] = [];
  let met = 0;
  let largest: number[] = [];

  const enter = (node: number): void => {
    met += 1;
    order[node] = met;
    lowest[node] = met;
    isOnStack[node] = 1;
    stack.push(node);
    path.push(node);
  };
  const lower = (node: number, to: number): void => {
    lowest[node] = Math.min(lowest[node] ?? 0, to);
  };
  const leave = (node: number): void => {
    path.pop();
    const before = path.at(-1);
    if (before !== undefined) lower(before, lowest[node] ?? 0);
    if (lowest[node] !== order[node]) return;
    const component = stack.splice(stack.lastIndexOf(node));
    for (const each of component) isOnStack[each] = 0;
    if (component.length > largest.length) largest = component;
  };

  for (let root = 0; root < nodeCount; root++) {
    if (order[root] === 0) enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const at = next[node] ?? 0;
      if (at === first[node + 1]) {
        leave(node);
        continue;
      }
      next[node] = at + 1;
      const head = heads[at] ?? 0;
      if (order[head] === 0) enter(head);
      else if (isOnStack[head] === 1) lower(node, order[head] ?? 0);
    }
  }
  const isIn = new Uint8Array(nodeCount);
  for (const node of largest) isIn[node] = 1;
  return isIn;
}

/** Arcs by the node they leave: those of node `n` are `heads[first[n]]` to `heads[first[n + 1] - 1]`. */
function adjacency(
  nodeCount: number,
  arcs: readonly (readonly [number, number])[],
): { first: Uint32Array; heads: Uint32Array } {
  const first = new Uint32Array(nodeCount + 1);
  for (const [from] of arcs) first[from + 1] = (first[from + 1] ?? 0) + 1;
  for (let node = 0; node < nodeCount; node++) first[node + 1] = (first[node + 1] ?? 0) + (first[node] ?? 0);
  const at = first.slice();
  const heads = new Uint32Array(arcs.length);
  for (const [from, to] of arcs) {
    const place = at[from] ?? 0;
    heads[place] = to;
    at[from] = place + 1;
  }
  return { first, heads };
}
