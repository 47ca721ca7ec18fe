import { STREET_CLASSES, STREET_FLAG, type StreetClass, type StreetNetwork, type Vehicle } from "../../city/city.ts";
import { costOf } from "./cost.ts";

/**
 * Free speeds by class of street, km/h: those of OSRM's published profiles car.lua, bicycle.lua and foot.lua (Project OSRM). Where
 * a profile has none, whoever may ride there goes at a walking pace.
 */
const CAR_KMH: Partial<Record<StreetClass, number>> = {
  motorway: 90,
  trunk: 85,
  primary: 65,
  secondary: 55,
  tertiary: 40,
  unclassified: 25,
  residential: 25,
  living_street: 10,
  service: 15,
};
const BICYCLE_KMH: Partial<Record<StreetClass, number>> = {
  motorway: 15,
  trunk: 15,
  primary: 15,
  secondary: 15,
  tertiary: 15,
  unclassified: 15,
  residential: 15,
  living_street: 15,
  service: 15,
  cycleway: 15,
  track: 12,
  path: 13,
  pedestrian: 4,
  footway: 4,
  steps: 2,
};
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

/** How fast the vehicle gets along a segment, stops included. Direction does not matter; whether it may ride there does not either. */
export function speedKmh(streets: StreetNetwork, segment: number, vehicle: Vehicle): number {
  const kind = STREET_CLASSES[streets.streetClass[segment] ?? 0] ?? "residential";
  if (vehicle === "foot") return WALK_KMH;
  if (vehicle === "bicycle") return BICYCLE_KMH[kind] ?? WALK_KMH;
  const link = ((streets.flags[segment] ?? 0) & STREET_FLAG.link) !== 0;
  const signedKmh = streets.maxSpeedKmh[segment] ?? 0;
  const ofClass = (CAR_KMH[kind] ?? WALK_KMH) * (link ? LINK_SHARE : 1);
  return (signedKmh > 0 ? signedKmh * LIMIT_SHARE : ofClass) * TOWN_SHARE[vehicle];
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
