import type { Arcs } from "./arcs.ts";

/**
 * The largest set of nodes of which each can be reached from each: Tarjan's algorithm ("Depth-first search and linear graph
 * algorithms", SIAM J. Comput. 1, 1972) without recursion. Of equals the one that is found first.
 *
 * @returns 1 for each node in it
 */
export function mainComponent({ first, head }: Arcs): Uint8Array {
  const count = first.length - 1;
  const [seen, low] = [new Uint32Array(count), new Uint32Array(count)];
  const next = first.slice(0, count);
  const stack = new Uint32Array(count);
  const path = new Uint32Array(count);
  const member = new Uint32Array(count);
  let [clock, stacked, depth, components] = [0, 0, 0, 0];
  let [best, bestSize] = [0, 0];

  /** @returns how long the path is now */
  const enter = (node: number): number => {
    clock += 1;
    seen[node] = low[node] = clock;
    stack[stacked++] = node;
    path[depth++] = node;
    return depth;
  };
  const lower = (node: number, to: number): void => {
    if (to < (low[node] ?? 0)) low[node] = to;
  };
  /** Takes the finished component that begins with this node off the stack. */
  const close = (node: number): void => {
    components += 1;
    const top = stacked;
    do member[stack[--stacked] ?? 0] = components;
    while (stack[stacked] !== node);
    if (top - stacked > bestSize) [best, bestSize] = [components, top - stacked];
  };
  const leave = (node: number): number => {
    depth -= 1;
    if (low[node] === seen[node]) close(node);
    if (depth > 0) lower(path[depth - 1] ?? 0, low[node] ?? 0);
    return depth;
  };
  const step = (node: number): number => {
    const at = next[node] ?? 0;
    if (at >= (first[node + 1] ?? 0)) return leave(node);
    next[node] = at + 1;
    const to = head[at] ?? 0;
    if (seen[to] === 0) return enter(to);
    if (member[to] === 0) lower(node, seen[to] ?? 0);
    return depth;
  };

  for (let node = 0; node < count; node++) {
    let long = seen[node] === 0 ? enter(node) : 0;
    while (long > 0) long = step(path[long - 1] ?? 0);
  }
  return Uint8Array.from(member, (each) => (each === best ? 1 : 0));
}
