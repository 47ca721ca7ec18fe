import { assert } from "../../lib/assert.ts";

/**
 * Splits an amount by weights into integers that sum to it exactly: the largest remainders get the rest
 * (Hamilton's method; ties to the earlier part).
 *
 * @param amountMinor integer >= 0
 * @param weights integers >= 0; all zero puts everything on the first
 */
export function allocate(amountMinor: number, weights: readonly number[]): number[] {
  assert(weights.length > 0, "something to split over");
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return weights.map((_, index) => (index === 0 ? amountMinor : 0));
  const parts = weights.map((weight) => Math.floor((amountMinor * weight) / total));
  const rest = amountMinor - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amountMinor * weight) % total }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, rest)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
