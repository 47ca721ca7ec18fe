import { assert } from "../../lib/assert.ts";
import type { Point } from "../geo/point.ts";
import type { CarriedDelivery, RoundSettings, TripNumbers } from "./round.ts";
import { stopOrder } from "./stop-order.ts";

/** Whole milliseconds on the way; the only thing that costing asks of a router. */
export type TravelMs = (from: Point, to: Point) => number;

export interface TripStart {
  /** Not before now, nor before the courier is free. */
  readonly leaveAtMs: number;
  /** With the food in hand at the earliest, were it ready. */
  readonly arriveAtMs: number;
  /** The courier's way to the restaurant. */
  readonly travelMs: number;
  /** Since when the courier has had nothing to do. */
  readonly idleFromMs: number;
}

/** The hand-over that the food and the way alone would allow. */
export function idealDropMs(
  pickup: Point,
  { drop, readyAtMs }: CarriedDelivery,
  travel: TravelMs,
  settings: RoundSettings,
): number {
  return readyAtMs + settings.handover.afterPickupMs + travel(pickup, drop) + settings.handover.beforeDropMs;
}

/**
 * All numbers of one trip that drops in the given order.
 *
 * @param travel the courier's own ways
 * @param foodTravel the ways that the food's own is reckoned by: alike for all couriers, so that a slow one is a delay
 */
export function tripNumbers(
  start: TripStart,
  pickup: Point,
  drops: readonly CarriedDelivery[],
  travel: TravelMs,
  settings: RoundSettings,
  foodTravel: TravelMs = travel,
): TripNumbers {
  const { handover, weights } = settings;
  const pickupAtMs = drops.reduce((latest, { readyAtMs }) => Math.max(latest, readyAtMs), start.arriveAtMs);
  let clockMs = pickupAtMs + handover.afterPickupMs;
  let at = pickup;
  let travelMs = start.travelMs;
  let delayMs = 0;
  let lateMs = 0;
  let urgent = 0;
  for (const each of drops) {
    const legMs = travel(at, each.drop);
    clockMs += legMs + handover.beforeDropMs;
    travelMs += legMs;
    const behindMs = clockMs - idealDropMs(pickup, each, foodTravel, settings);
    delayMs += behindMs;
    urgent += behindMs * each.priority;
    lateMs += Math.max(0, clockMs - each.placedAtMs - settings.targetMs);
    clockMs += handover.afterDropMs;
    at = each.drop;
  }
  const idleMs = Math.max(0, pickupAtMs - start.idleFromMs - start.travelMs);
  const cost =
    weights.delay * (delayMs + urgent) + weights.late * lateMs + weights.travel * travelMs + weights.idle * idleMs;
  return {
    leaveAtMs: start.leaveAtMs,
    arriveAtMs: start.arriveAtMs,
    pickupAtMs,
    endAtMs: clockMs,
    travelMs,
    idleMs,
    delayMs,
    lateMs,
    cost,
  };
}

/** Every order of a small list; the given order first. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));
}

export interface Sequenced {
  readonly drops: readonly CarriedDelivery[];
  readonly numbers: TripNumbers;
}

/** The cheapest of the given orders of drops; of equals, the first. */
export function bestOf(
  start: TripStart,
  pickup: Point,
  orders: readonly (readonly CarriedDelivery[])[],
  travel: TravelMs,
  settings: RoundSettings,
  foodTravel: TravelMs = travel,
): Sequenced {
  let best: Sequenced | undefined;
  for (const drops of orders) {
    const numbers = tripNumbers(start, pickup, drops, travel, settings, foodTravel);
    if (!best || numbers.cost < best.numbers.cost) best = { drops, numbers };
  }
  assert(best, "a trip has an order of drops");
  return best;
}

/**
 * The orders of drops that can be the cheapest, whoever comes and whenever. While lateness weighs nothing, a later
 * start adds the same to every order, so one of them is the best for all couriers who ride alike; else all remain.
 */
export function usefulOrders(
  pickup: Point,
  deliveries: readonly CarriedDelivery[],
  travel: TravelMs,
  settings: RoundSettings,
): readonly (readonly CarriedDelivery[])[] {
  if (deliveries.length === 1) return [deliveries];
  return settings.weights.late === 0 ? [cheapestDrops(pickup, deliveries, travel, settings)] : permutations(deliveries);
}

/** {@link cheapestDrops} of two, by far the most often asked: the same answer, of equals the second first. */
function cheaperOfTwo(
  pickup: Point,
  [a, b]: readonly [CarriedDelivery, CarriedDelivery],
  travel: TravelMs,
  { handover: { beforeDropMs, afterDropMs }, weights }: RoundSettings,
): readonly CarriedDelivery[] {
  const cost = (one: CarriedDelivery, two: CarriedDelivery): number => {
    const urgency = weights.delay * (1 + two.priority);
    const firstMs = travel(pickup, one.drop) + beforeDropMs;
    const thenMs = travel(one.drop, two.drop) + beforeDropMs + afterDropMs;
    return (
      firstMs * (weights.travel + weights.delay * (1 + one.priority) + urgency) + thenMs * (weights.travel + urgency)
    );
  };
  return cost(a, b) < cost(b, a) ? [a, b] : [b, a];
}

/** Time at doors counts as a part of the ways: every later drop waits for it. */
function cheapestDrops(
  pickup: Point,
  deliveries: readonly CarriedDelivery[],
  travel: TravelMs,
  settings: RoundSettings,
): readonly CarriedDelivery[] {
  const { handover, weights } = settings;
  const [first, second, ...others] = deliveries;
  if (first && second && others.length === 0) return cheaperOfTwo(pickup, [first, second], travel, settings);
  const drops = deliveries.map(({ drop }) => drop);
  const { order } = stopOrder({
    ways: [pickup, ...drops].flatMap((from, index) => {
      const atDoorsMs = handover.beforeDropMs + (index === 0 ? 0 : handover.afterDropMs);
      return [0, ...drops.map((to) => travel(from, to) + atDoorsMs)];
    }),
    after: deliveries.map(() => -1),
    urgency: deliveries.map(({ priority }) => weights.delay * (1 + priority)),
    perWay: weights.travel,
  });
  return order.flatMap((index) => deliveries[index] ?? []);
}

/** The cheapest order of drops, exact. [DSP6] */
export function bestSequence(
  start: TripStart,
  pickup: Point,
  deliveries: readonly CarriedDelivery[],
  travel: TravelMs,
  settings: RoundSettings,
  foodTravel: TravelMs = travel,
): Sequenced {
  const orders = usefulOrders(pickup, deliveries, travel, settings);
  return bestOf(start, pickup, orders, travel, settings, foodTravel);
}
