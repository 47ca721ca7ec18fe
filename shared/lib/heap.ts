export interface MinHeap {
  clear(): void;
  /** @param value a whole number of 32 bits */
  push(key: number, value: number): void;
  /** Takes out the value with the smallest key, ties by the smaller value: the answer never depends on the way in. -1 when empty. */
  pop(): number;
  /** The smallest key; Infinity when empty. */
  least(): number;
}

/** A binary heap of numbered values over typed arrays, which it keeps when it is cleared. */
export function makeHeap(): MinHeap {
  let keys = new Float64Array(64);
  let values = new Int32Array(64);
  let size = 0;
  const grow = () => {
    const [wideKeys, wideValues] = [new Float64Array(size * 2), new Int32Array(size * 2)];
    wideKeys.set(keys);
    wideValues.set(values);
    [keys, values] = [wideKeys, wideValues];
  };
  const before = (key: number, value: number, at: number) => {
    const other = keys[at] ?? 0;
    return key < other || (key === other && value < (values[at] ?? 0));
  };
  const sink = (key: number, value: number) => {
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && before(keys[child + 1] ?? 0, values[child + 1] ?? 0, child)) child += 1;
      if (before(key, value, child)) break;
      keys[at] = keys[child] ?? 0;
      values[at] = values[child] ?? 0;
      at = child;
    }
    keys[at] = key;
    values[at] = value;
  };
  return {
    clear() {
      size = 0;
    },
    push(key, value) {
      if (size === keys.length) grow();
      let at = size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(key, value, parent)) break;
        keys[at] = keys[parent] ?? 0;
        values[at] = values[parent] ?? 0;
        at = parent;
      }
      keys[at] = key;
      values[at] = value;
    },
    pop() {
      if (size === 0) return -1;
      const top = values[0] ?? -1;
      size -= 1;
      if (size > 0) sink(keys[size] ?? 0, values[size] ?? 0);
      return top;
    },
    least: () => (size === 0 ? Infinity : (keys[0] ?? Infinity)),
  };
}
