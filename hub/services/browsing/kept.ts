import { makeByteCache, type Weighed } from "../../byte-cache.ts";

export interface Kept<T> {
  /** What was kept, and of the others what the store says: of each one question at a time. Those that are not there are left out. */
  of(marketId: string, ids: readonly string[]): Promise<Map<string, T>>;
  /** It has changed: what was read of it, and what is being read just now, is not kept. */
  forget(marketId: string, id: string): void;
  forgetAll(): void;
}

export interface KeptDeps<T> {
  readonly read: (marketId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, T>>;
  readonly nowMs: () => number;
  /** In memory at most; what was not used for longest goes first. */
  readonly maxBytes: number;
  /** Wall ms after which a thing is read again, though nobody has told of a change. */
  readonly keepMs: number;
  /** False: it may change without anybody telling. */
  readonly mayKeep?: (value: T) => boolean;
}

/** Things of restaurants, kept in memory by their ids until they change. */
export function makeKept<T extends Weighed>({
  read,
  nowMs,
  maxBytes,
  keepMs,
  mayKeep = () => true,
}: KeptDeps<T>): Kept<T> {
  const kept = makeByteCache<Weighed & { readonly value: T; readonly askedAtMs: number }>(maxBytes);
  const asking = new Map<string, Promise<T | undefined>>();

  function ask(marketId: string, ids: readonly string[]): Promise<T | undefined>[] {
    const askedAtMs = nowMs();
    const answers = read(marketId, ids);
    return ids.map((id) => {
      const key = keyOf(marketId, id);
      const answer: Promise<T | undefined> = answers
        .then((all) => {
          const value = all.get(id);
          // Forgotten meanwhile, it may be from before the change.
          const holds = asking.get(key) === answer;
          if (value && holds && mayKeep(value)) kept.put(key, { value, askedAtMs, sizeBytes: value.sizeBytes });
          return value;
        })
        .finally(() => {
          if (asking.get(key) === answer) asking.delete(key);
        });
      asking.set(key, answer);
      return answer;
    });
  }

  return {
    async of(marketId, ids) {
      const found = new Map<string, T>();
      const missing: string[] = [];
      const waiting: (readonly [string, Promise<T | undefined>])[] = [];
      for (const id of ids) {
        const key = keyOf(marketId, id);
        const one = kept.get(key);
        const asked = asking.get(key);
        if (one && nowMs() - one.askedAtMs < keepMs) found.set(id, one.value);
        else if (asked) waiting.push([id, asked]);
        else missing.push(id);
      }
      if (missing.length > 0) {
        for (const [at, answer] of ask(marketId, missing).entries()) waiting.push([missing[at] ?? "", answer]);
      }
      const answers = await Promise.all(waiting.map(async ([id, answer]) => [id, await answer] as const));
      for (const [id, value] of answers) if (value) found.set(id, value);
      return found;
    },
    forget(marketId, id) {
      const key = keyOf(marketId, id);
      kept.drop(key);
      asking.delete(key);
    },
    forgetAll() {
      kept.clear();
      asking.clear();
    },
  };
}

function keyOf(marketId: string, id: string): string {
  return `${marketId}/${id}`;
}
