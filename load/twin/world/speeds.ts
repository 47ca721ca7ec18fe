import { STREET_CLASSES, type StreetClass, type Vehicle } from "#shared/domain/city/city.ts";
import type { LocalTime } from "#shared/domain/restaurant/opening-hours.ts";

import { BICYCLE_KMH, MAIN_ROADS_FILL, MOTOR_KMH, SPEED_IN_RAIN, TRAFFIC_BY_HOUR, WALK_KMH } from "./parameters.ts";

/** What a stretch of street is to a rider. */
export interface Stretch {
  readonly streetClass: StreetClass;
  /** 0 when there is no sign. */
  readonly signedKmh: number;
}

/** Who rides, and when. */
export interface Conditions {
  readonly vehicle: Vehicle;
  readonly local: LocalTime;
  /** 0 to 1. */
  readonly rain: number;
  /** Of the usual speed. */
  readonly fast: number;
}

const MAIN = STREET_CLASSES.indexOf("tertiary");
/** Faster than the signs is for nobody; slower than this nobody is. */
const SLOWEST_KMH = 2;

/** How fast this rider truly is on such a street at that hour, km/h. [TWN7] */
export function trueSpeedKmh({ streetClass, signedKmh }: Stretch, conditions: Conditions): number {
  const { vehicle, local, rain, fast } = conditions;
  const free = freeKmh(streetClass, signedKmh, vehicle);
  const wet = 1 + (SPEED_IN_RAIN[vehicle] - 1) * rain;
  return Math.max(SLOWEST_KMH, free * trafficAt(streetClass, vehicle, local) * wet * fast);
}

function freeKmh(streetClass: StreetClass, signedKmh: number, vehicle: Vehicle): number {
  const motor = signedKmh > 0 ? Math.min(signedKmh, MOTOR_KMH[streetClass]) : MOTOR_KMH[streetClass];
  if (vehicle === "car" || vehicle === "motorbike") return motor;
  if (vehicle === "foot" || streetClass === "steps") return WALK_KMH;
  return streetClass === "footway" || streetClass === "pedestrian" ? WALK_KMH : BICYCLE_KMH;
}

/** Of the free speed, what the traffic of the hour leaves. */
function trafficAt(streetClass: StreetClass, vehicle: Vehicle, { minute }: LocalTime): number {
  if (vehicle === "bicycle" || vehicle === "foot") return 1;
  const hour = Math.floor(minute / 60);
  const [here, next] = [TRAFFIC_BY_HOUR[hour] ?? 1, TRAFFIC_BY_HOUR[(hour + 1) % 24] ?? 1];
  const lost = 1 - (here + (next - here) * ((minute % 60) / 60));
  const filled = STREET_CLASSES.indexOf(streetClass) <= MAIN ? lost * MAIN_ROADS_FILL : lost;
  return 1 - Math.min(0.9, filled) * (vehicle === "motorbike" ? 0.5 : 1);
}
