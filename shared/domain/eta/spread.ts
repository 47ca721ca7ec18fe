import { assert } from "../../lib/assert.ts";

/** How long something takes, as two quantiles, milliseconds. */
export interface Spread {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/**
 * A duration as equally likely values, ascending, milliseconds, >= 0. Sums and maxima of these keep order: what makes a
 * part longer never makes the whole shorter. That is why parts are not added up as means and variances.
 */
export type Atoms = readonly number[];

export const ATOMS = 20;

/** Standard normal quantile of 0.9. */
const Z90 = 1.281_551_565_544_6;

/** Rational approximation of the standard normal quantile, error below 4.5e-4 (Abramowitz and Stegun 26.2.23). */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
  const z =
    t - (2.515_517 + 0.802_853 * t + 0.010_328 * t * t) / (1 + 1.432_788 * t + 0.189_269 * t * t + 0.001_308 * t ** 3);
  return p < 0.5 ? -z : z;
}

/** Standard normal distribution function, error below 7.5e-8 (Abramowitz and Stegun 26.2.17). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
  const poly =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z < 0 ? tail : 1 - tail;
}

/** Past this share of a distribution its tail says nothing: who is later than that is treated as just so late. */
const MAX_ELAPSED_SHARE = 0.95;

/**
 * The log-normal with these two quantiles: never negative, with the long right tail that kitchens and streets have.
 * A median of 0 gives 0 in the lower half and a straight line above, through p90.
 *
 * @param elapsedMs it is known to have lasted this long already: the answer is what is left of it
 */
export function atomsOf({ p50Ms, p90Ms }: Spread, elapsedMs = 0): Atoms {
  assert(p50Ms >= 0 && p90Ms >= p50Ms, "p90 >= p50 >= 0");
  const levels = Array.from({ length: ATOMS }, (_, i) => (i + 0.5) / ATOMS);
  if (p50Ms === 0) return levels.map((p) => Math.max(0, p - 0.5) * (p90Ms / 0.4));
  const sigma = Math.log(p90Ms / p50Ms) / Z90;
  if (sigma === 0) return levels.map(() => Math.max(0, p50Ms - elapsedMs));
  const quantile = (p: number) => p50Ms * Math.exp(sigma * normalQuantile(p));
  if (elapsedMs <= 0) return levels.map((p) => quantile(p) - elapsedMs);
  const share = Math.min(MAX_ELAPSED_SHARE, normalShare(Math.log(elapsedMs / p50Ms) / sigma));
  // Only just begun: all of it is left.
  if (share === 0) return levels.map((p) => Math.max(0, quantile(p) - elapsedMs));
  // Past the cap the elapsed time is the cap's own, so that what is left stays a tail and does not become nothing.
  const sinceMs = Math.min(elapsedMs, quantile(share));
  return levels.map((p) => Math.max(0, quantile(share + p * (1 - share)) - sinceMs));
}

/** Every pair of values put together by `join`, equally likely, thinned out to {@link ATOMS} again. */
function combined(one: Atoms, other: Atoms, join: (a: number, b: number) => number): Atoms {
  const values = new Float64Array(one.length * other.length);
  let at = 0;
  for (const a of one) for (const b of other) values[at++] = join(a, b);
  // Typed numbers sort by themselves, several times as fast as with a comparison.
  values.sort();
  return Array.from({ length: ATOMS }, (_, i) => values[Math.floor(((i + 0.5) / ATOMS) * values.length)] ?? 0);
}

/** One after the other, independent. */
export function after(first: Atoms, second: Atoms): Atoms {
  return combined(first, second, (a, b) => a + b);
}

/** Both at the same time; over when the later one is. Independent. */
export function both(one: Atoms, other: Atoms): Atoms {
  return combined(one, other, (a, b) => Math.max(a, b));
}

/** The two quantiles of atoms, whole milliseconds. */
export function spreadOf(atoms: Atoms): Spread {
  const at = (q: number) => {
    const place = q * atoms.length - 0.5;
    const low = atoms[Math.floor(place)] ?? 0;
    const high = atoms[Math.ceil(place)] ?? low;
    return Math.round(low + (high - low) * (place - Math.floor(place)));
  };
  return { p50Ms: at(0.5), p90Ms: at(0.9) };
}
