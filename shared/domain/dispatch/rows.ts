import type { Point } from "../geo/point.ts";
import type { CarriedDelivery, OpenDelivery, RoundCourier, RoundSettings, TripNumbers } from "./round.ts";
import { bestOf, tripNumbers, usefulOrders, type TravelMs, type TripStart } from "./trip.ts";

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
}

/** A restaurant with open deliveries, and who could come. */
export interface Kitchen {
  readonly restaurantId: string;
  readonly pickup: Point;
  readonly approaches: readonly Approach[];
}

/** One approach weighed for one row. `cost` is what it adds; `numbers` are the whole trip's. */
export interface Weighed {
  readonly approach: Approach;
  readonly drops: readonly CarriedDelivery[];
  readonly numbers: TripNumbers;
  readonly cost: number;
}

/** Deliveries of one restaurant that go together: a row of the assignment. */
export interface Row {
  readonly kitchen: Kitchen;
  readonly deliveries: readonly OpenDelivery[];
  readonly weighed: readonly Weighed[];
  /** What it costs to leave them for a later plan. */
  readonly skipCost: number;
}

export interface Costing {
  readonly nowMs: number;
  /** The ways that the food's own is reckoned by. */
  readonly travel: TravelMs;
  /** The courier's own ways. */
  readonly travelOf: (courier: RoundCourier) => TravelMs;
  readonly settings: RoundSettings;
}

/** What a delivery costs when nobody comes in this plan: fetched `deferMs` later. Its past delay counts in both, so it decides nothing. */
function skipCostOf(kitchen: Kitchen, deliveries: readonly OpenDelivery[], costing: Costing): number {
  const { settings, nowMs, travel } = costing;
  return deliveries.reduce((sum, each) => {
    const atMs = Math.max(nowMs, each.readyAtMs) + settings.deferMs;
    const start = { leaveAtMs: atMs, arriveAtMs: atMs, travelMs: 0, idleFromMs: atMs };
    return sum + tripNumbers(start, kitchen.pickup, [each], travel, settings).cost;
  }, 0);
}

type Orders = readonly (readonly CarriedDelivery[])[];

/** Weighs one approach for these deliveries; undefined when this courier may not or cannot. `alone` gives the orders of drops of a new trip. */
function weigh(
  kitchen: Kitchen,
  deliveries: readonly OpenDelivery[],
  alone: (travel: TravelMs) => Orders,
  approach: Approach,
  costing: Costing,
): Weighed | undefined {
  const { settings, travel: foodTravel } = costing;
  const { courier, carried, start, carriedCost } = approach;
  const count = carried.length + deliveries.length;
  if (count > settings.maxBundle || count > courier.capacity) return undefined;
  if (deliveries.some(({ excludedCourierIds }) => excludedCourierIds.includes(courier.id))) return undefined;
  const travel = costing.travelOf(courier);
  const orders =
    carried.length === 0 ? alone(travel) : usefulOrders(kitchen.pickup, [...carried, ...deliveries], travel, settings);
  const { drops, numbers } = bestOf(start, kitchen.pickup, orders, travel, settings, foodTravel);
  if (numbers.pickupAtMs > courier.shiftEndsAtMs) return undefined;
  return { approach, drops, numbers, cost: numbers.cost - carriedCost };
}

/** A row with every approach that is better than to wait for a later plan. */
export function makeRow(kitchen: Kitchen, deliveries: readonly OpenDelivery[], costing: Costing): Row {
  const skipCost = skipCostOf(kitchen, deliveries, costing);
  const known = new Map<TravelMs, Orders>();
  const alone = (travel: TravelMs): Orders => {
    const orders = known.get(travel) ?? usefulOrders(kitchen.pickup, deliveries, travel, costing.settings);
    known.set(travel, orders);
    return orders;
  };
  const weighed: Weighed[] = [];
  for (const approach of kitchen.approaches) {
    const option = weigh(kitchen, deliveries, alone, approach, costing);
    if (option && option.cost < skipCost) weighed.push(option);
  }
  return { kitchen, deliveries, weighed, skipCost };
}

/** The latest moment at which the courier can leave without the pick-up becoming later. */
export function latestLeaveMs({ numbers, approach }: Weighed, settings: RoundSettings): number {
  return numbers.pickupAtMs - approach.start.travelMs - settings.handover.beforePickupMs;
}

/** When the food that the courier fetches already will be in hand, were nothing added. */
export function carriedPickupMs({ start, carried }: Approach): number {
  return carried.reduce((latest, { readyAtMs }) => Math.max(latest, readyAtMs), start.arriveAtMs);
}
