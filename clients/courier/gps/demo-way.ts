import type { Point } from "#shared/contracts/geo.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { bearing, between } from "#shared/domain/router/graph/shape.ts";

/** A way to be ridden: at least one point, and one speed for all of it. */
export interface Way {
  readonly line: readonly Point[];
  /** Metres in a deployment second, > 0. */
  readonly speedMps: number;
}

export interface PlaceOnWay {
  readonly point: Point;
  /** 0 at its end. */
  readonly speedMps: number;
  /** Degrees clockwise from north, [0, 360); null at its end. */
  readonly headingDeg: number | null;
}

/** Where the streets cannot be asked: 20 km/h as the crow flies. */
const STRAIGHT_MPS = 20 / 3.6;

/** No slower than on foot, pushing the vehicle. */
const WALK_MPS = 1;
/** Streets shorter than this tell no speed, metres. */
const TELLING_M = 10;

export function straightWay(from: Point, to: Point): Way {
  return { line: [from, to], speedMps: STRAIGHT_MPS };
}

/** A way along streets from door to door, as fast as the router says of it: the steps from and to the street as well. */
export function streetWay(from: Point, to: Point, street: readonly Point[], durationS: number): Way {
  const streetM = lengthM(street);
  // The steps to a door may be longer than a street of a few centimetres, whose figures say nothing.
  const isUsable = streetM >= TELLING_M && durationS > 0;
  return { line: [from, ...street, to], speedMps: isUsable ? Math.max(WALK_MPS, streetM / durationS) : STRAIGHT_MPS };
}

/** The place on a way after so many deployment seconds; before its beginning and after its end it stands there. [DMO13] */
export function placeOnWay({ line, speedMps }: Way, elapsedS: number): PlaceOnWay {
  let leftM = Math.max(0, elapsedS) * speedMps;
  let [from] = line;
  if (!from) throw new Error("a way has at least one point");
  for (const to of line.slice(1)) {
    const legM = distanceM(from, to);
    if (leftM < legM) {
      return { point: between(from, to, leftM / legM), speedMps, headingDeg: bearing(from, to) };
    }
    leftM -= legM;
    from = to;
  }
  return { point: from, speedMps: 0, headingDeg: null };
}

function lengthM(line: readonly Point[]): number {
  return line.slice(1).reduce((sum, point, index) => sum + distanceM(line[index] ?? point, point), 0);
}
