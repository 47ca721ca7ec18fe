import { fnv1a32 } from "#shared/lib/fnv.ts";
import { seededRng, type Rng } from "#shared/lib/rng.ts";

/**
 * Where decisions come from: numbers of their own for each decision, named by who decides what for the how-many-th time. So
 * what is decided does not depend on what happened to arrive first. [TWN1]
 */
export type Decide = (who: string, what: string, ordinal?: number) => Rng;

/** The decisions of a seed. */
export function decisionsOf(seed: number): Decide {
  return (who, what, ordinal = 0) => seededRng(hash32(`${seed}/${who}/${what}/${ordinal}`));
}

const utf8 = new TextEncoder();

/** FNV-1a with the last step of MurmurHash3 (Appleby; public domain), so that near texts end far apart. */
function hash32(text: string): number {
  let hash = fnv1a32(utf8.encode(text));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** From a standard normal distribution (Box and Muller, 1958). */
export function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}

/** Half are below `median`; `sigma` is the spread of the logarithm. */
export function logNormal(rng: Rng, median: number, sigma: number): number {
  return median * Math.exp(sigma * normal(rng));
}

export function between(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng();
}

/** One of the items, each as likely as its weight says; undefined when no weight is above 0. */
export function weighted<T>(rng: Rng, items: readonly T[], weightOf: (item: T) => number): T | undefined {
  const weights = items.map((item) => Math.max(0, weightOf(item)));
  let left = rng() * weights.reduce((sum, weight) => sum + weight, 0);
  return items.find((_, index) => (left -= weights[index] ?? 0) < 0);
}
