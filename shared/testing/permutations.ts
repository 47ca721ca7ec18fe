/** Every order of a small list, by Heap's algorithm ("Permutations by interchanges", 1963). */
export function permutations<T>(items: readonly T[]): T[][] {
  const all: T[][] = [];
  const work = [...items];
  const step = (k: number) => {
    if (k <= 1) {
      all.push([...work]);
      return;
    }
    for (let i = 0; i < k; i++) {
      step(k - 1);
      const j = k % 2 === 0 ? i : 0;
      const [a, b] = [work[j], work[k - 1]];
      if (a !== undefined && b !== undefined) {
        work[j] = b;
        work[k - 1] = a;
      }
    }
  };
  step(items.length);
  return all;
}
