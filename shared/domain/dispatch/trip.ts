import type { Point } from "../geo/point.ts";
import type { CarriedDelivery, Handover, RoundSettings, RoundTerms, TripNumbers } from "./round.ts";
import { stopOrder } from "./stop-order.ts";

const MINUTE_MS = 60_000;

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
 * What each millisecond of an order's delay costs: more for each whole minute since it was placed. Of orders that would wait alike the
 * oldest goes first, so that where couriers are short none is passed over by newer ones until nobody is on duty any more.
 * It grows evenly, and little: who is an hour late is not worth two others. Food of which the kitchen has not said when does not
 * grow dearer: it does not wait yet, and couriers sent early because of a guess wait. [DSP76, DSP77]
 *
 * @returns weighted milliseconds for each millisecond, whole
 */
export function delayCostOf(
  { priority, placedAtMs, isUnsaid }: Pick<CarriedDelivery, "priority" | "placedAtMs" | "isUnsaid">,
  { weights, nowMs }: RoundTerms,
): number {
  const waitedMin = isUnsaid ? 0 : Math.max(0, Math.floor((nowMs - placedAtMs) / MINUTE_MS));
  return weights.delay * (1 + priority) + weights.waited * waitedMin;
}

/**
 * What counts of a hand-over past what is usual: up to a bound, so that an order that is late already takes nobody from one that can
 * still be in time. Nothing while the kitchen has not said when the food will be ready: nobody knows whether it will be late. [DSP62, DSP64]
 */
export function lateOf(each: CarriedDelivery, handOverAtMs: number, settings: RoundSettings): number {
  return Math.max(0, Math.min(-spareOf(each, handOverAtMs, settings), settings.late.mostMs));
}

/** How much later the hand-over may be before it counts as late; below 0 when it does already. */
export function spareOf(
  { placedAtMs, isUnsaid }: CarriedDelivery,
  handOverAtMs: number,
  { targetMs }: RoundSettings,
): number {
  return isUnsaid ? Infinity : placedAtMs + targetMs - handOverAtMs;
}

/** When each is handed over, in the given order, once the food is in hand. */
export function handOversOf(
  pickup: Point,
  pickupAtMs: number,
  drops: readonly Pick<CarriedDelivery, "drop">[],
  travel: TravelMs,
  { afterPickupMs, beforeDropMs, afterDropMs }: Handover,
): number[] {
  let clockMs = pickupAtMs + afterPickupMs - afterDropMs;
  let at = pickup;
  return drops.map(({ drop }) => {
    clockMs += afterDropMs + travel(at, drop) + beforeDropMs;
    at = drop;
    return clockMs;
  });
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
  settings: RoundTerms,
  foodTravel: TravelMs = travel,
): TripNumbers {
  const { handover, weights } = settings;
  const pickupAtMs = drops.reduce((latest, { readyAtMs }) => Math.max(latest, readyAtMs), start.arriveAtMs);
  let clockMs = pickupAtMs + handover.afterPickupMs;
  let at = pickup;
  let travelMs = start.travelMs;
  let delayMs = 0;
  let lateMs = 0;
  let delayCost = 0;
  for (const each of drops) {
    const legMs = travel(at, each.drop);
    clockMs += legMs + handover.beforeDropMs;
    travelMs += legMs;
    const behindMs = clockMs - idealDropMs(pickup, each, foodTravel, settings);
    delayMs += behindMs;
    delayCost += behindMs * delayCostOf(each, settings);
    lateMs += lateOf(each, clockMs, settings);
    clockMs += handover.afterDropMs;
    at = each.drop;
  }
  const idleMs = Math.max(0, pickupAtMs - start.idleFromMs - start.travelMs);
  const cost = delayCost + weights.late * lateMs + weights.travel * travelMs + weights.idle * idleMs;
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

/** {@link cheapestDrops} of two, by far the most often asked: the same answer, of equals the second first. */
function cheaperOfTwo(
  pickup: Point,
  [a, b]: readonly [CarriedDelivery, CarriedDelivery],
  travel: TravelMs,
  settings: RoundTerms,
): readonly CarriedDelivery[] {
  const { weights } = settings;
  const { beforeDropMs, afterDropMs } = settings.handover;
  const cost = (one: CarriedDelivery, two: CarriedDelivery): number => {
    const ofTwo = weights.travel + delayCostOf(two, settings);
    const firstMs = travel(pickup, one.drop) + beforeDropMs;
    const thenMs = travel(one.drop, two.drop) + beforeDropMs + afterDropMs;
    return firstMs * (ofTwo + delayCostOf(one, settings)) + thenMs * ofTwo;
  };
  return cost(a, b) < cost(b, a) ? [a, b] : [b, a];
}

/**
 * The order of drops with the least delay and way, whoever comes and whenever: a later start adds the same to every order. Lateness,
 * which has a bound, has no say in it. Time at doors counts as a part of the ways: every later drop waits for it. [DSP6]
 */
export function cheapestDrops(
  pickup: Point,
  deliveries: readonly CarriedDelivery[],
  travel: TravelMs,
  settings: RoundTerms,
): readonly CarriedDelivery[] {
  const { handover, weights } = settings;
  const [first, second, ...others] = deliveries;
  if (!second) return deliveries;
  if (first && others.length === 0) return cheaperOfTwo(pickup, [first, second], travel, settings);
  const drops = deliveries.map(({ drop }) => drop);
  const { order } = stopOrder({
    ways: [pickup, ...drops].flatMap((from, index) => {
      const atDoorsMs = handover.beforeDropMs + (index === 0 ? 0 : handover.afterDropMs);
      return [0, ...drops.map((to) => travel(from, to) + atDoorsMs)];
    }),
    after: deliveries.map(() => -1),
    urgency: deliveries.map((each) => delayCostOf(each, settings)),
    perWay: weights.travel,
  });
  return order.flatMap((index) => deliveries[index] ?? []);
}

export interface Sequenced {
  readonly drops: readonly CarriedDelivery[];
  readonly numbers: TripNumbers;
}

/** A trip in its best order of drops. */
export function bestSequence(
  start: TripStart,
  pickup: Point,
  deliveries: readonly CarriedDelivery[],
  travel: TravelMs,
  settings: RoundTerms,
  foodTravel: TravelMs = travel,
): Sequenced {
  const drops = cheapestDrops(pickup, deliveries, travel, settings);
  return { drops, numbers: tripNumbers(start, pickup, drops, travel, settings, foodTravel) };
}
