import type { Point } from "../../geo/point.ts";

/** Something whose duration is asked for, as it is known when it is asked: an order, a way, a dish. */
export interface Task {
  readonly askedAtMs: number;
  /** Hours since Monday 0:00 where it happens, 0..168, with a fraction. */
  readonly hourOfWeek: number;
  readonly from: Point;
  readonly to: Point;
  /** Metres or seconds of the way as the router says, before anything was learned. */
  readonly way: number;
  /** Whose doing it is: a restaurant, a courier. */
  readonly subject: string;
  /** Whatever else is known, always the same things in the same order; NaN where one is not known. */
  readonly facts: readonly number[];
  /** How much slower than usual it goes just now, in logarithms, where that is known. */
  readonly slower?: number;
}

/** A task and what it took. */
export interface Outcome extends Task {
  readonly tookS: number;
}

export function endedAtMs({ askedAtMs, tookS }: Outcome): number {
  return askedAtMs + tookS * 1000;
}
