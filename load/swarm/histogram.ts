/** What a {@link Histogram} is between processes. */
export type HistogramText = readonly (readonly [bucket: number, count: number])[];

/** Each bucket ends so much above where it begins. */
const STEP = 1.01;
const LEAST_MS = 0.05;

/** Times, kept to within a hundredth however many there are; none is left out. [SWM3] */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(ms: number): void {
    this.#put(ms <= LEAST_MS ? 0 : Math.ceil(Math.log(ms / LEAST_MS) / Math.log(STEP)), 1);
  }

  merge(other: HistogramText): void {
    for (const [bucket, count] of other) this.#put(bucket, count);
  }

  /** The value that a share of all does not exceed, ms; null of nothing. */
  quantile(share: number): number | null {
    let left = Math.ceil(this.#count * share);
    if (left === 0) return null;
    for (const [bucket, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.round(LEAST_MS * STEP ** bucket * 100) / 100;
    }
    return null;
  }

  toText(): HistogramText {
    return [...this.#counts];
  }

  #put(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#count += count;
  }
}
