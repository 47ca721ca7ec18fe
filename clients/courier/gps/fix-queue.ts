import type { TraceQueue } from "#shared/client/whereabouts.ts";
import type { Fix } from "#shared/contracts/geo.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

/** Fixes that the hub has not got yet. Kept over reloads; a long way without a network is not lost. */
export interface FixQueue extends TraceQueue {
  /** Takes a reading, unless it says nothing new. */
  add(fix: Fix): boolean;
  clear(): void;
}

/** A reading sooner than this after the last is left out, unless it is this far away. */
const EVERY_MS = 3_000;
const APART_M = 15;
/** About two hours of riding. */
const KEPT = 2_400;

/**
 * A {@link FixQueue} in `storage` under `key`. A full storage keeps the queue in memory only. [CRP3-CRP5]
 *
 * @param kept how many readings it holds before it thins the older ones
 */
export function makeFixQueue(storage: Storage, key: string, kept = KEPT): FixQueue {
  let fixes = read(storage, key);
  let last: Fix | undefined = fixes.at(-1);
  const keep = () => {
    try {
      storage.setItem(key, JSON.stringify(fixes));
    } catch {
      // The browser has no room: the queue goes on in memory, and is written when there is room again.
    }
  };
  return {
    get size() {
      return fixes.length;
    },
    add(fix) {
      if (last && fix.takenAtMs <= last.takenAtMs) return false;
      if (last && fix.takenAtMs - last.takenAtMs < EVERY_MS && distanceM(last, fix) < APART_M) return false;
      last = fix;
      fixes = thinned([...fixes, fix], kept);
      keep();
      return true;
    },
    next: (count) => fixes.slice(0, count),
    sent(gone) {
      const newest = gone.at(-1)?.takenAtMs ?? Number.NEGATIVE_INFINITY;
      fixes = fixes.filter((fix) => fix.takenAtMs > newest);
      keep();
    },
    clear() {
      fixes = [];
      last = undefined;
      keep();
    },
  };
}

/** Over its size the queue gives up every second fix of its older half: the way keeps its shape. */
function thinned(fixes: readonly Fix[], kept: number): Fix[] {
  if (fixes.length <= kept) return [...fixes];
  return fixes.filter((_, index) => index >= fixes.length / 2 || index % 2 === 0);
}

function read(storage: Storage, key: string): Fix[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? "[]");
    // Cast: written by `keep` above; the hub parses every fix.
    return Array.isArray(value) ? (value as Fix[]) : [];
  } catch {
    return [];
  }
}
