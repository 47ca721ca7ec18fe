/** A feature's values cut into at most 255 steps with about as many rows each; step 0 is "not known" (NaN). */
export interface Cuts {
  /** Ascending; a value's step is 1 + how many of these are below it. */
  readonly edges: readonly number[];
}

const MOST_STEPS = 254;
const SAMPLED = 20_000;

/** Cuts for a column, from a sample of it taken evenly. Whole columns of few values keep each of their values apart. */
export function cutsOf(column: ArrayLike<number>): Cuts {
  const stride = Math.max(1, Math.floor(column.length / SAMPLED));
  const values: number[] = [];
  for (let row = 0; row < column.length; row += stride) {
    const value = column[row] ?? Number.NaN;
    if (!Number.isNaN(value)) values.push(value);
  }
  const sorted = Float64Array.from(values).toSorted();
  const edges: number[] = [];
  const step = Math.max(1, sorted.length / MOST_STEPS);
  for (let at = step; at < sorted.length; at += step) {
    const [low, high] = [sorted[Math.ceil(at) - 1] ?? 0, sorted[Math.min(sorted.length - 1, Math.ceil(at))] ?? 0];
    // Between two values, and in single precision, so that what is stored cuts as what was learned.
    const edge = Math.fround((low + high) / 2);
    if (high > low && edge > (edges.at(-1) ?? Number.NEGATIVE_INFINITY)) edges.push(edge);
  }
  return { edges };
}

/** The step of a value. */
export function stepOf({ edges }: Cuts, value: number): number {
  if (Number.isNaN(value)) return 0;
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
