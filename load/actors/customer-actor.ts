import type { HubClient } from "#shared/client/hub-client.ts";
import { applyOrderEvent } from "#shared/client/merge.ts";
import type { Api } from "#shared/client/rest-client.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Point } from "#shared/contracts/geo.ts";
import type { OrderStatus } from "#shared/contracts/states.ts";
import type { RestaurantView, SeenOrder } from "#shared/contracts/views.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";

import { basketFor, type BasketLines } from "./basket-for.ts";
import { LIVE_MEANS, type Means } from "./means.ts";
import type { Pay } from "./pay.ts";
import { recordPositions, watchRecorded, type Recorder } from "./recorder.ts";
import type { ActorSession } from "./session.ts";

export interface CustomerActorOptions {
  /** Which of the hubs it is at. */
  readonly at: number;
  readonly marketId: string;
  readonly session: ActorSession;
  readonly pay: Pay;
  readonly clock: Clock;
  readonly recorder?: Recorder | undefined;
  readonly means?: Means;
}

/** What somebody orders. */
export interface Wanted {
  readonly restaurantId: string;
  readonly lines: BasketLines;
  /** Where to; null for take-away. */
  readonly drop: Point | null;
  readonly dropLine?: string;
  readonly note?: string;
  readonly tipMinor?: number;
  /** Tried one after the other until one is taken; a good one when left out. */
  readonly cards?: readonly string[];
}

export interface PlacedOrder {
  readonly orderId: string;
  /** The order as its stream has told it. */
  readonly current: () => SeenOrder;
  /** Resolves when the order has come to its end for the customer: delivered, rejected or cancelled. */
  readonly ended: Promise<SeenOrder>;
  /**
   * Does not want it any more.
   *
   * @throws Refusal when it is too late for that
   */
  cancel(reason: string): Promise<void>;
  /** Stops watching. */
  leave(): void;
}

export interface CustomerActor {
  readonly hub: HubClient;
  /** Looks around a place as the start page does, and into one menu that suits `choose`. */
  browse(
    near: Point,
    choose: (all: readonly RestaurantView[]) => RestaurantView | undefined,
    rng: Rng,
  ): Promise<{ readonly restaurant: RestaurantView; readonly lines: BasketLines } | undefined>;
  /**
   * Asks the price, places at that price, watches and pays. `onPlaced` hears of the order before it is paid, so before a
   * kitchen can; `onSeen` of the order each time that something of it is told.
   *
   * @throws Refusal what the platform or the provider refused
   */
  order(
    wanted: Wanted,
    onPlaced?: (orderId: string) => void,
    onSeen?: (order: SeenOrder) => void,
  ): Promise<PlacedOrder>;
  close(): void;
}

const ENDED: readonly OrderStatus[] = ["DELIVERED", "CONCLUDED", "REJECTED", "CANCELLED"];
const GOOD_CARD = "pm_card_visa";
/** How often a price may change under a customer's eyes before they give up. */
const QUOTES = 3;

/** Plays one customer through REST, one socket and the payment provider's public side. */
export function startCustomerActor(options: CustomerActorOptions): CustomerActor {
  const { marketId, session, clock, recorder, pay } = options;
  const { api } = session;
  const { newKey } = options.means ?? LIVE_MEANS;
  const hub = session.connect("customer", options.at);
  const viewer = { as: "customer", personId: session.personId } as const;
  const stopPositions = recordPositions(hub, { viewer, clock, recorder });
  const placed = new Set<PlacedOrder>();

  const follow = (order: SeenOrder, onSeen: ((order: SeenOrder) => void) | undefined): PlacedOrder => {
    const one = followed(options, hub, order, {
      onSeen: onSeen ?? (() => undefined),
      onLeft: () => placed.delete(one),
    });
    placed.add(one);
    return one;
  };
  return {
    hub,
    async browse(near, choose, rng) {
      const { restaurants } = await api.call("restaurants.near", { marketId, ...near, openNow: "true" });
      const restaurant = choose(restaurants);
      if (!restaurant) return undefined;
      const menu = await api.call("menu.read", { marketId, restaurantId: restaurant.id });
      const lines = basketFor(menu, restaurant.minimumMinor, rng);
      return lines && { restaurant, lines };
    },
    async order(wanted, onPlaced, onSeen) {
      const order = await placeAtQuote(api, marketId, wanted, newKey);
      onPlaced?.(order.id);
      const one = follow(order, onSeen);
      const ref = { marketId, orderId: order.id };
      // Settling begins the payment at the provider; after the card was confirmed it brings the answer home. The webhook
      // does so as well: whoever comes first is believed only as far as the provider confirms.
      const begun = order.payment?.clientSecret ? order : await api.call("order.settle", ref);
      const secret = begun.payment?.clientSecret;
      if (secret) {
        await payWith(pay, secret, wanted.cards ?? [GOOD_CARD]);
        await api.call("order.settle", ref);
      }
      return one;
    },
    close() {
      for (const one of placed) one.leave();
      stopPositions();
      hub.close();
    },
  };
}

/** An order that its customer watches. */
function followed(
  options: CustomerActorOptions,
  hub: HubClient,
  order: SeenOrder,
  hears: { readonly onSeen: (order: SeenOrder) => void; readonly onLeft: () => void },
): PlacedOrder {
  const { marketId, session, clock, recorder } = options;
  const { newKey } = options.means ?? LIVE_MEANS;
  let current = order;
  const { promise: ended, resolve } = Promise.withResolvers<SeenOrder>();
  const seen = (next: SeenOrder) => {
    current = next;
    hears.onSeen(next);
    if (ENDED.includes(next.status)) resolve(next);
  };
  const watch = watchRecorded(
    hub,
    { marketId, kind: "order", id: order.id },
    {
      // Cast: the contract's snapshot of an order's stream.
      onSnapshot: (snapshot) => seen(snapshot as SeenOrder),
      onEvent: (event) => seen(applyOrderEvent(current, event)),
    },
    { viewer: { as: "customer", personId: session.personId }, clock, recorder },
  );
  return {
    orderId: order.id,
    current: () => current,
    ended,
    async cancel(reason) {
      await hub.command("order.cancel", { marketId, orderId: order.id, reason }, { commandId: newKey() });
    },
    leave() {
      hears.onLeft();
      watch.close();
    },
  };
}

/** Tries the cards in their order; what the last one was refused for is thrown. */
async function payWith(pay: Pay, secret: string, cards: readonly string[]): Promise<void> {
  for (const [index, card] of cards.entries()) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- the next card is for when this one was refused
      return await pay(secret, card);
    } catch (error) {
      if (!(error instanceof Refusal) || index === cards.length - 1) throw error;
    }
  }
}

/** Asks the price and places at that price, again when it has changed in between. */
async function placeAtQuote(api: Api, marketId: string, wanted: Wanted, newKey: () => string): Promise<SeenOrder> {
  const { restaurantId, lines, drop, tipMinor = 0, dropLine = "", note = "" } = wanted;
  const basket = { marketId, restaurantId, lines, drop, tipMinor, kind: drop ? "delivery" : "takeaway" } as const;
  for (let attempt = 1; ; attempt += 1) {
    const quote = await api.call("quote.make", basket);
    const expectedTotalMinor = quote.price.totalMinor;
    try {
      return await api.call("order.place", { ...basket, expectedTotalMinor, dropLine, note }, { key: newKey() });
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "quote.changed" || attempt === QUOTES) throw error;
    }
  }
}
