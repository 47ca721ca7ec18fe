import type { Work } from "../../../lib/work.ts";
import { DEGREE_M } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";

/**
 * Fewer points, none of the left out ones further than `withinM` from the line that stays (Douglas and Peucker, "Algorithms for
 * the reduction of the number of points", Cartographica 10, 1973). First and last stay.
 * A step looks at each point of the line once at most.
 */
export function* simplified(line: readonly Point[], withinM: number): Work<Point[]> {
  const keep = new Uint8Array(line.length).fill(0);
  keep[0] = keep[line.length - 1] = 1;
  const spans: (readonly [number, number])[] = [[0, line.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [first, last] = span;
    let [far, furthestM] = [-1, withinM];
    for (let at = first + 1; at < last; at++) {
      const awayM = awayFrom(line[first], line[last], line[at]);
      if (awayM > furthestM) [far, furthestM] = [at, awayM];
    }
    if (far < 0) continue;
    keep[far] = 1;
    spans.push([first, far], [far, last]);
    yield;
  }
  return line.filter((_, index) => keep[index] === 1);
}

/** Metres from a point to the straight piece between two. */
function awayFrom(a: Point | undefined, b: Point | undefined, point: Point | undefined): number {
  if (!a || !b || !point) return 0;
  const east = DEGREE_M * Math.cos((a.lat * Math.PI) / 180);
  const [bx, by] = [(b.lng - a.lng) * east, (b.lat - a.lat) * DEGREE_M];
  const [x, y] = [(point.lng - a.lng) * east, (point.lat - a.lat) * DEGREE_M];
  const square = bx * bx + by * by;
  const t = square === 0 ? 0 : Math.min(1, Math.max(0, (x * bx + y * by) / square));
  return Math.hypot(x - t * bx, y - t * by);
}
