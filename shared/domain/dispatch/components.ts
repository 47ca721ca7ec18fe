/** Sets of nodes that grow together. */
export interface Sets {
  join(a: number, b: number): void;
  /** In the order of their smallest member, each ascending. */
  all(): number[][];
}

/** Splits `count` nodes into the sets that joining connects. [DSP4] */
export function makeSets(count: number): Sets {
  const parent = Int32Array.from({ length: count }, (_, node) => node);
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
  return {
    join(a, b) {
      // Mostly the two have met before.
      if (parent[a] === parent[b]) return;
      const rootA = rootOf(a);
      const rootB = rootOf(b);
      if (rootA !== rootB) parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    },
    all() {
      const sets = new Map<number, number[]>();
      for (let node = 0; node < count; node++) {
        const root = rootOf(node);
        const own = sets.get(root);
        if (own) own.push(node);
        else sets.set(root, [node]);
      }
      return [...sets.values()];
    },
  };
}
