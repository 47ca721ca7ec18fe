import type { Drawn } from "./drawn.ts";
import { LONGEST_S, type Motion } from "./motion.ts";

/**
 * What a screen knows of the clock that stamps a courier's motions: the least time that one took from being taken to being
 * heard, in which the difference of the two clocks is contained. The screen's own time of day need not be right, but it must
 * know how fast the deployment's clock goes (`rate`, deployment seconds in a wall second).
 */
export type MotionClock = number;

/** A motion usually takes so long to a screen, wall ms. */
const ON_THE_WAY_MS = 200;

/** A motion was heard at `heardMs` of the screen's own clock. One from before the screen watched says little. [MOT12] */
export function heardAt(clock: MotionClock | undefined, { takenAtMs }: Motion, heardMs: number, rate = 1): MotionClock {
  return Math.min(clock ?? Number.POSITIVE_INFINITY, heardMs * rate - takenAtMs);
}

/** The time by which motions are stamped, at a time of the screen's own clock. */
export function motionClock(clock: MotionClock, rate = 1): (screenMs: number) => number {
  return (screenMs) => (screenMs + ON_THE_WAY_MS) * rate - clock;
}

/** Whether the marker is somewhere else a moment later. */
export function moves({ motion, toldAtMs, takeMs }: Drawn, atMs: number): boolean {
  if (atMs < toldAtMs + takeMs) return true;
  return (motion.speedMps ?? 0) > 0 && motion.headingDeg !== null && atMs < motion.takenAtMs + LONGEST_S * 1000;
}
