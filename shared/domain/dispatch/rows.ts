import { approachAt, type Approach, type Costing, type Kitchen } from "./approach.ts";
import { addEdge, countBelow, keepBelow, makeRoom } from "./edges.ts";
import { fairnessOf } from "./fair-share.ts";
import { refusalRiskMs } from "./refusals/refusal-risk.ts";
import type { CarriedDelivery, OpenDelivery, RoundSettings, TripNumbers } from "./round.ts";
import { lateCost, latestReadyMs, tariffOf, tripCost, type Tariff } from "./tariff.ts";
import { bestSequence, tripNumbers, type Sequenced, type TravelMs } from "./trip.ts";

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
  /** What was weighed and is better than waiting: the round's edges from here to there, in the order of the kitchen's approaches. */
  readonly from: number;
  readonly to: number;
  /** What it costs to leave them for a later plan. */
  readonly skipCost: number;
}

/** What a delivery costs when nobody comes in this plan: fetched `deferMs` later. Its past delay counts in both, so it decides nothing. */
function skipCostOf(kitchen: Kitchen, deliveries: readonly OpenDelivery[], deferMs: number, costing: Costing): number {
  const { settings, travel } = costing;
  return deliveries.reduce((sum, each) => {
    const atMs = Math.max(settings.nowMs, each.readyAtMs) + deferMs;
    const start = { leaveAtMs: atMs, arriveAtMs: atMs, travelMs: 0, idleFromMs: atMs };
    return sum + tripNumbers(start, kitchen.pickup, [each], travel, settings).cost;
  }, 0);
}

/** What is known of when food that would go together is ready. */
interface Readiness {
  readonly lateAtMs: number;
  readonly spreadMs: number;
  /** Deliveries, and how many of them are new. */
  readonly count: number;
  readonly added: number;
}

function readinessOf(carried: readonly CarriedDelivery[], deliveries: readonly CarriedDelivery[]): Readiness {
  let lateAtMs = -Infinity;
  let spreadMs = 0;
  for (const group of [carried, deliveries])
    for (const { readyAtMs, readyLateAtMs = readyAtMs } of group) {
      lateAtMs = Math.max(lateAtMs, readyLateAtMs);
      spreadMs = Math.max(spreadMs, readyLateAtMs - readyAtMs);
    }
  return { lateAtMs, spreadMs, count: carried.length + deliveries.length, added: deliveries.length };
}

/** What may go wrong while the kitchen has not said when: the shift ends first, ready food waits for other food, or others for the courier. [DSP39, DSP55] */
function riskOf(
  shiftEndsAtMs: number,
  { lateAtMs, spreadMs, count, added }: Readiness,
  { settings: { weights, givenBackMs, bundleRisk, boundRisk }, riskShort }: Costing,
): number {
  if (spreadMs === 0) return 0;
  const givenBack = lateAtMs > shiftEndsAtMs ? givenBackMs * added : 0;
  const together = count > 1 ? Math.round(bundleRisk * spreadMs) * count : 0;
  const bound = Math.round(riskShort * boundRisk * spreadMs);
  return weights.delay * (givenBack + together + bound);
}

/** What couriers' time is worth, and how much of it a trip takes within the shift: nobody else could have used the time beyond. [DSP37] */
export function boundOf(
  {
    freeAtMs,
    endAtMs,
    shiftEndsAtMs,
  }: { readonly freeAtMs: number; readonly endAtMs: number; readonly shiftEndsAtMs: number },
  { short, settings }: Costing,
): { readonly weight: number; readonly ms: number } {
  return {
    weight: Math.round(short * settings.weights.bound),
    ms: Math.max(0, Math.min(endAtMs, shiftEndsAtMs) - freeAtMs),
  };
}

/** The best drops of an addition, what is carried already among them. */
function sequenceOf(
  { pickup }: Kitchen,
  deliveries: readonly OpenDelivery[],
  { courier, carried, start }: Approach,
  { travelOf, settings, travel }: Costing,
): Sequenced {
  return bestSequence(start, pickup, [...carried, ...deliveries], travelOf(courier), settings, travel);
}

