import type { StreetNetwork } from "../../city/city.ts";
import type { Work } from "../../../lib/work.ts";
import type { Point } from "../../geo/point.ts";
import type { Leg } from "../router.ts";
import { joined, pieceLine } from "./shape.ts";
import { stepsOf, type Step, type StepNetwork } from "./steps.ts";
import type { OnStreet } from "./street-index.ts";
import type { StreetRouter } from "./street-router.ts";

/** A way over several places with its line and what to do on it, in the terms of OSRM v1 `Route`. */
export interface Directions extends Leg {
  readonly legs: readonly DirectionsLeg[];
  readonly line: readonly Point[];
}

export interface DirectionsLeg extends Leg {
  readonly steps: readonly Step[];
}

export interface Guide {
  /** A leg a step. @param via each a point and where it meets the streets; two or more */
  directions(via: readonly { readonly point: Point; readonly on: OnStreet }[]): Work<Directions>;
}

/** Tells ways of a router in words and lines. */
export function makeGuide(router: StreetRouter): Guide {
  const { streets, costOf } = router;
  const network: StepNetwork = { streets, costOf, degree: degreesOf(streets) };
  return {
    *directions(via) {
      const ways: (DirectionsLeg & { readonly line: readonly Point[] })[] = [];
      for (const [index, { point, on }] of via.slice(1).entries()) {
        const way = router.way(via[index]?.on ?? on, on);
        const line = joined(way.pieces.map((piece) => pieceLine(streets, piece)));
        ways.push({ ...way, line, steps: stepsOf(way, point, network) });
        yield;
      }
      return {
        durationS: sum(ways.map((way) => way.durationS * 1000)) / 1000,
        distanceM: sum(ways.map((way) => way.distanceM * 10)) / 10,
        line: joined(ways.map(({ line }) => line)),
        legs: ways.map(({ durationS, distanceM, steps }) => ({ durationS, distanceM, steps })),
      };
    },
  };
}

/** Whole numbers, that came a little off by being divided. */
function sum(figures: readonly number[]): number {
  return figures.reduce((total, each) => total + Math.round(each), 0);
}

function degreesOf({ from, to, nodeLatE7 }: StreetNetwork): Uint8Array {
  const degree = new Uint8Array(nodeLatE7.length);
  for (const ends of [from, to]) for (const node of ends) degree[node] = Math.min(255, (degree[node] ?? 0) + 1);
  return degree;
}
