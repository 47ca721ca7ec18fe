import type { Point } from "../geo/point.ts";
import { refusalRiskMs } from "./refusals/refusal-risk.ts";
import type { CarriedDelivery, OpenDelivery, RoundCourier, RoundSettings, TripNumbers } from "./round.ts";
import { bestSequence, tripNumbers, usefulOrders, type TravelMs, type TripStart } from "./trip.ts";

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

/** A restaurant with open deliveries, and who could come. */
export interface Kitchen {
  readonly restaurantId: string;
  readonly pickup: Point;
  readonly approaches: readonly Approach[];
}

/** One approach weighed for one row. `cost` is what it adds; {@link numbersOf} tells the whole trip's. */
export interface Weighed {
  readonly approach: Approach;
  readonly drops: readonly CarriedDelivery[];
  readonly pickupAtMs: number;
  readonly endAtMs: number;
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
  /** The same, for ways that are asked for once. */
  readonly wayInOf: (courier: RoundCourier) => TravelMs;
  readonly settings: RoundSettings;
  /** How short couriers are, from 0 to 1. */
  readonly short: number;
}

/** What a delivery costs when nobody comes in this plan: fetched `deferMs` later. Its past delay counts in both, so it decides nothing. */
function skipCostOf(kitchen: Kitchen, deliveries: readonly OpenDelivery[], deferMs: number, costing: Costing): number {
  const { settings, nowMs, travel } = costing;
  return deliveries.reduce((sum, each) => {
    const atMs = Math.max(nowMs, each.readyAtMs) + deferMs;
    const start = { leaveAtMs: atMs, arriveAtMs: atMs, travelMs: 0, idleFromMs: atMs };
    return sum + tripNumbers(start, kitchen.pickup, [each], travel, settings).cost;
  }, 0);
}

/** How a new trip's cost follows from its start alone, for all couriers who ride alike. */
interface Tariff {
  readonly drops: readonly CarriedDelivery[];
  readonly readyAtMs: number;
  /** Of a trip that has the food in hand when it is ready, the way in left out. */
  readonly costWhenReady: number;
  /** From the pick-up until the courier is free. */
  readonly outMs: number;
  /** Of each millisecond later. */
  readonly costOfDelay: number;
}

/** Undefined while lateness weighs something: then cost does not follow from the start so simply. */
function tariffOf(
  { pickup }: Kitchen,
  deliveries: readonly OpenDelivery[],
  travel: TravelMs,
  costing: Costing,
): Tariff | undefined {
  const { settings, travel: foodTravel } = costing;
  if (settings.weights.late > 0) return undefined;
  const [drops = deliveries] = usefulOrders(pickup, deliveries, travel, settings);
  const readyAtMs = latestReadyMs(drops, -Infinity);
  const start = { leaveAtMs: readyAtMs, arriveAtMs: readyAtMs, travelMs: 0, idleFromMs: readyAtMs };
  const { cost, endAtMs } = tripNumbers(start, pickup, drops, travel, settings, foodTravel);
  return {
    drops,
    readyAtMs,
    costWhenReady: cost,
    outMs: endAtMs - readyAtMs,
    costOfDelay: drops.reduce((sum, { priority }) => sum + settings.weights.delay * (1 + priority), 0),
  };
}

function latestReadyMs(deliveries: readonly CarriedDelivery[], notBeforeMs: number): number {
  let latest = notBeforeMs;
  for (const { readyAtMs } of deliveries) if (readyAtMs > latest) latest = readyAtMs;
  return latest;
}

/** Weighs a new trip by its tariff. */
function byTariff(approach: Approach, tariff: Tariff, { settings: { weights } }: Costing): Weighed {
  const { arriveAtMs, idleFromMs, travelMs } = approach.start;
  const pickupAtMs = Math.max(arriveAtMs, tariff.readyAtMs);
  const cost =
    tariff.costWhenReady +
    tariff.costOfDelay * (pickupAtMs - tariff.readyAtMs) +
    weights.travel * travelMs +
    weights.idle * Math.max(0, pickupAtMs - idleFromMs - travelMs);
  return { approach, drops: tariff.drops, pickupAtMs, endAtMs: pickupAtMs + tariff.outMs, cost };
}

/** Weighs an approach by every order of drops that may be the best. */
function byTrying(
  { pickup }: Kitchen,
  deliveries: readonly OpenDelivery[],
  approach: Approach,
  costing: Costing,
): Weighed {
  const { courier, carried, start, carriedCost } = approach;
  const travel = costing.travelOf(courier);
  const all = [...carried, ...deliveries];
  const { drops, numbers } = bestSequence(start, pickup, all, travel, costing.settings, costing.travel);
  return {
    approach,
    drops,
    pickupAtMs: numbers.pickupAtMs,
    endAtMs: numbers.endAtMs,
    cost: numbers.cost - carriedCost,
  };
}

