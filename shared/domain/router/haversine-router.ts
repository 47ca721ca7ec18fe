import { distanceM } from "../geo/distance.ts";
import { legRouter } from "./leg-router.ts";
import type { Router } from "./router.ts";

export interface HaversineSpeed {
  /** Metres a second along the way, stops included. */
  readonly speedMps: number;
  /** How much longer the way is than the great circle; 1.3 is common for street grids. */
  readonly detour: number;
}

/** Great circle × detour at one speed: needs no map. Durations are whole milliseconds, so that sums are exact. */
export function haversineRouter({ speedMps, detour }: HaversineSpeed): Router {
  return legRouter((from, to) => {
    const wayM = distanceM(from, to) * detour;
    return { distanceM: wayM, durationS: Math.round((wayM / speedMps) * 1000) / 1000 };
  });
}
