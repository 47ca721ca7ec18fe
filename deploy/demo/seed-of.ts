import { fnv1a32 } from "#shared/lib/fnv.ts";
import { seededRng, type Rng } from "#shared/lib/rng.ts";

/** A seed from a text, the same on every machine. */
export function seedOf(text: string): number {
  return fnv1a32(new TextEncoder().encode(text));
}

/** Numbers that a text alone decides. */
export function rngOf(text: string): Rng {
  return seededRng(seedOf(text));
}

/** `count` of them as the generator has it, in the order in which they stand. */
export function pick<T>(all: readonly T[], count: number, rng: Rng): readonly T[] {
  const drawn = all.map((_, index) => ({ index, draw: rng() })).toSorted((a, b) => a.draw - b.draw);
  const taken = new Set(drawn.slice(0, count).map(({ index }) => index));
  return all.filter((_, index) => taken.has(index));
}
