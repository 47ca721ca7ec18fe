/**
 * Splits `count` nodes into the sets that the pairs connect. [DSP4]
 *
 * @returns the sets in the order of their smallest member, each ascending
 */
export function connectedSets(count: number, pairs: Iterable<readonly [number, number]>): number[][] {
  const parent = Array.from({ length: count }, (_, node) => node);
  const rootOf = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root] ?? root;
    for (let at = node; at !== root;) {
      const next = parent[at] ?? root;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  for (const [a, b] of pairs) {
    const rootA = rootOf(a);
    const rootB = rootOf(b);
    if (rootA !== rootB) parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }
  const sets = new Map<number, number[]>();
  for (let node = 0; node < count; node++) {
    const root = rootOf(node);
    const own = sets.get(root);
    if (own) own.push(node);
    else sets.set(root, [node]);
  }
  return [...sets.values()];
}
