import type { Point } from "../geo/point.ts";
import type { Edges } from "./edges.ts";
import type { Fleet } from "./fleet.ts";
import type { CarriedDelivery, RoundCourier, RoundTerms } from "./round.ts";
import type { TravelMs, TripStart } from "./trip.ts";

/** A way in which a courier can come to a restaurant: by a new trip, or because the courier is on the way there already. */
export interface Approach {
  /** Column of the assignment: trips have the courier's index, additions the index after all couriers'. */
  readonly column: number;
  readonly courier: RoundCourier;
  readonly kind: "trip" | "addition";
  readonly start: TripStart;
  readonly carried: readonly CarriedDelivery[];
  /** What the courier's trip costs as it is; 0 for a new one. */
  readonly carriedCost: number;
  /** When the courier will be free without this. */
  readonly freeAtMs: number;
}

/** A restaurant with open deliveries, and who could come. Approaches are numbered: trips first. */
export interface Kitchen {
  readonly restaurantId: string;
  readonly pickup: Point;
  /** Couriers who could come by a new trip, by their index, ascending; and how long their ways there are. */
  readonly trips: readonly number[];
  readonly waysInMs: readonly number[];
  /** The shortest of these ways, and when the soonest of these couriers could have food in hand; Infinity without any. */
  readonly leastWayMs: number;
  readonly leastArriveAtMs: number;
  readonly additions: readonly Approach[];
}

/** By column of the whole round, for whoever solves a part of it, and left as they were found: a round has hundreds of parts. */
export interface Scratch {
  /** -1 each. */
  readonly numberOf: Int32Array;
  /** 0 each. */
  readonly prices: Float64Array;
}

export interface Costing {
  /** The ways that the food's own is reckoned by. */
  readonly travel: TravelMs;
  /** The courier's own ways. */
  readonly travelOf: (courier: RoundCourier) => TravelMs;
  /** The same, for ways that are asked for once. */
  readonly wayInOf: (courier: RoundCourier) => TravelMs;
  readonly settings: RoundTerms;
  /** How short couriers are, from 0 to 1. */
  readonly short: number;
  /** The same for the risks of food of which the kitchen has not said when: its courier may be bound for longer than planned. */
  readonly riskShort: number;
  readonly fleet: Fleet;
  /** All that the round weighs is written here. */
  readonly edges: Edges;
  readonly scratch: Scratch;
}

/** One of a kitchen's approaches, by its number; undefined past the last. */
export function approachAt(kitchen: Kitchen, number: number, { fleet, settings }: Costing): Approach | undefined {
  const { trips, waysInMs, additions } = kitchen;
  if (number >= trips.length) return additions[number - trips.length];
  const column = trips[number] ?? -1;
  const courier = fleet.couriers[column];
  if (!courier) return undefined;
  const leaveAtMs = fleet.leaveAtMs[column] ?? 0;
  const travelMs = waysInMs[number] ?? 0;
  const arriveAtMs = leaveAtMs + travelMs + settings.handover.beforePickupMs;
  return {
    column,
    courier,
    kind: "trip",
    start: { leaveAtMs, arriveAtMs, travelMs, idleFromMs: leaveAtMs },
    carried: [],
    carriedCost: 0,
    freeAtMs: leaveAtMs,
  };
}

export function approachesOf(kitchen: Kitchen, costing: Costing): Approach[] {
  const count = kitchen.trips.length + kitchen.additions.length;
  return Array.from({ length: count }, (_, number) => approachAt(kitchen, number, costing) ?? []).flat();
}
