import type { Vehicle } from "../city/city.ts";
import type { Point } from "../geo/point.ts";

/** From one point to the next. */
export interface Leg {
  readonly durationS: number;
  readonly distanceM: number;
}

/** A way over two or more points, in the terms of OSRM v1 `route`. */
export interface Route extends Leg {
  readonly legs: readonly Leg[];
}

/** All ways from each source to each destination, in the terms of OSRM v1 `table`: rows are sources. */
export interface TravelTable {
  readonly durationsS: readonly (readonly number[])[];
  readonly distancesM: readonly (readonly number[])[];
}

/** Where a point meets the network, in the terms of OSRM v1 `nearest`; `distanceM` is how far that is. */
export interface Snapped {
  readonly point: Point;
  readonly distanceM: number;
}

/** A fix as a phone tells it. */
export interface NoisyFix {
  readonly point: Point;
  /** Standard error of the fix, metres. */
  readonly accuracyM: number;
  /** When; without times no gap is seen. */
  readonly atS?: number | undefined;
}

/**
 * Travel times. Synchronous: in-process routers answer at once, and a pure round may ask them. A router behind a
 * network is asked before the round for the table that the round needs, and given to it as a table in memory.
 */
export interface Router {
  leg(from: Point, to: Point): Leg;
  /** @throws when there are fewer than two points */
  route(points: readonly Point[]): Route;
  table(sources: readonly Point[], destinations: readonly Point[]): TravelTable;
  nearest(point: Point): Snapped;
  /**
   * Where on its streets a trace ended, by all of its fixes; undefined where no street leads there. Absent: it has no streets,
   * and the last fix is as good. [ETA44]
   */
  placeAfter?(trace: readonly NoisyFix[]): Point | undefined;
  /** The router of who rides this. Absent: all ride alike. */
  by?(vehicle: Vehicle): Router;
  /**
   * Learns these ways, so that they are known when they are asked for. Absent: everything is known at once. Never fails: what
   * could not be learned is answered as well as it can be.
   */
  ask?(sources: readonly Point[], destinations: readonly Point[]): Promise<void>;
}

/** The router of a vehicle; of all, where they ride alike or the vehicle is not known. */
export function routerBy(router: Router, vehicle: Vehicle | undefined): Router {
  return vehicle === undefined ? router : (router.by?.(vehicle) ?? router);
}
