import { E7, type StreetNetwork } from "../../city/city.ts";
import { distanceM } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { isForward, segmentOf } from "./arcs.ts";

const RADIANS = Math.PI / 180;

/** A part of an edge: shares (0 to 1) along it in the direction of travel, `from` <= `to`. */
export interface Piece {
  readonly edge: number;
  readonly from: number;
  readonly to: number;
}

export function nodePoint(streets: StreetNetwork, node: number): Point {
  return { lat: (streets.nodeLatE7[node] ?? 0) / E7, lng: (streets.nodeLngE7[node] ?? 0) / E7 };
}

/** A segment's points from its first node to its last. */
export function segmentPoints(streets: StreetNetwork, segment: number): Point[] {
  const points = [nodePoint(streets, streets.from[segment] ?? 0)];
  for (let at = streets.shapeStart[segment] ?? 0; at < (streets.shapeStart[segment + 1] ?? 0); at++) {
    points.push({ lat: (streets.shapeLatE7[at] ?? 0) / E7, lng: (streets.shapeLngE7[at] ?? 0) / E7 });
  }
  points.push(nodePoint(streets, streets.to[segment] ?? 0));
  return points;
}

/** The line of a part of an edge: two points or more, in the direction of travel. */
export function pieceLine(streets: StreetNetwork, { edge, from, to }: Piece): Point[] {
  const points = segmentPoints(streets, segmentOf(edge));
  if (!isForward(edge)) points.reverse();
  if (from <= 0 && to >= 1) return points;
  const lengths = points.map((point, index) => (index === 0 ? 0 : distanceM(points[index - 1] ?? point, point)));
  const wholeM = lengths.reduce((sum, each) => sum + each, 0);
  const [beginM, endM] = [from * wholeM, to * wholeM];
  const line: Point[] = [];
  let atM = 0;
  for (const [index, point] of points.entries()) {
    const before = points[index - 1] ?? point;
    const longM = lengths[index] ?? 0;
    const on = (metres: number): Point => between(before, point, longM === 0 ? 0 : (metres - atM) / longM);
    if (index > 0 && line.length === 0 && beginM <= atM + longM) line.push(on(beginM));
    if (line.length > 0 && endM <= atM + longM) {
      line.push(on(endM));
      return line;
    }
    atM += longM;
    if (line.length > 0) line.push(point);
  }
  const last = points.at(-1) ?? { lat: 0, lng: 0 };
  return line.length > 0 ? [...line, last] : [last, last];
}

/** Lines one after the other, without the points that are there twice. */
export function joined(lines: readonly (readonly Point[])[]): Point[] {
  const whole: Point[] = [];
  for (const point of lines.flat()) {
    const last = whole.at(-1);
    if (last?.lat !== point.lat || last.lng !== point.lng) whole.push(point);
  }
  const only = whole[0];
  return whole.length === 1 && only ? [only, only] : whole;
}

export function between(a: Point, b: Point, share: number): Point {
  return { lat: a.lat + (b.lat - a.lat) * share, lng: a.lng + (b.lng - a.lng) * share };
}

/** Degrees clockwise from north, 0 up to 360, as near as a block needs. */
export function bearing(a: Point, b: Point): number {
  const east = (b.lng - a.lng) * Math.cos(((a.lat + b.lat) / 2) * RADIANS);
  const degrees = Math.atan2(east, b.lat - a.lat) / RADIANS;
  return (degrees + 360) % 360;
}