/** One row as it is being weighed. */
interface Asked {
  readonly kitchen: Kitchen;
  readonly deliveries: readonly OpenDelivery[];
  /** Undefined when nobody is. */
  readonly excluded: ReadonlySet<string> | undefined;
  readonly costing: Costing;
}

/** Weighs one addition, and adds it unless the shift is over by then. */
function weighAddition({ kitchen, deliveries, costing }: Asked, number: number, approach: Approach): void {
  const { settings, edges } = costing;
  const { courier, carried, carriedCost, freeAtMs, column } = approach;
  const { shiftEndsAtMs } = courier;
  const { numbers } = sequenceOf(kitchen, deliveries, approach, costing);
  const { pickupAtMs, endAtMs } = numbers;
  if (pickupAtMs > shiftEndsAtMs) return;
  const refused = settings.refusal.weight * refusalRiskMs(approach, pickupAtMs, deliveries, settings);
  const bound = boundOf({ freeAtMs, endAtMs, shiftEndsAtMs }, costing);
  const risk = riskOf(shiftEndsAtMs, readinessOf(carried, deliveries), costing);
  const fair = fairnessOf(courier, settings, costing.riskShort);
  const more = risk + refused + bound.weight * bound.ms + fair.weight * fair.ms;
  addEdge(edges, number, column, numbers.cost - carriedCost + more);
}

/** Weighs every new trip. Written without an object for each: this is where a large round spends its time. */
function weighTrips(asked: Asked): void {
  const { kitchen, deliveries, excluded, costing } = asked;
  const { couriers, capacities, rides } = costing.fleet;
  const { trips } = kitchen;
  const tariffs = tariffsOf(asked);
  const readiness = readinessOf([], deliveries);
  const risks = { inShift: riskOf(Infinity, readiness, costing), pastIt: riskOf(-Infinity, readiness, costing) };
  for (let number = 0; number < trips.length; number++) {
    const column = trips[number] ?? 0;
    const courier = couriers[column];
    if (!courier || (capacities[column] ?? 0) < deliveries.length || excluded?.has(courier.id)) continue;
    const tariff = tariffs[rides[column] ?? 0];
    if (!tariff) continue;
    const risk = readiness.lateAtMs > courier.shiftEndsAtMs ? risks.pastIt : risks.inShift;
    weighByTariff(asked, number, column, tariff, risk);
  }
}

function weighByTariff(
  { kitchen, deliveries, costing }: Asked,
  number: number,
  column: number,
  tariff: Tariff,
  risk: number,
): void {
  const { settings, short, fleet } = costing;
  const freeAtMs = fleet.leaveAtMs[column] ?? 0;
  const endsAtMs = fleet.shiftEndsAtMs[column] ?? 0;
  const travelMs = kitchen.waysInMs[number] ?? 0;
  const arriveAtMs = freeAtMs + travelMs + settings.handover.beforePickupMs;
  const pickupAtMs = Math.max(arriveAtMs, tariff.readyAtMs);
  if (pickupAtMs > endsAtMs) return;
  const boundMs = Math.max(0, Math.min(pickupAtMs + tariff.outMs, endsAtMs) - freeAtMs);
  const bound = Math.round(short * settings.weights.bound) * boundMs;
  const courier = fleet.couriers[column];
  const start = { leaveAtMs: freeAtMs, arriveAtMs };
  const refusedMs = courier?.refusal ? refusalRiskMs({ courier, start }, pickupAtMs, deliveries, settings) : 0;
  const late = lateCost(tariff, pickupAtMs - tariff.readyAtMs, settings);
  const cost = tripCost(tariff, freeAtMs, travelMs, pickupAtMs, settings.weights) + late;
  addEdge(
    costing.edges,
    number,
    column,
    cost + (risk + settings.refusal.weight * refusedMs + bound + (fleet.fairCosts[column] ?? 0)),
  );
}

/** By the vehicle. */
function tariffsOf({ kitchen, deliveries, costing }: Asked): Tariff[] {
  return costing.fleet.travels.map((travel) => tariffOf(kitchen, deliveries, travel, costing));
}

