import { STREET_FLAG, mayRide, type StreetNetwork } from "#shared/domain/city/city.ts";

import { entry } from "./column.ts";

/**
 * Streets as they are drawn: segments that go on as the same street, joined. Run `i` has the steps `start[i]` to
 * `start[i + 1] - 1`; a step is a segment, or `~segment` where it is drawn from its end to its beginning.
 */
export interface StreetRuns {
  readonly start: Uint32Array;
  readonly steps: Int32Array;
}

const DRAWN_FLAGS = STREET_FLAG.tunnel | STREET_FLAG.bridge | STREET_FLAG.link;

/** Which way cars must go: 1 as drawn, -1 against it, 0 both ways or none. */
export function onewayOf(streets: StreetNetwork, segment: number): 1 | 0 | -1 {
  const [forth, back] = [mayRide(streets, segment, "car", true), mayRide(streets, segment, "car", false)];
  return forth === back ? 0 : forth ? 1 : -1;
}

/**
 * Joins the segments of a street from crossing to crossing, so that its name has room and its line has no seams. Two are
 * joined where exactly two of the same looks meet; one-way streets only in their direction.
 */
export function joinStreets(streets: StreetNetwork): StreetRuns {
  const meeting = segmentsAtNodes(streets);
  const isTaken = new Uint8Array(streets.from.length);
  const [start, steps] = [[0], [] as number[]];

  /** The step that goes on from the end of this one, where there is exactly one. */
  const next = (step: number): number | undefined => {
    const segment = segmentOf(step);
    const node = entry(step < 0 ? streets.from : streets.to, segment);
    const others = Array.from(meeting.segments.subarray(entry(meeting.start, node), entry(meeting.start, node + 1)))
      .filter((other) => other !== segment && looksSame(streets, segment, other))
      .map((other) => (streets.from[other] === node ? other : ~other));
    const [found] = others;
    if (found === undefined || others.length > 1 || isTaken[segmentOf(found)]) return undefined;
    return travel(streets, found) === travel(streets, step) ? found : undefined;
  };
  const follow = (first: number): number[] => {
    const way: number[] = [];
    for (let step = next(first); step !== undefined; step = next(step)) {
      isTaken[segmentOf(step)] = 1;
      way.push(step);
    }
    return way;
  };

  for (let segment = 0; segment < isTaken.length; segment++) {
    if (isTaken[segment]) continue;
    isTaken[segment] = 1;
    // A one-way street is drawn the way it is ridden.
    const first = onewayOf(streets, segment) < 0 ? ~segment : segment;
    const onwards = follow(first);
    const before = follow(~first).map((step) => ~step);
    steps.push(...before.toReversed(), first, ...onwards);
    start.push(steps.length);
  }
  return { start: Uint32Array.from(start), steps: Int32Array.from(steps) };
}

function segmentOf(step: number): number {
  return step < 0 ? ~step : step;
}

/** Which way cars must go along a step: with it, against it, or as they like. */
function travel(streets: StreetNetwork, step: number): number {
  return step < 0 ? -onewayOf(streets, ~step) : onewayOf(streets, step);
}

function looksSame(streets: StreetNetwork, one: number, other: number): boolean {
  return (
    streets.name[one] === streets.name[other] &&
    streets.streetClass[one] === streets.streetClass[other] &&
    (entry(streets.flags, one) & DRAWN_FLAGS) === (entry(streets.flags, other) & DRAWN_FLAGS)
  );
}

/** Node `n` has the segments `start[n]` to `start[n + 1] - 1`. */
function segmentsAtNodes({ nodeLatE7, from, to }: StreetNetwork) {
  const start = new Uint32Array(nodeLatE7.length + 1);
  for (let segment = 0; segment < from.length; segment++) {
    for (const node of [entry(from, segment), entry(to, segment)]) start[node + 1] = entry(start, node + 1) + 1;
  }
  for (let node = 0; node < nodeLatE7.length; node++) start[node + 1] = entry(start, node + 1) + entry(start, node);
  const free = start.slice();
  const segments = new Uint32Array(2 * from.length);
  for (let segment = 0; segment < from.length; segment++) {
    for (const node of [entry(from, segment), entry(to, segment)]) {
      segments[entry(free, node)] = segment;
      free[node] = entry(free, node) + 1;
    }
  }
  return { start, segments };
}
