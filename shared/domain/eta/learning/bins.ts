/** A feature's values cut into at most 255 steps with about as many rows each; step 0 is "not known" (NaN). */
export interface Cuts {
  /** Ascending; a value's step is 1 + how many of these are below it. */
  readonly edges: readonly number[];
}

const MOST_STEPS = 254;
const SAMPLED = 20_000;

/**
 * Cuts for a column, from a sample of it taken evenly: between all values where they are few, else wherever enough rows
 * came together. A cut never waits for a place where a value is shared, else columns of hours, days and counts had none.
 */
export function cutsOf(column: ArrayLike<number>): Cuts {
  const stride = Math.max(1, Math.floor(column.length / SAMPLED));
  const values: number[] = [];
  for (let row = 0; row < column.length; row += stride) {
    const value = column[row] ?? Number.NaN;
    if (!Number.isNaN(value)) values.push(value);
  }
  const sorted = Float64Array.from(values).toSorted();
  const edges: number[] = [];
  const fewest = isOfFew(sorted) ? 1 : sorted.length / MOST_STEPS;
  let inStep = 0;
  for (let at = 1; at < sorted.length; at++) {
    inStep += 1;
    const [low, high] = [sorted[at - 1]!, sorted[at]!];
    if (high === low || inStep < fewest) continue;
    // Between two values, and in single precision, so that what is stored cuts as what was learned.
    const edge = Math.fround((low + high) / 2);
    if (edge <= (edges.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
    edges.push(edge);
    inStep = 0;
  }
  return { edges };
}

/** Whether there are no more different values than steps. */
function isOfFew(sorted: Float64Array): boolean {
  let changes = 0;
  for (let at = 1; at < sorted.length && changes <= MOST_STEPS; at++) if (sorted[at] !== sorted[at - 1]) changes++;
  return changes <= MOST_STEPS;
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
