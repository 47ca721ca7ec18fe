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

/** Who is told when an order has gone its way. */
export type OnCarried = (order: StoredOrder, carried: Carried) => void;

/**
 * A courier of that day: rides as long as the router says, times the day's own factor, waits for the food, and spends at each
 * door what was spent there that day. An addition joins the trip until the food is in hand; later it is a trip of its own.
 * Who has nothing to do stays. [WIF2]
 */
export class Person {
  readonly shift: StoredShift;
  readonly #router: Router;
  readonly #factors: WayFactors;
  readonly #onCarried: OnCarried;
  /** Where a ride begins, or, while drops are under way, the place of the last one. */
  #at: Point;
  #fetch: Fetch | undefined;
  #taken = 0;
  #drops: readonly Drop[] = [];
  #next: readonly Next[] = [];

  constructor(shift: StoredShift, router: Router, factors: WayFactors, onCarried: OnCarried) {
    this.shift = shift;
    this.#router = routerBy(router, shift.vehicle);
    this.#factors = factors;
    this.#onCarried = onCarried;
    this.#at = shift.at;
  }

  /** Deliveries taken so far. */
  get taken(): number {
    return this.#taken;
  }

  isBusy(): boolean {
    return this.#fetch !== undefined || this.#drops.length > 0;
  }

  /** Some food is not yet in hand. */
  isToFetch(): boolean {
    return this.#fetch !== undefined || this.#next.length > 0;
  }

  /**
   * Takes what was offered.
   *
   * @param orders in the order of drops, what the courier was on the way for at the offer included
   * @param added ids of those that are new
   */
  async take(orders: readonly StoredOrder[], added: ReadonlySet<string>, pickup: Point, atMs: number): Promise<void> {
    const fresh = orders.filter(({ id }) => added.has(id));
    this.#taken += fresh.length;
    const restaurantId = fresh[0]?.restaurantId ?? "";
    const trip = { restaurantId, pickup, orders: fresh };
    // What was being fetched when the offer was made may be in hand by now.
    if (this.#fetch?.restaurantId === restaurantId) {
      const own = new Set(this.#fetch.orders);
      this.#fetch.orders = orders.filter((each) => own.has(each) || added.has(each.id));
    } else if (this.isBusy()) this.#next = [...this.#next, trip];
    else await this.#setOut(trip, atMs);
  }

  /** Lives on to a moment. */
  async advance(toMs: number): Promise<void> {
    // oxlint-disable no-await-in-loop -- one thing after the other
    for (;;) {
      const fetch = this.#fetch;
      if (fetch && pickedUpMs(fetch) <= toMs) {
        await this.#carry(fetch);
        continue;
      }
      const overAtMs = this.#drops.at(-1)?.deliveredAtMs;
      if (overAtMs === undefined || overAtMs > toMs) return;
      this.#drops = [];
      const [first, ...rest] = this.#next;
      this.#next = rest;
      if (first) await this.#setOut(first, overAtMs);
    }
    // oxlint-enable no-await-in-loop
  }

  hands(atMs: number): Hands {
    const fetch = this.#fetch;
    const left = this.#drops.filter(({ deliveredAtMs }) => deliveredAtMs > atMs);
    const riding = fetch?.ride ?? left[0]?.ride;
    const arrived = (arriveAtMs: number) => (arriveAtMs <= atMs ? arriveAtMs : null);
    return {
      place: riding ? placeOn(riding, atMs) : this.#at,
      dropping: left.map(({ order, arriveAtMs }) => ({ order, arrivedAtMs: arrived(arriveAtMs) })),
      fetching: fetch ? fetch.orders.map((order) => ({ order, arrivedAtMs: arrived(fetch.arriveAtMs) })) : [],
      later: this.#next.flatMap(({ orders }) => orders),
    };
  }

  async #setOut(trip: Next, atMs: number): Promise<void> {
    const ridden = await this.#rideTo(this.#at, trip.pickup, atMs, this.#factors.toRestaurant);
    this.#fetch = { ...trip, ...ridden };
  }

  async #carry(fetch: Fetch): Promise<void> {
    const { pickup, orders, wayM } = fetch;
    const pickedUpAtMs = pickedUpMs(fetch);
    let clockMs = pickedUpAtMs + most(orders, ({ leaveMs }) => leaveMs);
    let from = pickup;
    const drops: Drop[] = [];
    for (const order of orders) {
      // oxlint-disable-next-line no-await-in-loop -- each ride begins where the one before ends
      const ridden = await this.#rideTo(from, order.drop, clockMs, this.#factors.toCustomer);
      clockMs = ridden.arriveAtMs + order.doorMs;
      drops.push({ order, ...ridden, deliveredAtMs: clockMs });
      from = order.drop;
    }
    for (const { order, deliveredAtMs, wayM: ownM } of drops)
      this.#onCarried(order, { pickedUpAtMs, deliveredAtMs, wayM: ownM + wayM / orders.length });
    this.#at = from;
    this.#drops = drops;
    this.#fetch = undefined;
  }

  async #rideTo(from: Point, to: Point, startMs: number, factor: number) {
    if (this.#router.ask) await askAlong(this.#router, from, [to]);
    const { durationS, distanceM } = this.#router.leg(from, to);
    const tookMs = Math.round(durationS * 1000 * factor);
    return { ride: { way: straightWay(from, to, tookMs), startMs }, arriveAtMs: startMs + tookMs, wayM: distanceM };
  }
}

function pickedUpMs({ arriveAtMs, orders }: Fetch): number {
  return Math.max(
    arriveAtMs + most(orders, ({ counterMs }) => counterMs),
    most(orders, ({ readyAtMs, noticeMs }) => readyAtMs + noticeMs),
  );
}

function most(orders: readonly StoredOrder[], of: (order: StoredOrder) => number): number {
  return orders.reduce((found, each) => Math.max(found, of(each)), 0);
}
