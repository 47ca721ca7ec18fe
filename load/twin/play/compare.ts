import { distanceM } from "#shared/domain/geo/distance.ts";
import { motionPlace } from "#shared/domain/tracking/motion/motion.ts";

import type { HeardPosition } from "../../actors/recorder.ts";
import { placeOn, type Ride } from "../../actors/ride.ts";
import type { Book, DeliveryTruth, OrderTruth } from "./book.ts";

/** What the platform believed against what happened; minutes of the deployment and metres. Null: nothing to compare. */
export interface BeliefFigures {
  /** Told when the order was taken, against the true hand-over: the size of the error, and how often by the p90 told. */
  readonly etaErrorP50Min: number | null;
  readonly etaErrorP90Min: number | null;
  readonly etaP90Coverage: number | null;
  /** The same of what was told first when the food was under way. */
  readonly etaUnderWayErrorP50Min: number | null;
  readonly etaUnderWayP90Coverage: number | null;
  /** The position that a customer was shown against where the courier truly was, every few seconds under way. */
  readonly positionErrorP50M: number | null;
  readonly positionErrorP95M: number | null;
  /** What the kitchen said first against when the food truly stood there. */
  readonly readyErrorP50Min: number | null;
  /** How long the food had truly stood there when it was said to be ready. */
  readonly readySaidLateP90Min: number | null;
}

const MINUTE_MS = 60_000;
/** Deployment ms between two looks at the map. */
const LOOK_EVERY_MS = 5_000;

/** [TWN9] */
export function beliefFigures(book: Book, positions: readonly HeardPosition[]): BeliefFigures {
  const served = [...book.orders.values()].flatMap((order) => {
    const delivery = order.deliveryId === undefined ? undefined : book.deliveries.get(order.deliveryId);
    return delivery?.handedOverAtMs === undefined ? [] : [{ order, delivery, handedOverAtMs: delivery.handedOverAtMs }];
  });
  const told = (when: keyof OrderTruth["told"]) =>
    served.flatMap(({ order, handedOverAtMs }) => {
      const said = order.told[when];
      return said
        ? [{ errorMin: Math.abs(said.p50AtMs - handedOverAtMs) / MINUTE_MS, in90: handedOverAtMs <= said.p90AtMs }]
        : [];
    });
  const [first, underWay] = [told("atOrder"), told("underWay")];
  const coverage = (all: typeof first) =>
    all.length === 0 ? null : round(all.filter((each) => each.in90).length / all.length);
  const off = positionErrors(book, served, positions);
  const ready = served.map(({ order }) => order);
  return {
    etaErrorP50Min: quantileOf(
      first.map((each) => each.errorMin),
      0.5,
    ),
    etaErrorP90Min: quantileOf(
      first.map((each) => each.errorMin),
      0.9,
    ),
    etaP90Coverage: coverage(first),
    etaUnderWayErrorP50Min: quantileOf(
      underWay.map((each) => each.errorMin),
      0.5,
    ),
    etaUnderWayP90Coverage: coverage(underWay),
    positionErrorP50M: quantileOf(off, 0.5),
    positionErrorP95M: quantileOf(off, 0.95),
    readyErrorP50Min: quantileOf(
      ready.flatMap(({ estimateAtMs, cookedAtMs }) =>
        estimateAtMs === undefined || cookedAtMs === undefined ? [] : [Math.abs(estimateAtMs - cookedAtMs) / MINUTE_MS],
      ),
      0.5,
    ),
    readySaidLateP90Min: quantileOf(
      ready.flatMap(({ saidReadyAtMs, cookedAtMs }) =>
        saidReadyAtMs === undefined || cookedAtMs === undefined ? [] : [(saidReadyAtMs - cookedAtMs) / MINUTE_MS],
      ),
      0.9,
    ),
  };
}

/** From the first position that a customer was shown to the hand-over: how far the marker was from the truth. */
function positionErrors(
  book: Book,
  served: readonly { order: OrderTruth; delivery: DeliveryTruth; handedOverAtMs: number }[],
  positions: readonly HeardPosition[],
): number[] {
  const byOrder = Map.groupBy(positions, (each) => each.orderId);
  return served.flatMap(({ order, delivery, handedOverAtMs }) => {
    const heard = (byOrder.get(order.orderId) ?? []).toSorted((a, b) => a.heardAtMs - b.heardAtMs);
    return errorsOn(book.couriers.get(delivery.courier)?.rides ?? [], heard, handedOverAtMs);
  });
}

/** @param heard by the time at which it was heard */
function errorsOn(rides: readonly Ride[], heard: readonly HeardPosition[], untilMs: number): number[] {
  const errors: number[] = [];
  let at = 0;
  for (let nowMs = heard[0]?.heardAtMs ?? Infinity; nowMs < untilMs; nowMs += LOOK_EVERY_MS) {
    while ((heard[at + 1]?.heardAtMs ?? Infinity) <= nowMs) at += 1;
    const [shown, ride] = [heard[at], rideAt(rides, nowMs)];
    if (shown && ride) errors.push(distanceM(motionPlace(shown, nowMs), placeOn(ride, nowMs)));
  }
  return errors;
}

/** The ride that somebody is on: the last one that had begun. */
function rideAt(rides: readonly Ride[], atMs: number): Ride | undefined {
  let [low, high] = [0, rides.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rides[middle]?.startMs ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return rides[low - 1];
}

function quantileOf(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
