import { STREET_CLASSES, STREET_FLAG, type StreetClass, type StreetNetwork, type Vehicle } from "../../city/city.ts";
import { costOf } from "./cost.ts";

/**
 * Free speeds by class of street, km/h. Streets with traffic and a bicycle's are those of OSRM's published profiles car.lua and
 * bicycle.lua (Project OSRM); a living street goes at car.lua's pace for all, and a service street slows a bicycle a little.
 */
const TRAFFIC_KMH: Partial<Record<StreetClass, number>> = {
  motorway: 90,
  trunk: 85,
  primary: 65,
  secondary: 55,
  tertiary: 40,
  unclassified: 25,
  residential: 25,
};
/** Without lights and queues, and too narrow for a sign to make anybody faster. */
const QUIET_KMH: Partial<Record<StreetClass, number>> = {
  living_street: 10,
  service: 15,
  track: 12,
  cycleway: 15,
  path: 13,
};
const BICYCLE_KMH = 15;
const SERVICE_BICYCLE_KMH = 12;
/** On foot, and whoever may ride where people walk: pedestrian streets, footways, steps. */
const WALK_KMH = 5;
/** Slip roads, as OSRM's car profile slows them: half to nearly all of their road's speed. */
const LINK_SHARE = 0.6;
/** What of a signed limit is driven (OSRM's car profile: `speed_reduction`). */
const LIMIT_SHARE = 0.8;
/**
 * What lights, crossings and queues leave of the free speed in town; a motorbike filters past the queue. Our own assumption, until
 * traces teach better: a car on a street signed 45 km/h gets along at 25.
 */
const TOWN_SHARE = { car: 0.7, motorbike: 0.9 } as const;

/**
 * How fast the vehicle gets along a segment, stops included. Direction does not matter; whether it may ride there does not
 * either. Nobody is slower than a walk, and no motor slower than a bicycle, which keeps the limit too. [RTR5]
 */
export function speedKmh(streets: StreetNetwork, segment: number, vehicle: Vehicle): number {
  if (vehicle === "foot") return WALK_KMH;
  const kind = STREET_CLASSES[streets.streetClass[segment] ?? 0] ?? "residential";
  const signedKmh = (streets.maxSpeedKmh[segment] ?? 0) || Infinity;
  const trafficKmh = TRAFFIC_KMH[kind];
  const quietKmh = QUIET_KMH[kind] ?? WALK_KMH;
  const freeKmh = kind === "service" ? SERVICE_BICYCLE_KMH : trafficKmh === undefined ? quietKmh : BICYCLE_KMH;
  const bicycleKmh = Math.max(WALK_KMH, Math.min(freeKmh, signedKmh));
  if (vehicle === "bicycle") return bicycleKmh;
  if (trafficKmh === undefined) return Math.max(bicycleKmh, Math.min(quietKmh, signedKmh));
  const link = ((streets.flags[segment] ?? 0) & STREET_FLAG.link) !== 0;
  const openKmh = signedKmh < Infinity ? signedKmh * LIMIT_SHARE : trafficKmh * (link ? LINK_SHARE : 1);
  return Math.max(bicycleKmh, openKmh * TOWN_SHARE[vehicle]);
}

/** What each segment costs the vehicle in either direction ({@link costOf}); at least a millisecond. */
export function segmentCosts(streets: StreetNetwork, vehicle: Vehicle): Float64Array {
  const costs = new Float64Array(streets.from.length);
  for (let segment = 0; segment < costs.length; segment++) {
    const dm = streets.lengthDm[segment] ?? 0;
    costs[segment] = costOf(Math.max(1, Math.round((dm * 360) / speedKmh(streets, segment, vehicle))), dm);
  }
  return costs;
}
