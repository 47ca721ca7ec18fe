import type { Point } from "../../geo/point.ts";
import { motionPlace, type Motion } from "./motion.ts";

/** A marker that follows a motion, and fades out what it was off when the motion was told. */
export interface Drawn {
  readonly motion: Motion;
  /** Degrees that the marker stood beside the motion when it was told. */
  readonly off: Point;
  /** When it was told, by the clock of `takenAtMs`. */
  readonly toldAtMs: number;
  /** How long it takes to what it was told, by the same clock, ms. */
  readonly takeMs: number;
}

/** So long a marker takes to what it has been told, wall ms: seen as a move, over before it is wrong for long. */
export const TAKE_MS = 600;

/**
 * From here on the marker follows `motion`; it never jumps. [MOT7]
 *
 * @param rate deployment seconds in a wall second
 */
export function drawnAfter(before: Drawn | undefined, motion: Motion, nowMs: number, rate = 1): Drawn {
  const told = { motion, toldAtMs: nowMs, takeMs: TAKE_MS * rate };
  if (!before) return { ...told, off: { lat: 0, lng: 0 } };
  const [is, shall] = [drawnPlace(before, nowMs), motionPlace(motion, nowMs)];
  return { ...told, off: { lat: is.lat - shall.lat, lng: is.lng - shall.lng } };
}

/** Where the marker is drawn. [MOT7] */
export function drawnPlace({ motion, off, toldAtMs, takeMs }: Drawn, nowMs: number): Point {
  const place = motionPlace(motion, nowMs);
  const left = 1 - Math.min(1, Math.max(0, (nowMs - toldAtMs) / takeMs));
  return { lat: place.lat + left * off.lat, lng: place.lng + left * off.lng };
}
