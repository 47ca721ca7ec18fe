import type { RoundCourier } from "./round.ts";
import type { TravelMs } from "./trip.ts";

/** The round's couriers, in columns by their index: a large round weighs each for hundreds of deliveries. */
export interface Fleet {
  readonly couriers: readonly RoundCourier[];
  /** When each can leave for a new trip. */
  readonly leaveAtMs: Float64Array;
  readonly shiftEndsAtMs: Float64Array;
  readonly capacities: Float64Array;
  /** What fairness adds to the cost of giving each of them more. */
  readonly fairCosts: Float64Array;
  /** Whose ways: the index in `travels`. */
  readonly rides: Uint8Array;
  readonly travels: readonly TravelMs[];
  /** The same, for ways that are asked for once. */
  readonly waysIn: readonly TravelMs[];
}

/** @param leastLeaveMs nobody can leave sooner */
export function fleetOf(
  couriers: readonly RoundCourier[],
  leastLeaveMs: number,
  travelOf: (courier: RoundCourier) => TravelMs,
  wayInOf: (courier: RoundCourier) => TravelMs,
  fairCostOf: (courier: RoundCourier) => number,
): Fleet {
  const leaveAtMs = new Float64Array(couriers.length);
  const shiftEndsAtMs = new Float64Array(couriers.length);
  const capacities = new Float64Array(couriers.length);
  const fairCosts = new Float64Array(couriers.length);
  const rides = new Uint8Array(couriers.length);
  const travels: TravelMs[] = [];
  const waysIn: TravelMs[] = [];
  for (const [index, courier] of couriers.entries()) {
    leaveAtMs[index] = Math.max(leastLeaveMs, courier.freeAtMs);
    shiftEndsAtMs[index] = courier.shiftEndsAtMs;
    capacities[index] = courier.capacity;
    fairCosts[index] = fairCostOf(courier);
    const travel = travelOf(courier);
    const known = travels.indexOf(travel);
    rides[index] = known < 0 ? travels.push(travel) - 1 : known;
    if (known < 0) waysIn.push(wayInOf(courier));
  }
  return { couriers, leaveAtMs, shiftEndsAtMs, capacities, fairCosts, rides, travels, waysIn };
}
