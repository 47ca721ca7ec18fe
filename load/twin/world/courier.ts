import type { Point } from "#shared/contracts/geo.ts";
import type { Vehicle } from "#shared/domain/city/city.ts";

import { distanceM } from "#shared/domain/geo/distance.ts";

import { between, logNormal, weighted, type Decide } from "./chance.ts";
import type { Pace } from "./pace.ts";
import { COURIER, DISTANCE_DECAY_M, REACH_M } from "./parameters.ts";

const MINUTE_MS = 60_000;

/** What kind of rider it is. */
export interface CourierNature {
  readonly name: string;
  readonly vehicle: Vehicle;
  /** Of the usual speed. */
  readonly fast: number;
  /** How picky: times as many offers declined as usual. */
  readonly mood: number;
}

export function courierNature(decide: Decide, name: string, vehicle: Vehicle): CourierNature {
  const rng = decide(name, "nature");
  return {
    name,
    vehicle,
    fast: logNormal(rng, 1, COURIER.speedSigma),
    mood: logNormal(rng, 1, COURIER.moodSigma),
  };
}

export interface OfferSeen {
  /** The how-manieth offer of this courier. */
  readonly ordinal: number;
  /** From here over all stops, as far as an offer shows them, metres. */
  readonly distanceM: number;
  /** Of what is usually paid for that. */
  readonly paid: number;
  /** 0 to 1. */
  readonly rain: number;
}

export interface Answer {
  /** Why not; undefined takes it. */
  readonly decline: string | undefined;
  readonly afterMs: number;
}

/** Some offers are declined whatever they are, more of those that are far or badly paid, by mood and by rain. [TWN5] */
export function answerTo(decide: Decide, nature: CourierNature, offer: OfferSeen, pace: Pace): Answer {
  const rng = decide(nature.name, "answer", offer.ordinal);
  const afterMs = Math.round(
    Math.min(20_000, logNormal(rng, COURIER.answerS * 1000, COURIER.answerSigma) * pace.people),
  );
  const far = Math.max(0, offer.distanceM / REACH_M[nature.vehicle] - 1);
  const cheap = Math.max(0, 1 - offer.paid);
  const reasons: readonly [string, number][] = [
    ["Not now", COURIER.declines * (1 + offer.rain)],
    ["Too far", COURIER.declinesFar * Math.min(1, far)],
    ["Paid too little", COURIER.declinesCheap * Math.min(1, cheap)],
  ];
  let drawn = rng();
  for (const [reason, share] of reasons) {
    drawn -= Math.min(0.5, share * nature.mood);
    if (drawn < 0) return { decline: reason, afterMs };
  }
  return { decline: undefined, afterMs };
}

/** How long one courier stands at doors, deployment ms. */
export function doorsOf(decide: Decide, name: string, pace: Pace) {
  const rng = decide(name, "doors");
  const lasting = (seconds: number) => Math.round(logNormal(rng, seconds * 1000, COURIER.doorSigma) * pace.people);
  return {
    beforePickupMs: lasting(COURIER.beforePickupS),
    afterPickupMs: lasting(COURIER.afterPickupS),
    beforeDropMs: lasting(COURIER.beforeDropS),
    afterDropMs: lasting(COURIER.afterDropS),
  };
}

/**
 * Where somebody without work waits next: near one of the kitchens, rather a near one than a far one. [TWN5]
 *
 * @returns the place, and how long one waited before going there, ms
 */
export function roamOf(
  decide: Decide,
  name: string,
  roaming: { readonly ordinal: number; readonly from: Point; readonly kitchens: readonly Point[] },
): { readonly to: Point | undefined; readonly waitMs: number } {
  const rng = decide(name, "roam", roaming.ordinal);
  const waitMs = Math.round(between(rng, ...COURIER.roamMin) * MINUTE_MS);
  const to = weighted(rng, roaming.kitchens, (each) => Math.exp(-distanceM(roaming.from, each) / DISTANCE_DECAY_M));
  return { to, waitMs };
}

/** Whether somebody without work goes where orders are said to be expected. [TWN5] */
export function followsTo(decide: Decide, name: string, ordinal: number): boolean {
  return decide(name, "suggestion", ordinal)() < COURIER.follows;
}

/** Working hours, in deployment time. */
export interface Shift {
  readonly startMs: number;
  readonly endMs: number;
}

/** The courier's shift at `atMs`, or the next one: hours of work and short pauses, each courier at other times. [TWN5] */
export function shiftAt(decide: Decide, name: string, atMs: number): Shift {
  const rng = decide(name, "shifts");
  // Whole milliseconds, so that every question about a shift has the same answer.
  const workMs = Math.round(between(rng, ...COURIER.shiftMin) * MINUTE_MS);
  const cycleMs = workMs + Math.round(between(rng, ...COURIER.pauseMin) * MINUTE_MS);
  const offsetMs = Math.floor(rng() * cycleMs);
  const startMs = offsetMs + Math.floor((atMs - offsetMs) / cycleMs) * cycleMs;
  const nextMs = atMs < startMs + workMs ? startMs : startMs + cycleMs;
  return { startMs: nextMs, endMs: nextMs + workMs };
}
