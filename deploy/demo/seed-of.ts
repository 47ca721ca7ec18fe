import { seededRng, type Rng } from "#shared/lib/rng.ts";

/** FNV-1a, 32 bits (Fowler, Noll, Vo): a seed from a text, the same on every machine. */
export function seedOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01_00_01_93) >>> 0;
  return hash;
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
