import { atOnce, type Work } from "../../../lib/work.ts";
import { mayRide, type City, type StreetNetwork, type Vehicle } from "../../city/city.ts";
import type { Point } from "../../geo/point.ts";
import { legRouter } from "../leg-router.ts";
import type { Leg, Router, TravelTable } from "../router.ts";
import { dmOf, msOf, shareOf } from "./cost.ts";
import { hierarchyOf, type Hierarchy } from "./hierarchy.ts";
import { makeLabels, type Label, type Labels, type Seeds } from "./labels.ts";
import type { Piece } from "./shape.ts";
import { segmentCosts } from "./speeds.ts";
import type { OnStreet, StreetIndex } from "./street-index.ts";
import { unpack } from "./unpack.ts";

/** A way between two places on streets, with the parts of edges that it goes over. */
export interface StreetLeg extends Leg {
  readonly pieces: readonly Piece[];
}

/** A router over a city's streets for one vehicle. Ways take whole milliseconds and decimetres. */
export interface StreetRouter extends Router {
  readonly vehicle: Vehicle;
  readonly streets: StreetNetwork;
  /** Where points meet streets that the vehicle may ride, nearest first. */
  readonly onStreets: (point: Point, count: number, withinM?: number) => OnStreet[];
  /** All ways between places on streets, a row a step. What was searched for a place is kept as long as its object. */
  readonly tableOn: (sources: readonly OnStreet[], destinations: readonly OnStreet[]) => Work<TravelTable>;
  /** The fastest way between places on streets. */
  readonly way: (from: OnStreet, to: OnStreet) => StreetLeg;
  /** Whether the vehicle may ride the segment along its direction, and against it. */
  readonly admits: (segment: number) => { readonly forward: boolean; readonly backward: boolean };
  /** What the whole segment costs (cost.ts). */
  readonly costOf: (segment: number) => number;
  /** What it costs from street nodes to street nodes (cost.ts), by labels that whoever asks often remembers. */
  readonly nodes: {
    readonly out: (node: number) => Label;
    readonly back: (node: number) => Label;
    readonly cost: (from: Label, to: Label) => number;
  };
}

/** Bits of a segment: ridable along its direction, and against it. */
const ALONG = 1;
const AGAINST = 2;

/** A point's place on the streets and what was searched from there, kept as long as somebody holds the point. */
interface Place {
  readonly on: OnStreet;
  out?: Label;
  back?: Label;
}

/** @returns undefined when the city has no streets for this vehicle. What was searched for a point is kept as long as the point object. */
export function makeStreetRouter(city: City, vehicle: Vehicle, index: StreetIndex): StreetRouter | undefined {
  const { streets } = city;
  const hierarchy = hierarchyOf(streets, vehicle, city.hierarchies[vehicle]);
  const ridable = ridableOf(streets, vehicle, hierarchy);
  if (ridable.every((each) => each === 0)) return undefined;
  const ends = makeEnds(streets, ridable, segmentCosts(streets, vehicle), hierarchy);
  const labels = makeLabels(hierarchy);
  const places = new WeakMap<Point, Place>();
  const placesOn = new WeakMap<OnStreet, Place>();

  const placeOf = (point: Point): Place => {
    const known = places.get(point);
    if (known) return known;
    const [on] = index.nearest(point, ridable, 1);
    const place: Place = {
      on: on ?? { segment: ridable.findIndex((each) => each > 0), share: 0, point, distanceM: 0 },
    };
    places.set(point, place);
    return place;
  };
  const placeOn = (on: OnStreet): Place => {
    const place = placesOn.get(on) ?? { on };
    placesOn.set(on, place);
    return place;
  };
  const outOf = (place: Place): Label => (place.out ??= labels.out(ends.out(place.on)));
  const backOf = (place: Place): Label => (place.back ??= labels.back(ends.back(place.on)));
  const leg = (a: Point, b: Point): Leg => {
    const [from, to] = [placeOf(a), placeOf(b)];
    return asLeg(Math.min(ends.direct(from.on, to.on), labels.meet(outOf(from), backOf(to)).cost));
  };

  return {
    ...legRouter(leg),
    table: (sources, destinations) => atOnce(tableOf(sources.map(placeOf), destinations.map(placeOf))),
    tableOn: (sources, destinations) => tableOf(sources.map(placeOn), destinations.map(placeOn)),
    nearest: (point) => placeOf(point).on,
    vehicle,
    streets,
    onStreets: (point, count, withinM) => index.nearest(point, ridable, count, withinM),
    admits: (segment) => ({
      forward: ((ridable[segment] ?? 0) & ALONG) !== 0,
      backward: ((ridable[segment] ?? 0) & AGAINST) !== 0,
    }),
    costOf: ends.cost,
    way: (from, to) => wayOf(from, to, ends, labels, hierarchy),
    nodes: {
      out: (node) => labels.out({ nodes: [hierarchy.rank[node] ?? 0], costs: [0] }),
      back: (node) => labels.back({ nodes: [hierarchy.rank[node] ?? 0], costs: [0] }),
      cost: (from, to) => labels.meet(from, to).cost,
    },
  };

  function* tableOf(sources: readonly Place[], destinations: readonly Place[]): Work<TravelTable> {
    const backs: Label[] = [];
    for (const to of destinations) {
      backs.push(backOf(to));
      yield;
    }
    const durationsS: number[][] = [];
    const distancesM: number[][] = [];
    for (const from of sources) {
      const costs = labels.costs(outOf(from), backs);
      for (const [column, { on }] of destinations.entries()) {
        if (on.segment === from.on.segment)
          costs[column] = Math.min(costs[column] ?? Infinity, ends.direct(from.on, on));
      }
      durationsS.push(Array.from(costs, (cost) => msOf(cost) / 1000));
      distancesM.push(Array.from(costs, (cost) => dmOf(cost) / 10));
      yield;
    }
    return { durationsS, distancesM };
  }
}

