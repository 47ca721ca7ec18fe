import type { Point } from "#shared/contracts/geo.ts";
import { STREET_CLASSES, STREET_FLAG, type City, type StreetNetwork } from "#shared/domain/city/city.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { segmentOf } from "#shared/domain/router/graph/arcs.ts";
import { makeCityRouter } from "#shared/domain/router/graph/city-router.ts";
import { pieceLine, type Piece } from "#shared/domain/router/graph/shape.ts";

import type { Way } from "../../actors/ride.ts";
import { CROSSING_S, WALK_KMH } from "./parameters.ts";
import { trueSpeedKmh, type Conditions } from "./speeds.ts";
import { STRAIGHT_WAYS, type Ways } from "./ways.ts";

/**
 * Ways along a city's streets, as the map's own router finds them, ridden at the speeds that are true at that hour; from door
 * to street and back one walks. Where the vehicle has no streets, straight. [TWN7]
 */
export function streetWays(city: City): Ways {
  const routers = makeCityRouter(city);
  return (from, to, conditions) => {
    const router = routers.by(conditions.vehicle);
    const [begin] = router?.onStreets(from, 1) ?? [];
    const [end] = router?.onStreets(to, 1) ?? [];
    if (!router || !begin || !end) return STRAIGHT_WAYS(from, to, conditions);
    return wayAlong(city.streets, { from, to, pieces: router.way(begin, end).pieces }, conditions);
  };
}

/** Less than this is no leg, metres. */
const NOTHING_M = 0.5;

function wayAlong(
  streets: StreetNetwork,
  { from, to, pieces }: { readonly from: Point; readonly to: Point; readonly pieces: readonly Piece[] },
  conditions: Conditions,
): Way {
  const points: Point[] = [from];
  const sinceMs: number[] = [0];
  const covered: boolean[] = [];
  const goTo = (point: Point, kmh: number, hidden: boolean, extraMs = 0): void => {
    const last = points.at(-1) ?? from;
    // A way may begin or end with nothing of a street.
    const legM = distanceM(last, point);
    if (extraMs === 0 && legM < NOTHING_M && point !== to) return;
    points.push(point);
    sinceMs.push(Math.round((sinceMs.at(-1) ?? 0) + (legM * 3_600) / kmh + extraMs));
    covered.push(hidden);
  };
  let street: number | undefined;
  for (const piece of pieces) {
    const segment = segmentOf(piece.edge);
    const [first, ...rest] = pieceLine(streets, piece);
    const kmh = trueSpeedKmh(stretchOf(streets, segment), conditions);
    const hidden = ((streets.flags[segment] ?? 0) & STREET_FLAG.tunnel) !== 0;
    if (first && street === undefined) goTo(first, WALK_KMH, false);
    const turns = street !== undefined && street !== streets.name[segment];
    street = streets.name[segment] ?? 0;
    for (const [index, point] of rest.entries()) {
      goTo(point, kmh, hidden, turns && index === 0 ? CROSSING_S[conditions.vehicle] * 1000 : 0);
    }
  }
  goTo(to, WALK_KMH, false);
  return { points, sinceMs, covered };
}

function stretchOf(streets: StreetNetwork, segment: number) {
  return {
    streetClass: STREET_CLASSES[streets.streetClass[segment] ?? 0] ?? "residential",
    signedKmh: streets.maxSpeedKmh[segment] ?? 0,
  };
}
