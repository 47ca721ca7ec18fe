import { STREET_FLAG, type StreetNetwork } from "../../city/city.ts";
import { distanceM } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { isForward, segmentOf } from "./arcs.ts";
import { dmOf, msOf, shareOf } from "./cost.ts";
import { bearing, joined, pieceLine, type Piece } from "./shape.ts";
import type { StreetLeg } from "./street-router.ts";

/** OSRM's types of maneuver that are told here. */
export type ManeuverType = "depart" | "turn" | "continue" | "new name" | "roundabout" | "exit roundabout" | "arrive";

/** OSRM's modifiers: how sharp a turn is. */
export type Modifier =
  | "uturn"
  | "sharp right"
  | "right"
  | "slight right"
  | "straight"
  | "slight left"
  | "left"
  | "sharp left";

export interface Maneuver {
  readonly type: ManeuverType;
  readonly modifier?: Modifier;
  readonly location: Point;
  /** Degrees clockwise from north, whole; 0 at the way's beginning and end where there is none. */
  readonly bearingBefore: number;
  readonly bearingAfter: number;
  /** Of a roundabout: the how manieth way out is taken, from 1. */
  readonly exit?: number;
}

/** From a maneuver to the next, in the terms of OSRM v1 `RouteStep`. */
export interface Step {
  readonly maneuver: Maneuver;
  /** Index into the city's names; 0 is none. */
  readonly name: number;
  readonly durationS: number;
  readonly distanceM: number;
  readonly line: readonly Point[];
}

/** What a step-teller must know of the network beside the streets. */
export interface StepNetwork {
  readonly streets: StreetNetwork;
  readonly costOf: (segment: number) => number;
  /** How many streets meet in a node: at two there is nothing to decide. */
  readonly degree: Uint8Array;
}

/** Where a destination lies beside the street less than this away, no side is told. */
const BESIDE_M = 5;

interface Stretch {
  readonly pieces: Piece[];
  readonly maneuver: Maneuver;
}

/** The steps of a leg: depart, what there is to do on the way, arrive. */
export function stepsOf(leg: StreetLeg, destination: Point, network: StepNetwork): Step[] {
  const { streets } = network;
  const ridden = leg.pieces.filter(({ from, to }) => to > from);
  const pieces = ridden.length > 0 ? ridden : leg.pieces.slice(0, 1);
  const lines = pieces.map((piece) => pieceLine(streets, piece));
  const stretches: Stretch[] = [];
  for (const [index, piece] of pieces.entries()) {
    const line = lines[index] ?? [];
    const before = pieces[index - 1];
    const maneuver = before ? maneuverBetween(before, piece, lines[index - 1] ?? [], line, network) : depart(line);
    if (maneuver) stretches.push({ pieces: [piece], maneuver });
    else stretches.at(-1)?.pieces.push(piece);
  }
  const counted = countExits(stretches, network);
  const steps = counted.map((stretch) => stepOf(stretch, network));
  const last = pieces.at(-1);
  return [...closing(steps, leg), arrive(lines.at(-1) ?? [], destination, last ? nameOf(streets, last) : 0)];
}

function nameOf({ name }: StreetNetwork, { edge }: Piece): number {
  return name[segmentOf(edge)] ?? 0;
}

function isRound({ flags }: StreetNetwork, { edge }: Piece): boolean {
  return ((flags[segmentOf(edge)] ?? 0) & STREET_FLAG.roundabout) !== 0;
}

/** What has to be said where one edge follows another; undefined where one simply goes on. */
function maneuverBetween(
  before: Piece,
  after: Piece,
  lineBefore: readonly Point[],
  lineAfter: readonly Point[],
  { streets, degree }: StepNetwork,
): Maneuver | undefined {
  const [bearingBefore, bearingAfter] = [lastBearing(lineBefore), firstBearing(lineAfter)];
  const at = { location: lineAfter[0] ?? { lat: 0, lng: 0 }, bearingBefore, bearingAfter };
  const turned = segmentOf(before.edge) === segmentOf(after.edge) && before.edge !== after.edge;
  const modifier = turned ? "uturn" : modifierOf(bearingAfter - bearingBefore);
  const [roundBefore, roundAfter] = [isRound(streets, before), isRound(streets, after)];
  if (roundBefore && roundAfter) return undefined;
  if (roundAfter) return { type: "roundabout", modifier, ...at };
  if (roundBefore) return { type: "exit roundabout", modifier, ...at };
  const same = nameOf(streets, before) === nameOf(streets, after);
  const node = isForward(after.edge) ? streets.from[segmentOf(after.edge)] : streets.to[segmentOf(after.edge)];
  const choice = (degree[node ?? 0] ?? 0) > 2;
  if (modifier === "straight" || (!choice && !turned)) return same ? undefined : { type: "new name", modifier, ...at };
  if (same && modifier.startsWith("slight")) return undefined;
  return { type: same ? "continue" : "turn", modifier, ...at };
}

