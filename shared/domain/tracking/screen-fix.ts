import { distanceM } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";

/** One GPS reading. */
export interface ScreenedFix extends Point {
  readonly takenAtMs: number;
  /** Radius of confidence. */
  readonly accuracyM: number;
}

export type Verdict = "keep" | "stale" | "vague" | "teleport";

export interface ScreenLimits {
  /** A worse radius of confidence than this is dropped, metres. */
  readonly maxAccuracyM: number;
  /** No courier moves faster than this, metres a second. */
  readonly maxSpeedMps: number;
}

export const SCREEN_LIMITS: ScreenLimits = { maxAccuracyM: 100, maxSpeedMps: 45 };

/**
 * Says what to do with a new fix, given the last one kept. [TRK1-TRK4]
 *
 * The first rule that matches names the verdict: stale, then vague, then teleport. Both radii of confidence are taken
 * off the distance first, so that noise at a standstill is not a jump.
 *
 * @param last the last fix kept, or undefined for the first of a shift
 * @returns a verdict and no error: a bad fix is ordinary, and is counted, not thrown
 */
export function screenFix(next: ScreenedFix, last: ScreenedFix | undefined, limits: ScreenLimits): Verdict {
  if (last && next.takenAtMs <= last.takenAtMs) return "stale";
  if (next.accuracyM > limits.maxAccuracyM) return "vague";
  if (!last) return "keep";

  const elapsedS = (next.takenAtMs - last.takenAtMs) / 1000;
  const certainM = distanceM(last, next) - last.accuracyM - next.accuracyM;
  return certainM > limits.maxSpeedMps * elapsedS ? "teleport" : "keep";
}