/** What may go wrong while the kitchen has not said when: the shift ends first, ready food waits for other food, or others for the courier. [DSP39] */
function riskOf(
  { courier, carried }: Approach,
  deliveries: readonly OpenDelivery[],
  { settings: { weights, givenBackMs, bundleRisk, boundRisk }, short }: Costing,
): number {
  let lateAtMs = -Infinity;
  let spreadMs = 0;
  for (const group of [carried, deliveries])
    for (const { readyAtMs, readyLateAtMs = readyAtMs } of group) {
      lateAtMs = Math.max(lateAtMs, readyLateAtMs);
      spreadMs = Math.max(spreadMs, readyLateAtMs - readyAtMs);
    }
  if (spreadMs === 0) return 0;
  const count = carried.length + deliveries.length;
  const givenBack = lateAtMs > courier.shiftEndsAtMs ? givenBackMs * deliveries.length : 0;
  const together = count > 1 ? Math.round(bundleRisk * spreadMs) * count : 0;
  const bound = Math.round(short * boundRisk * spreadMs);
  return weights.delay * (givenBack + together + bound);
}

/** What couriers' time is worth, and how much of it the trip takes within the shift: nobody else could have used the time beyond. [DSP37] */
export function boundOf({ approach, endAtMs }: Weighed, { short, settings }: Costing): { weight: number; ms: number } {
  const { freeAtMs, courier } = approach;
  return {
    weight: Math.round(short * settings.weights.bound),
    ms: Math.max(0, Math.min(endAtMs, courier.shiftEndsAtMs) - freeAtMs),
  };
}

/** The same with what is added to the cost of the trip itself. */
function withRisks(option: Weighed, deliveries: readonly OpenDelivery[], costing: Costing): Weighed {
  const { approach, pickupAtMs, cost } = option;
  const { settings } = costing;
  const refused = settings.refusal.weight * refusalRiskMs(approach, pickupAtMs, deliveries, settings);
  const bound = boundOf(option, costing);
  const more = riskOf(approach, deliveries, costing) + refused + bound.weight * bound.ms;
  return more === 0 ? option : { ...option, cost: cost + more };
}

/** A row with every approach that is better than to wait for a later plan; where there is none, with those that are better than nobody. [DSP38] */
export function makeRow(kitchen: Kitchen, deliveries: readonly OpenDelivery[], costing: Costing): Row {
  const { maxBundle, deferMs, farMs } = costing.settings;
  const excluded = new Set(deliveries.flatMap(({ excludedCourierIds }) => excludedCourierIds));
  const tariffs = new Map<TravelMs, Tariff | undefined>();
  const tariffFor = (travel: TravelMs): Tariff | undefined => {
    if (!tariffs.has(travel)) tariffs.set(travel, tariffOf(kitchen, deliveries, travel, costing));
    return tariffs.get(travel);
  };
  const all: Weighed[] = [];
  for (const approach of kitchen.approaches) {
    const { courier, carried } = approach;
    const count = carried.length + deliveries.length;
    if (count > maxBundle || count > courier.capacity || excluded.has(courier.id)) continue;
    const tariff = carried.length === 0 ? tariffFor(costing.travelOf(courier)) : undefined;
    const option = tariff ? byTariff(approach, tariff, costing) : byTrying(kitchen, deliveries, approach, costing);
    if (option.pickupAtMs > courier.shiftEndsAtMs) continue;
    all.push(withRisks(option, deliveries, costing));
  }
  const within = (waitMs: number): Row => {
    const skipCost = skipCostOf(kitchen, deliveries, waitMs, costing);
    return { kitchen, deliveries, weighed: all.filter(({ cost }) => cost < skipCost), skipCost };
  };
  const soon = within(deferMs);
  return soon.weighed.length > 0 || farMs <= deferMs ? soon : within(farMs);
}

/** All numbers of what was weighed. */
export function numbersOf({ approach, drops }: Weighed, { pickup }: Kitchen, costing: Costing): TripNumbers {
  const travel = costing.travelOf(approach.courier);
  return tripNumbers(approach.start, pickup, drops, travel, costing.settings, costing.travel);
}

/** The latest moment at which the courier can leave without the pick-up becoming later. */
export function latestLeaveMs({ pickupAtMs, approach }: Weighed, settings: RoundSettings): number {
  return pickupAtMs - approach.start.travelMs - settings.handover.beforePickupMs;
}

/** When the food that the courier fetches already will be in hand, were nothing added. */
export function carriedPickupMs({ start, carried }: Approach): number {
  return latestReadyMs(carried, start.arriveAtMs);
}