/** OSRM's classes of turns: straight within 20 degrees, slight to 40, sharp from 120 on. */
export function modifierOf(turn: number): Modifier {
  const degrees = ((((turn + 180) % 360) + 360) % 360) - 180;
  const off = Math.abs(degrees);
  if (off > 175) return "uturn";
  if (off <= 20) return "straight";
  const side = degrees > 0 ? "right" : "left";
  if (off <= 40) return `slight ${side}`;
  return off < 120 ? side : `sharp ${side}`;
}

function depart(line: readonly Point[]): Maneuver {
  const location = line[0] ?? { lat: 0, lng: 0 };
  return { type: "depart", location, bearingBefore: 0, bearingAfter: firstBearing(line) };
}

function arrive(line: readonly Point[], destination: Point, name: number): Step {
  const location = line.at(-1) ?? destination;
  const bearingBefore = lastBearing(line);
  const turn = (((bearing(location, destination) - bearingBefore) % 360) + 360) % 360;
  const beside = distanceM(location, destination) > BESIDE_M && turn !== 0 && turn !== 180;
  const maneuver: Maneuver = {
    type: "arrive",
    ...(beside ? { modifier: turn < 180 ? ("right" as const) : ("left" as const) } : {}),
    location,
    bearingBefore,
    bearingAfter: 0,
  };
  return { maneuver, name, durationS: 0, distanceM: 0, line: [location, location] };
}

/** Each roundabout's exits, the taken one included: nodes on it from which a street leads away. */
function countExits(stretches: readonly Stretch[], { streets, degree }: StepNetwork): Stretch[] {
  return stretches.map((stretch) => {
    if (stretch.maneuver.type !== "roundabout") return stretch;
    const heads = stretch.pieces.map(({ edge }) => (isForward(edge) ? streets.to : streets.from)[segmentOf(edge)] ?? 0);
    const exit = Math.max(1, heads.filter((node) => (degree[node] ?? 0) > 2).length);
    return { ...stretch, maneuver: { ...stretch.maneuver, exit } };
  });
}

function stepOf({ pieces, maneuver }: Stretch, { streets, costOf }: StepNetwork): Step {
  const costs = pieces.map(({ edge, from, to }) => shareOf(costOf(segmentOf(edge)), to - from));
  const cost = costs.reduce((sum, each) => sum + each, 0);
  const [first] = pieces;
  return {
    maneuver,
    name: first ? nameOf(streets, first) : 0,
    durationS: msOf(cost) / 1000,
    distanceM: dmOf(cost) / 10,
    line: joined(pieces.map((piece) => pieceLine(streets, piece))),
  };
}

/** Parts of edges are rounded each by itself; the last step makes good what is left, so that steps add up to their leg. */
function closing(steps: readonly Step[], leg: StreetLeg): Step[] {
  const last = steps.at(-1);
  if (!last) return [];
  const others = steps.slice(0, -1);
  const left = (whole: number, part: (step: Step) => number, unit: number) =>
    Math.max(0, Math.round((whole - others.reduce((sum, each) => sum + part(each), 0)) * unit) / unit);
  return [
    ...others,
    {
      ...last,
      durationS: left(leg.durationS, (each) => each.durationS, 1000),
      distanceM: left(leg.distanceM, (each) => each.distanceM, 10),
    },
  ];
}

function firstBearing(line: readonly Point[]): number {
  const [start] = line;
  const next = line.find((point) => start && (point.lat !== start.lat || point.lng !== start.lng));
  return start && next ? Math.round(bearing(start, next)) % 360 : 0;
}

function lastBearing(line: readonly Point[]): number {
  const backwards = line.toReversed();
  const [end] = backwards;
  const before = backwards.find((point) => end && (point.lat !== end.lat || point.lng !== end.lng));
  return end && before ? Math.round(bearing(before, end)) % 360 : 0;
}
