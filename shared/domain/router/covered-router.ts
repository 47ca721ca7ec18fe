import type { Vehicle } from "../city/city.ts";
import type { Point } from "../geo/point.ts";
import { legRouter } from "./leg-router.ts";
import type { Router } from "./router.ts";

export interface Ground {
  readonly covers: (point: Point) => boolean;
  /** The router of a vehicle there; undefined where the vehicle has no streets. */
  readonly by: (vehicle: Vehicle) => Router | undefined;
}

/**
 * The ground's own router for ways that begin and end on it, another one for all others.
 *
 * @param onOutside told of each way that the ground does not cover
 */
export function coveredRouter(ground: Ground, elsewhere: Router, usual: Vehicle, onOutside: () => void): Router {
  const made = new Map<Vehicle, Router>();
  const make = (vehicle: Vehicle): Router => {
    const inside = ground.by(vehicle);
    const holds = (...points: readonly Point[]): boolean => inside !== undefined && points.every(ground.covers);
    const routerFor = (...points: readonly Point[]): Router => {
      if (inside && holds(...points)) return inside;
      onOutside();
      return elsewhere;
    };
    const legs = legRouter((from, to) => routerFor(from, to).leg(from, to));
    return {
      ...legs,
      table: (sources, destinations) =>
        (inside && holds(...sources, ...destinations) ? inside : legs).table(sources, destinations),
      nearest: (point) => routerFor(point).nearest(point),
      placeAfter: (trace) => (holds(...trace.map(({ point }) => point)) ? inside?.placeAfter?.(trace) : undefined),
      by,
    };
  };
  const by = (vehicle: Vehicle): Router => {
    const router = made.get(vehicle) ?? make(vehicle);
    made.set(vehicle, router);
    return router;
  };
  return by(usual);
}
