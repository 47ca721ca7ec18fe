import { distanceM } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";

/** Who is so near has arrived: one does not wait in the kitchen. */
const ARRIVED_M = 150;

/** Whether who is here need not be told to go there. */
export function isThere(here: Point, there: Point): boolean {
  return distanceM(here, there) <= ARRIVED_M;
}
