import type { Costing, Kitchen } from "./approach.ts";
import type { CarriedDelivery, CostWeights, OpenDelivery } from "./round.ts";
import { tripNumbers, usefulOrders, type TravelMs } from "./trip.ts";

/** How a new trip's cost follows from its start alone, for all couriers who ride alike. */
export interface Tariff {
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
export function tariffOf(
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

export function latestReadyMs(deliveries: readonly CarriedDelivery[], notBeforeMs: number): number {
  let latest = notBeforeMs;
  for (const { readyAtMs } of deliveries) if (readyAtMs > latest) latest = readyAtMs;
  return latest;
}

/** What a new trip costs by its tariff: it leaves, takes its way in, and has the food in hand. */
export function tripCost(
  { costWhenReady, costOfDelay, readyAtMs }: Tariff,
  leaveAtMs: number,
  travelMs: number,
  pickupAtMs: number,
  weights: CostWeights,
): number {
  return (
    costWhenReady +
    costOfDelay * (pickupAtMs - readyAtMs) +
    weights.travel * travelMs +
    weights.idle * Math.max(0, pickupAtMs - leaveAtMs - travelMs)
  );
}
