export type Pair = readonly [took: number, said: number];

/** Told which part of the work is at which step of how many. */
export type Progress = (part: string, done: number, of: number) => void;

export function meanOff(pairs: readonly Pair[]): number {
  return mean(pairs.map(([took, said]) => Math.abs(took - said)));
}

/** Mean of how far off, in hundredths of what it took. */
export function meanOffPct(pairs: readonly Pair[]): number {
  return 100 * mean(pairs.map(([took, said]) => Math.abs(took - said) / took));
}

export function meanPinball(pairs: readonly Pair[], level: number): number {
  return mean(pairs.map(([took, said]) => (took > said ? level * (took - said) : (1 - level) * (said - took))));
}

/** Hundredths of all that took no longer than was said; what took exactly as long counts. */
export function coveredPct(pairs: readonly Pair[]): number {
  return 100 * mean(pairs.map(([took, said]) => (took <= said ? 1 : 0)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
