import { assert } from "../../lib/assert.ts";
import type { Point } from "../geo/point.ts";
import type { Leg, Router } from "./router.ts";

/** A whole router from the one thing that a router without a network knows: the leg between two points. No snapping. */
export function legRouter(leg: (from: Point, to: Point) => Leg): Router {
  return {
    leg,
    route(points) {
      assert(points.length >= 2, "a route has two points or more");
      const legs: Leg[] = [];
      let from: Point | undefined;
      for (const to of points) {
        if (from) legs.push(leg(from, to));
        from = to;
      }
      return {
        legs,
        durationS: legs.reduce((sum, each) => sum + each.durationS, 0),
        distanceM: legs.reduce((sum, each) => sum + each.distanceM, 0),
      };
    },
    table(sources, destinations) {
      const rows = sources.map((from) => destinations.map((to) => leg(from, to)));
      return {
        durationsS: rows.map((row) => row.map((each) => each.durationS)),
        distancesM: rows.map((row) => row.map((each) => each.distanceM)),
      };
    },
    nearest: (point) => ({ point, distanceM: 0 }),
  };
}