function asLeg(cost: number): Leg {
  return { durationS: msOf(cost) / 1000, distanceM: dmOf(cost) / 10 };
}

function ridableOf(streets: StreetNetwork, vehicle: Vehicle, { main }: Hierarchy): Uint8Array {
  return Uint8Array.from(streets.from, (from, segment) => {
    if (main[from] !== 1 || main[streets.to[segment] ?? 0] !== 1) return 0;
    const along = mayRide(streets, segment, vehicle, true) ? ALONG : 0;
    return along | (mayRide(streets, segment, vehicle, false) ? AGAINST : 0);
  });
}

/** Seeds at a segment's ends; whether each is at its last node. */
interface EndSeeds extends Seeds {
  readonly last: readonly boolean[];
}

/** What lies between a place on a segment and the segment's ends. */
interface Ends {
  readonly cost: (segment: number) => number;
  out(on: OnStreet): EndSeeds;
  back(on: OnStreet): EndSeeds;
  /** Along the one segment on which both are, where that may be ridden; else Infinity. */
  direct(from: OnStreet, to: OnStreet): number;
  directPiece(from: OnStreet, to: OnStreet): Piece;
}

function makeEnds(streets: StreetNetwork, ridable: Uint8Array, costs: Float64Array, { rank }: Hierarchy): Ends {
  const ofPlace = ({ segment, share }: OnStreet) => {
    const whole = costs[segment] ?? 0;
    const fromStart = shareOf(whole, share);
    const bits = ridable[segment] ?? 0;
    return { fromStart, toEnd: whole - fromStart, along: (bits & ALONG) !== 0, against: (bits & AGAINST) !== 0 };
  };
  const seeds = ({ segment }: OnStreet, start: number | undefined, end: number | undefined): EndSeeds => {
    const [first, last] = [rank[streets.from[segment] ?? 0] ?? 0, rank[streets.to[segment] ?? 0] ?? 0];
    const open = [
      ...(start === undefined ? [] : [{ node: first, cost: start, last: false }]),
      ...(end === undefined ? [] : [{ node: last, cost: end, last: true }]),
    ];
    return {
      nodes: open.map(({ node }) => node),
      costs: open.map(({ cost }) => cost),
      last: open.map((each) => each.last),
    };
  };
  return {
    cost: (segment) => costs[segment] ?? 0,
    out(on) {
      const { fromStart, toEnd, along, against } = ofPlace(on);
      return seeds(on, against ? fromStart : undefined, along ? toEnd : undefined);
    },
    back(on) {
      const { fromStart, toEnd, along, against } = ofPlace(on);
      return seeds(on, along ? fromStart : undefined, against ? toEnd : undefined);
    },
    direct(from, to) {
      if (from.segment !== to.segment) return Infinity;
      const { fromStart, along, against } = ofPlace(from);
      const further = ofPlace(to).fromStart - fromStart;
      if (further === 0) return 0;
      if (further > 0) return along ? further : Infinity;
      return against ? -further : Infinity;
    },
    directPiece(from, to) {
      const { along, against } = ofPlace(from);
      const ahead = along && (to.share >= from.share || !against);
      const [begin, end] = ahead ? [from.share, to.share] : [1 - from.share, 1 - to.share];
      // Less than a millisecond behind on a one-way street counts as there.
      return { edge: 2 * from.segment + (ahead ? 0 : 1), from: Math.min(begin, end), to: end };
    },
  };
}

function wayOf(from: OnStreet, to: OnStreet, ends: Ends, labels: Labels, hierarchy: Hierarchy): StreetLeg {
  const direct = ends.direct(from, to);
  const [out, back] = [ends.out(from), ends.back(to)];
  const [outLabel, backLabel] = [labels.out(out), labels.back(back)];
  const meeting = labels.meet(outLabel, backLabel);
  if (direct <= meeting.cost) return { ...asLeg(direct), pieces: [ends.directPiece(from, to)] };
  const { edges, start, end } = unpack(hierarchy, outLabel, backLabel, meeting);
  const [leaving, entering] = [usesLast(out, start), !usesLast(back, end)];
  return {
    ...asLeg(meeting.cost),
    pieces: [
      { edge: 2 * from.segment + (leaving ? 0 : 1), from: leaving ? from.share : 1 - from.share, to: 1 },
      ...edges.map((edge) => ({ edge, from: 0, to: 1 })),
      { edge: 2 * to.segment + (entering ? 0 : 1), from: 0, to: entering ? to.share : 1 - to.share },
    ],
  };
}

/** Whether a way that begins (or ends) at this node does so at the segment's last node; a loop has both, the cheaper counts. */
function usesLast({ nodes, costs, last }: EndSeeds, node: number): boolean {
  const [first = 0, second] = [...nodes.keys()].filter((index) => nodes[index] === node);
  const index = second !== undefined && (costs[second] ?? 0) < (costs[first] ?? 0) ? second : first;
  return last[index] ?? false;
}
