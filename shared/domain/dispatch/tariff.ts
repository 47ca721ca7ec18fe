import type { Costing, Kitchen } from "./approach.ts";
import type { CarriedDelivery, CostWeights, OpenDelivery, RoundSettings } from "./round.ts";
import { cheapestDrops, delayCostOf, handOversOf, lateOf, spareOf, tripNumbers, type TravelMs } from "./trip.ts";

/** How a new trip's cost follows from its start alone, for all couriers who ride alike. */
export interface Tariff {
  readonly drops: readonly CarriedDelivery[];
  readonly readyAtMs: number;
  /** Of a trip that has the food in hand when it is ready, the way in and lateness left out. */
  readonly costWhenReady: number;
  /** Of the same trip: when each of the drops is handed over; and how much later the food may be in hand before anything is late. */
  readonly handOversMs: readonly number[];
  readonly spareMs: number;
  /** From the pick-up until the courier is free. */
  readonly outMs: number;
  /** Of each millisecond later. */
  readonly costOfDelay: number;
}

export function tariffOf(
  { pickup }: Kitchen,
  deliveries: readonly OpenDelivery[],
  travel: TravelMs,
  costing: Costing,
): Tariff {
  const { settings, travel: foodTravel } = costing;
  const drops = cheapestDrops(pickup, deliveries, travel, settings);
  const readyAtMs = latestReadyMs(drops, -Infinity);
  const start = { leaveAtMs: readyAtMs, arriveAtMs: readyAtMs, travelMs: 0, idleFromMs: readyAtMs };
  const handOversMs = handOversOf(pickup, readyAtMs, drops, travel, settings.handover);
  const { cost, lateMs, endAtMs } = tripNumbers(start, pickup, drops, travel, settings, foodTravel);
  return {
    drops,
    readyAtMs,
    costWhenReady: cost - settings.weights.late * lateMs,
    handOversMs,
    spareMs: Math.min(...drops.map((each, index) => spareOf(each, handOversMs[index] ?? 0, settings))),
    outMs: endAtMs - readyAtMs,
    costOfDelay: drops.reduce((sum, each) => sum + delayCostOf(each, settings), 0),
  };
}

export function latestReadyMs(deliveries: readonly CarriedDelivery[], notBeforeMs: number): number {
  let latest = notBeforeMs;
  for (const { readyAtMs } of deliveries) if (readyAtMs > latest) latest = readyAtMs;
  return latest;
}

/** What it costs by a tariff that orders are late when the food is in hand so much later than it is ready. */
export function lateCost({ drops, handOversMs, spareMs }: Tariff, laterMs: number, settings: RoundSettings): number {
  if (laterMs <= spareMs) return 0;
  let lateMs = 0;
  for (let at = 0; at < drops.length; at++) {
    const each = drops[at];
    if (each) lateMs += lateOf(each, (handOversMs[at] ?? 0) + laterMs, settings);
  }
  return settings.weights.late * lateMs;
}

/** What a new trip costs by its tariff, lateness left out: it leaves, takes its way in, and has the food in hand. */
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