/**
 * What going together costs at least, whoever comes: by parts that each are a part of every approach's cost, the same sums in the
 * same order, so that no rounding lifts it above one. Undefined where that is not known so simply.
 */
export function leastOf(kitchen: Kitchen, deliveries: readonly OpenDelivery[], costing: Costing): number | undefined {
  const { maxBundle, weights } = costing.settings;
  const { additions, leastWayMs, leastArriveAtMs } = kitchen;
  if (additions.some(({ carried }) => carried.length + deliveries.length <= maxBundle)) return undefined;
  const asked: Asked = { kitchen, deliveries, excluded: undefined, costing };
  let least = Infinity;
  for (const tariff of tariffsOf(asked)) {
    const pickupAtMs = Math.max(leastArriveAtMs, tariff.readyAtMs);
    // With no time idle, and as if nothing were late.
    least = Math.min(least, tripCost(tariff, pickupAtMs, leastWayMs, pickupAtMs, weights));
  }
  return least;
}

function weighAdditions(asked: Asked): void {
  const { kitchen, deliveries, excluded, costing } = asked;
  for (const [index, approach] of kitchen.additions.entries()) {
    const { courier, carried } = approach;
    const count = carried.length + deliveries.length;
    if (count > costing.settings.maxBundle || count > courier.capacity || excluded?.has(courier.id)) continue;
    weighAddition(asked, kitchen.trips.length + index, approach);
  }
}

/** A row with every approach that is better than to wait for a later plan; where there is none, with those that are better than nobody. [DSP38] */
export function makeRow(kitchen: Kitchen, deliveries: readonly OpenDelivery[], costing: Costing): Row {
  const { edges, settings } = costing;
  const { maxBundle, deferMs, farMs } = settings;
  const from = edges.count;
  const declined = deliveries.flatMap(({ excludedCourierIds }) => excludedCourierIds);
  const excluded = declined.length === 0 ? undefined : new Set(declined);
  makeRoom(edges, kitchen.trips.length + kitchen.additions.length);
  const asked: Asked = { kitchen, deliveries, excluded, costing };
  if (deliveries.length <= maxBundle) weighTrips(asked);
  weighAdditions(asked);
  let skipCost = skipCostOf(kitchen, deliveries, deferMs, costing);
  if (farMs > deferMs && countBelow(edges, from, skipCost) === 0)
    skipCost = skipCostOf(kitchen, deliveries, farMs, costing);
  keepBelow(edges, from, skipCost);
  return { kitchen, deliveries, from, to: edges.count, skipCost };
}

/** One of the row's edges, by its place among the round's, with all that was left out when it was weighed. */
export function weighedAt({ kitchen, deliveries }: Row, edge: number, costing: Costing): Weighed | undefined {
  const approach = approachAt(kitchen, costing.edges.approaches[edge] ?? -1, costing);
  if (!approach) return undefined;
  const cost = costing.edges.costs[edge] ?? 0;
  const { start, courier, kind } = approach;
  const tariff = kind === "trip" ? tariffOf(kitchen, deliveries, costing.travelOf(courier), costing) : undefined;
  if (tariff) {
    const pickupAtMs = Math.max(start.arriveAtMs, tariff.readyAtMs);
    return { approach, drops: tariff.drops, pickupAtMs, endAtMs: pickupAtMs + tariff.outMs, cost };
  }
  const { drops, numbers } = sequenceOf(kitchen, deliveries, approach, costing);
  return { approach, drops, pickupAtMs: numbers.pickupAtMs, endAtMs: numbers.endAtMs, cost };
}

/** The cheapest of the row's edges, cheapest first; ties by their column. */
export function cheapestEdges({ from, to }: Row, { edges: { costs, columns } }: Costing, most = Infinity): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
    .toSorted((a, b) => (costs[a] ?? 0) - (costs[b] ?? 0) || (columns[a] ?? 0) - (columns[b] ?? 0))
    .slice(0, most);
}

/** All numbers of what was weighed. */
export function numbersOf({ approach, drops }: Weighed, { pickup }: Kitchen, costing: Costing): TripNumbers {
  const travel: TravelMs = costing.travelOf(approach.courier);
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
