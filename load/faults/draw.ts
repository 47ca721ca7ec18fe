import { seededRng, type Rng } from "#shared/lib/rng.ts";

/** What chance decides of one fault. The same seed and name give the same draw, whatever else is played. */
export interface Draw {
  readonly seed: number;
  /** Which of several processes: a number in [0, 1) from the beginning to the end of their list. */
  readonly which: number;
  /** Whether all of them, instead of one. */
  readonly all: boolean;
  /** How long it holds, between the kind's shortest and longest: [0, 1). */
  readonly long: number;
  /** One more choice that a kind may have: [0, 1). */
  readonly other: number;
}

export interface Planned<K extends { readonly name: string }> {
  readonly kind: K;
  readonly draw: Draw;
}

/** 32-bit FNV-1a (Fowler, Noll, Vo). */
function hashOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01_00_01_93);
  return hash >>> 0;
}

/** Where a number in [0, 1) falls in a list. */
export function pick<T>(list: readonly T[], at: number): T {
  const found = list[Math.floor(at * list.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}

function drawOf(seed: number, name: string): Draw {
  const rng = seededRng(seed ^ hashOf(name));
  return { seed, which: rng(), all: rng() < 0.25, long: rng(), other: rng() };
}

/** Every kind once, in an order of the seed's. [FLT6] */
export function scheduleOf<K extends { readonly name: string }>(seed: number, kinds: readonly K[]): Planned<K>[] {
  const order: Rng = seededRng(seed);
  return kinds
    .map((kind) => ({ kind, draw: drawOf(seed, kind.name), turn: order() }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ kind, draw }) => ({ kind, draw }));
}
