import type { RoundSettings } from "#shared/domain/dispatch/round.ts";
import type { CarriedOrder } from "#shared/domain/eta/learned/finished-order.ts";

import type { StoredOrder, WayFactors } from "./stored-day.ts";

/** The moments of an order from which its times at doors follow. */
interface Moments {
  readonly readyAtMs: number | null;
  readonly pickedUpAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly arrivedAtMerchantAtMs: number | null;
  readonly leftAtMs: number | null;
  readonly arrivedAtCustomerAtMs: number | null;
}

export type Doors = Pick<StoredOrder, "counterMs" | "noticeMs" | "leaveMs" | "doorMs">;

/** Longer than this nobody stands at a door: somebody forgot to say so. */
const DOOR_AT_MOST_MS = 30 * 60_000;
/** Rides from which a day's own speed is believed, and how far from the router's it may be. */
const ENOUGH_RIDES = 20;
const FACTOR = { least: 0.2, most: 5 };

/**
 * What was spent at doors that day: an order's own time where it is known, else the day's median, else what rounds plan with.
 *
 * @param all orders of the day
 */
export function doorsOf(all: readonly Moments[], handover: RoundSettings["handover"]): (order: Moments) => Doors {
  const usual: Doors = {
    counterMs: medianOf(all.flatMap((each) => counterMs(each) ?? [])) ?? handover.beforePickupMs,
    noticeMs: medianOf(all.flatMap((each) => noticeMs(each) ?? [])) ?? 0,
    leaveMs: medianOf(all.flatMap((each) => leaveMs(each) ?? [])) ?? handover.afterPickupMs,
    doorMs: medianOf(all.flatMap((each) => doorMs(each) ?? [])) ?? handover.beforeDropMs,
  };
  return (order) => ({
    counterMs: counterMs(order) ?? usual.counterMs,
    noticeMs: noticeMs(order) ?? usual.noticeMs,
    leaveMs: leaveMs(order) ?? usual.leaveMs,
    doorMs: doorMs(order) ?? usual.doorMs,
  });
}

/** Of an order whose food stood there first. */
function counterMs({ arrivedAtMerchantAtMs, readyAtMs, pickedUpAtMs }: Moments): number | undefined {
  if (arrivedAtMerchantAtMs === null || readyAtMs === null || readyAtMs > arrivedAtMerchantAtMs) return undefined;
  return between(arrivedAtMerchantAtMs, pickedUpAtMs);
}

/** Of an order whose courier stood there first. */
function noticeMs({ arrivedAtMerchantAtMs, readyAtMs, pickedUpAtMs }: Moments): number | undefined {
  if (arrivedAtMerchantAtMs === null || readyAtMs === null || readyAtMs <= arrivedAtMerchantAtMs) return undefined;
  return between(readyAtMs, pickedUpAtMs);
}

function leaveMs({ pickedUpAtMs, leftAtMs }: Moments): number | undefined {
  return between(pickedUpAtMs, leftAtMs);
}

function doorMs({ arrivedAtCustomerAtMs, deliveredAtMs }: Moments): number | undefined {
  return between(arrivedAtCustomerAtMs, deliveredAtMs);
}

function between(fromMs: number | null, toMs: number | null): number | undefined {
  if (fromMs === null || toMs === null) return undefined;
  return Math.min(DOOR_AT_MOST_MS, Math.max(0, toMs - fromMs));
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** All minutes ridden against all minutes that the router says for the same ways, of orders that went alone; 1 of too few. */
export function factorsOf(carried: readonly CarriedOrder[]): WayFactors {
  const alone = carried.filter((each) => each.alone);
  return {
    toRestaurant: factorOf(alone.map((each) => [each.approachWayS, each.acceptedAtMs, each.arrivedAtMerchantAtMs])),
    toCustomer: factorOf(alone.map((each) => [each.rideWayS, each.leftAtMs, each.arrivedAtCustomerAtMs])),
  };
}

type Ridden = readonly [wayS: number | null, fromMs: number | null, toMs: number | null];

function factorOf(rides: readonly Ridden[]): number {
  let [count, riddenS, routerS] = [0, 0, 0];
  for (const [wayS, fromMs, toMs] of rides) {
    if (wayS === null || wayS <= 0 || fromMs === null || toMs === null || toMs < fromMs) continue;
    count += 1;
    riddenS += (toMs - fromMs) / 1000;
    routerS += wayS;
  }
  return count < ENOUGH_RIDES ? 1 : Math.min(FACTOR.most, Math.max(FACTOR.least, riddenS / routerS));
}
