export interface MinHeap {
  clear(): void;
  push(key: number, value: number): void;
  /** Takes out the value with the smallest key, ties by the smaller value: the answer never depends on the way in. -1 when empty. */
  pop(): number;
}

/** A binary heap of numbered values over plain arrays. */
export function makeHeap(): MinHeap {
  const keys: number[] = [];
  const values: number[] = [];
  const before = (key: number, value: number, at: number) => {
    const other = keys[at] ?? Infinity;
    return key < other || (key === other && value < (values[at] ?? Infinity));
  };
  const put = (at: number, key: number, value: number) => {
    keys[at] = key;
    values[at] = value;
  };
  const rise = (start: number, key: number, value: number) => {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(key, value, parent)) break;
      put(at, keys[parent] ?? 0, values[parent] ?? 0);
      at = parent;
    }
    put(at, key, value);
  };
  const sink = (key: number, value: number) => {
    let at = 0;
    for (let child = 1; child < keys.length; child = 2 * at + 1) {
      if (child + 1 < keys.length && before(keys[child + 1] ?? 0, values[child + 1] ?? 0, child)) child += 1;
      if (before(key, value, child)) break;
      put(at, keys[child] ?? 0, values[child] ?? 0);
      at = child;
    }
    put(at, key, value);
  };
  return {
    clear() {
      keys.length = 0;
      values.length = 0;
    },
    push: (key, value) => rise(keys.length, key, value),
    pop() {
      const top = values[0];
      const key = keys.pop();
      const value = values.pop();
      if (top === undefined || key === undefined || value === undefined) return -1;
      if (keys.length > 0) sink(key, value);
      return top;
    },
  };
}
