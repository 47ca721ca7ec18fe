import type { LateSettings } from "#shared/domain/dispatch/term-settings.ts";
import { usualOf } from "#shared/domain/dispatch/usual.ts";

/** How long a day's orders have taken from the placing to the door, as they are handed over. */
export interface ClicksSoFar {
  /** Told as soon as it is certain, which may be before. */
  hear(placedAtMs: number, handedOverAtMs: number): void;
  /** What is usual at a moment; moments do not go back. */
  usualAt(nowMs: number): number | undefined;
}

export function clicksSoFar(settings: LateSettings): ClicksSoFar {
  let coming: { readonly atMs: number; readonly clickMs: number }[] = [];
  /** Ascending. */
  const seen: number[] = [];
  return {
    hear(placedAtMs, handedOverAtMs) {
      coming.push({ atMs: handedOverAtMs, clickMs: handedOverAtMs - placedAtMs });
    },
    usualAt(nowMs) {
      for (const { atMs, clickMs } of coming) if (atMs <= nowMs) seen.splice(placeOf(clickMs, seen), 0, clickMs);
      coming = coming.filter(({ atMs }) => atMs > nowMs);
      return usualOf(seen, settings);
    },
  };
}

/** Before the first that is greater. */
function placeOf(value: number, ascending: readonly number[]): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] ?? 0) > value) to = middle;
    else from = middle + 1;
  }
  return from;
}
