/** Something kept, with what it weighs. */
export interface Weighed {
  readonly sizeBytes: number;
}

export interface ByteCache<T extends Weighed> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  drop(key: string): void;
  clear(): void;
  readonly sizeBytes: number;
}

/** Keeps what was used last, up to so many bytes; what is larger by itself is not kept. [MAP5] */
export function makeByteCache<T extends Weighed>(maxBytes: number): ByteCache<T> {
  // A map keeps the order in which keys were set: the first is the one that was not used for longest.
  const kept = new Map<string, T>();
  let sizeBytes = 0;

  const take = (key: string): T | undefined => {
    const value = kept.get(key);
    if (value && kept.delete(key)) sizeBytes -= value.sizeBytes;
    return value;
  };
  return {
    get(key) {
      const value = take(key);
      if (value) this.put(key, value);
      return value;
    },
    put(key, value) {
      take(key);
      if (value.sizeBytes > maxBytes) return;
      kept.set(key, value);
      sizeBytes += value.sizeBytes;
      for (const oldest of kept.keys()) {
        if (sizeBytes <= maxBytes) break;
        take(oldest);
      }
    },
    drop: (key) => void take(key),
    clear() {
      kept.clear();
      sizeBytes = 0;
    },
    get sizeBytes() {
      return sizeBytes;
    },
  };
}
