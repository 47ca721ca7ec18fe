import type { Point } from "#shared/contracts/geo.ts";
import { askAlong } from "#shared/domain/dispatch/ask-ahead.ts";
import { routerBy, type Router } from "#shared/domain/router/router.ts";

import { placeOn, straightWay, type Ride } from "../actors/ride.ts";
import type { StoredOrder, StoredShift, WayFactors } from "./stored-day.ts";

/** On the way to a restaurant, or waiting there. */
interface Fetch {
  readonly restaurantId: string;
  readonly pickup: Point;
  readonly ride: Ride;
  readonly arriveAtMs: number;
  readonly wayM: number;
  /** In the order of their drops; grows until the food is in hand. */
  orders: readonly StoredOrder[];
}

interface Drop {
  readonly order: StoredOrder;
  readonly ride: Ride;
  readonly arriveAtMs: number;
  readonly deliveredAtMs: number;
  readonly wayM: number;
}

/** Orders of one restaurant that wait until hands are free again. */
interface Next {
  readonly restaurantId: string;
  readonly pickup: Point;
  readonly orders: readonly StoredOrder[];
}

/** What a courier has done of an order. */
export interface Carried {
  readonly pickedUpAtMs: number;
  readonly deliveredAtMs: number;
  /** This order's share of the way, metres. */
  readonly wayM: number;
}

/** Where a courier's orders are. */
export interface Hands {
  readonly place: Point;
  readonly dropping: readonly { readonly order: StoredOrder; readonly arrivedAtMs: number | null }[];
  readonly fetching: readonly { readonly order: StoredOrder; readonly arrivedAtMs: number | null }[];
  readonly later: readonly StoredOrder[];
}

export interface Person {
  readonly shift: StoredShift;
  readonly isBusy: () => boolean;
  /** Some food is not yet in hand. */
  readonly isToFetch: () => boolean;
  /**
   * Takes what was offered.
   *
   * @param orders in the order of drops, what the courier was on the way for at the offer included
   * @param added ids of those that are new
   */
  take(orders: readonly StoredOrder[], added: ReadonlySet<string>, pickup: Point, atMs: number): Promise<void>;
  /** Lives on to a moment. */
  advance(toMs: number): Promise<void>;
  hands(atMs: number): Hands;
}

/** Who is told when an order has gone its way. */
export type OnCarried = (order: StoredOrder, carried: Carried) => void;

/**
 * A courier of that day: rides as long as the router says, times the day's own factor, waits for the food, and spends at each
 * door what was spent there that day. An addition joins the trip until the food is in hand; later it is a trip of its own.
 * Who has nothing to do stays. [WIF2]
 */
export function makePerson(shift: StoredShift, router: Router, factors: WayFactors, onCarried: OnCarried): Person {
  const own = routerBy(router, shift.vehicle);
  let at = shift.at;
  let fetch: Fetch | undefined;
  let drops: readonly Drop[] = [];
  let next: readonly Next[] = [];

  const rideTo = async (from: Point, to: Point, startMs: number, factor: number) => {
    if (own.ask) await askAlong(own, from, [to]);
    const { durationS, distanceM } = own.leg(from, to);
    const tookMs = Math.round(durationS * 1000 * factor);
    return { ride: { way: straightWay(from, to, tookMs), startMs }, arriveAtMs: startMs + tookMs, wayM: distanceM };
  };
  const setOut = async ({ restaurantId, pickup, orders }: Next, atMs: number) => {
    fetch = { restaurantId, pickup, orders, ...(await rideTo(at, pickup, atMs, factors.toRestaurant)) };
  };
  const carry = async ({ pickup, orders, wayM }: Fetch, pickedUpAtMs: number) => {
    let clockMs = pickedUpAtMs + most(orders, ({ leaveMs }) => leaveMs);
    let from = pickup;
    const planned: Drop[] = [];
    for (const order of orders) {
      // oxlint-disable-next-line no-await-in-loop -- each ride begins where the one before ends
      const ridden = await rideTo(from, order.drop, clockMs, factors.toCustomer);
      clockMs = ridden.arriveAtMs + order.doorMs;
      planned.push({ order, ...ridden, deliveredAtMs: clockMs });
      from = order.drop;
    }
    for (const { order, deliveredAtMs, wayM: ownM } of planned)
      onCarried(order, { pickedUpAtMs, deliveredAtMs, wayM: ownM + wayM / orders.length });
    at = from;
    drops = planned;
  };

  return {
    shift,
    isBusy: () => fetch !== undefined || drops.length > 0,
    isToFetch: () => fetch !== undefined || next.length > 0,
    async take(orders, added, pickup, atMs) {
      const fresh = orders.filter(({ id }) => added.has(id));
      const restaurantId = fresh[0]?.restaurantId ?? "";
      // What was being fetched when the offer was made may be in hand by now.
      if (fetch?.restaurantId === restaurantId) {
        const own = new Set(fetch.orders);
        fetch.orders = orders.filter((each) => own.has(each) || added.has(each.id));
      } else if (fetch || drops.length > 0) next = [...next, { restaurantId, pickup, orders: fresh }];
      else await setOut({ restaurantId, pickup, orders: fresh }, atMs);
    },
    async advance(toMs) {
      for (;;) {
        const inHandAtMs = fetch && pickedUpMs(fetch);
        if (fetch && inHandAtMs !== undefined && inHandAtMs <= toMs) {
          const ended = fetch;
          fetch = undefined;
          // oxlint-disable-next-line no-await-in-loop -- one thing after the other
          await carry(ended, inHandAtMs);
          continue;
        }
        const overAtMs = drops.at(-1)?.deliveredAtMs;
        if (overAtMs === undefined || overAtMs > toMs) return;
        drops = [];
        const [first, ...rest] = next;
        next = rest;
        // oxlint-disable-next-line no-await-in-loop
        if (first) await setOut(first, overAtMs);
      }
    },
    hands(atMs) {
      const left = drops.filter(({ deliveredAtMs }) => deliveredAtMs > atMs);
      const riding = fetch?.ride ?? left[0]?.ride;
      const arrived = (arriveAtMs: number) => (arriveAtMs <= atMs ? arriveAtMs : null);
      return {
        place: riding ? placeOn(riding, atMs) : at,
        dropping: left.map(({ order, arriveAtMs }) => ({ order, arrivedAtMs: arrived(arriveAtMs) })),
        fetching: (fetch?.orders ?? []).map((order) => ({
          order,
          arrivedAtMs: arrived(fetch?.arriveAtMs ?? Infinity),
        })),
        later: next.flatMap(({ orders }) => orders),
      };
    },
  };
}

function pickedUpMs({ arriveAtMs, orders }: Fetch): number {
  return (
    Math.max(
      arriveAtMs,
      most(orders, ({ readyAtMs }) => readyAtMs),
    ) + most(orders, ({ pickMs }) => pickMs)
  );
}

function most(orders: readonly StoredOrder[], of: (order: StoredOrder) => number): number {
  return orders.reduce((found, each) => Math.max(found, of(each)), 0);
}
