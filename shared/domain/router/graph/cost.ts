/**
 * A way's cost as one number: its whole milliseconds, and among ways of equal time its whole decimetres. Sums and comparisons
 * are exact, so the fastest way is also the shortest of the fastest, and both figures are read back from it. Ways may be up to
 * 1,600 km long and six days slow.
 */
const STEP = 2 ** 24;

export function costOf(ms: number, dm: number): number {
  return ms * STEP + dm;
}

/** Whole milliseconds. */
export function msOf(cost: number): number {
  return Math.floor(cost / STEP);
}

/** Whole decimetres. */
export function dmOf(cost: number): number {
  return cost - msOf(cost) * STEP;
}

/** The first `share` (0 to 1) of a cost, both of its figures rounded; grows with the share. */
export function shareOf(cost: number, share: number): number {
  return costOf(Math.round(msOf(cost) * share), Math.round(dmOf(cost) * share));
}
