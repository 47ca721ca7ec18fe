import { seededRng } from "#shared/lib/rng.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Resampling {
  readonly seed: number;
  /** How often it is drawn. */
  readonly times: number;
  /** What is drawn with replacement, as many as there are. */
  readonly blocks: number;
}

/**
 * Percentile intervals by the bootstrap (Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7,
 * 1979; in blocks: Künsch, Annals of Statistics 17, 1989). Paired, when a statistic is a difference within the same draw.
 *
 * @param statistic of a draw: how often each block is in it
 * @returns a 95 % interval for each of the numbers that the statistic gives; a draw in which one is not finite does not count for it
 */
export function bootstrap(
  { seed, times, blocks }: Resampling,
  statistic: (counts: Uint32Array) => readonly number[],
): Interval[] {
  const rng = seededRng(seed);
  const counts = new Uint32Array(blocks);
  const drawn: number[][] = [];
  for (let time = 0; time < times; time++) {
    counts.fill(0);
    for (let each = 0; each < blocks; each++) {
      const block = Math.floor(rng() * blocks);
      counts[block] = (counts[block] ?? 0) + 1;
    }
    for (const [index, value] of statistic(counts).entries()) {
      const own = (drawn[index] ??= []);
      if (Number.isFinite(value)) own.push(value);
    }
  }
  return drawn.map((values) => {
    const sorted = values.toSorted((a, b) => a - b);
    return { low: atShare(sorted, 0.025), high: atShare(sorted, 0.975) };
  });
}

/** Linear between neighbours (type 7); NaN of nothing. */
function atShare(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
}
