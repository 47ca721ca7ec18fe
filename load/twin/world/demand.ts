import type { Point } from "#shared/contracts/geo.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import type { LocalClock, LocalTime } from "#shared/domain/restaurant/opening-hours.ts";

import { logNormal, weighted, type Decide } from "./chance.ts";
import {
  DEMAND_BY_HOUR,
  DEMAND_BY_WEEKDAY,
  DEMAND_IN_RAIN,
  DISTANCE_DECAY_M,
  POPULARITY_SIGMA,
  traitsOf,
} from "./parameters.ts";
import type { Weather } from "./weather.ts";

const MINUTE_MS = 60_000;

/** How many orders there are at a time, as a multiple of the usual; hours run into each other. [TWN2] */
export function demandAt({ weekday, minute }: LocalTime, rain: number): number {
  const hour = Math.floor(minute / 60);
  const here = DEMAND_BY_HOUR[hour] ?? 1;
  const next = DEMAND_BY_HOUR[(hour + 1) % 24] ?? 1;
  const byHour = here + (next - here) * ((minute % 60) / 60);
  return byHour * (DEMAND_BY_WEEKDAY[weekday] ?? 1) * (1 + (DEMAND_IN_RAIN - 1) * rain);
}

export interface Arrival {
  /** Counts from 0. */
  readonly ordinal: number;
  readonly atMs: number;
}

export interface ArrivalOptions {
  readonly decide: Decide;
  readonly fromMs: number;
  /** Left out: without an end. */
  readonly untilMs?: number;
  /** On the average of the span; without an end, at the usual demand. */
  readonly perHour: number;
  readonly local: LocalClock;
  readonly weather: Weather;
}

/**
 * The moments at which somebody wants to eat, in their order: the curve of demand is cut into pieces of one order each, and in
 * each piece its order comes at a random place. A span with an end holds as many orders as its length says, to the one. [TWN2]
 */
export function* arrivals(options: ArrivalOptions): Generator<Arrival> {
  const { decide, fromMs, untilMs = Infinity, perHour, local, weather } = options;
  if (perHour <= 0) return;
  const shapeAt = (atMs: number) => demandAt(local(atMs), weather(atMs));
  const aMinute = (perHour / 60) * (untilMs === Infinity ? 1 : 1 / meanShape(shapeAt, fromMs, untilMs));
  let done = 0;
  let ordinal = 0;
  const placeOf = (of: number) => of + decide("city", "order", of)();
  let wanted = placeOf(0);
  for (let atMs = fromMs; atMs < untilMs; atMs += MINUTE_MS) {
    const lengthMs = Math.min(MINUTE_MS, untilMs - atMs);
    const here = aMinute * shapeAt(atMs) * (lengthMs / MINUTE_MS);
    while (wanted < done + here) {
      yield { ordinal, atMs: Math.floor(atMs + ((wanted - done) / here) * lengthMs) };
      ordinal += 1;
      wanted = placeOf(ordinal);
    }
    done += here;
  }
}

function meanShape(shapeAt: (atMs: number) => number, fromMs: number, untilMs: number): number {
  let sum = 0;
  for (let atMs = fromMs; atMs < untilMs; atMs += MINUTE_MS) {
    sum += shapeAt(atMs) * Math.min(MINUTE_MS, untilMs - atMs);
  }
  return sum / (untilMs - fromMs);
}

/** A restaurant as a hungry person sees it. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly cuisine: string;
  readonly point: Point;
}

/** Where somebody orders: what is liked at this hour, what is popular, and rather near than far. [TWN2] */
export function chooseRestaurant<C extends Candidate>(
  decide: Decide,
  seen: { readonly ordinal: number; readonly near: Point; readonly local: LocalTime; readonly reach: number },
  all: readonly C[],
): C | undefined {
  const { ordinal, near, local, reach } = seen;
  const part = partOfDay(local.minute);
  // By name, not in the order of the answer: that order may depend on ids that are new in every run.
  const candidates = all.toSorted(byNameAndPlace);
  return weighted(decide("city", "restaurant", ordinal), candidates, ({ name, cuisine, point }) => {
    const liked = traitsOf(cuisine).liked[part];
    const popular = logNormal(decide(name, "popularity"), 1, POPULARITY_SIGMA);
    return liked * popular * Math.exp(-distanceM(near, point) / (DISTANCE_DECAY_M * reach));
  });
}

/** Branches of one name are told apart by where they are. */
function byNameAndPlace(a: Candidate, b: Candidate): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.point.lat - b.point.lat || a.point.lng - b.point.lng;
}

function partOfDay(minute: number): 0 | 1 | 2 | 3 {
  const hour = minute / 60;
  if (hour >= 5 && hour < 11) return 0;
  if (hour >= 11 && hour < 16) return 1;
  return hour >= 16 && hour < 19 ? 2 : 3;
}
