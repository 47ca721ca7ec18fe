import type { Actor, Change, Told, UndeliveredEnd } from "../domain/order/change.ts";
import { changeOf, undeliveredOf } from "../domain/order/change.ts";
import { offerClosedTold, offerViewOf } from "../domain/dispatch/offer.ts";
import {
  suggestionEndedTold,
  suggestionMadeTold,
  suggestionViewOf,
  type SuggestionRecord,
} from "../domain/dispatch/suggestion.ts";
import type { LoadedOrder, OfferRecord } from "../domain/order/records.ts";
import { orderViewOf } from "../domain/order/order-view.ts";
import { seeOrder } from "../domain/rights/projection.ts";
import type { MarketFacts } from "../domain/pricing/price-order.ts";
import type { SuggestionEnd } from "../contracts/states.ts";
import type { CourierState, MoveSuggestion, OfferView, SeenOrder } from "../contracts/views.ts";
import { Refusal } from "../contracts/errors.ts";
import { assert } from "../lib/assert.ts";
import type { SimCourier, SimMarket, SimStore } from "./store.ts";

/** One change of the store in hand: its time, and what its end will announce and owe. It is never taken back: what refuses, refuses first. */
export interface SimWork {
  readonly nowMs: number;
  append(told: Told): void;
  /** A job brings the payment provider to what the order's state asks for, soon. */
  owe(orderId: string): void;
}

/** How an order's life is carried out on the store in memory. What it decides stands in the domain. */
export interface SimLife {
  market(marketId: string): SimMarket;
  facts(marketId: string): MarketFacts;
  apply(w: SimWork, loaded: LoadedOrder, actor: Actor, change: Change): LoadedOrder;
  endUndelivered(w: SimWork, loaded: LoadedOrder, actor: Actor, end: UndeliveredEnd): LoadedOrder;
  /** Closes an offer if it is still open; false when it was not. */
  closeOffer(w: SimWork, offerId: string, status: ClosedStatus, actor: Actor, declineReason?: string): boolean;
  excludeCourier(offerId: string): void;
  offerView(offerId: string): OfferView;
  /** Puts a suggestion in the place of an older one. */
  putSuggestion(w: SimWork, courier: SimCourier, suggestion: SuggestionRecord): void;
  /** Ends what the courier is advised, if anything is: this one alone, where an id is given. */
  endSuggestion(w: SimWork, courier: SimCourier, how: SuggestionEnd, actor: Actor, id?: string): void;
  /** Null when nothing is advised, or it has ended. */
  suggestionView(courier: SimCourier): MoveSuggestion | null;
  courierState(courier: SimCourier): CourierState;
  /** The order as somebody who watches it sees it, without its place in a stream. */
  seen(sight: "customer" | "kitchen" | "courier" | "ops", loaded: LoadedOrder): SeenOrder;
}

type ClosedStatus = Exclude<OfferRecord["status"], "offered">;

/** @param onDeadline hears of every deadline that begins to run */
export function makeSimLife(store: SimStore, onDeadline: (orderId: string, atMs: number) => void): SimLife {
  const market = (marketId: string): SimMarket => {
    const found = store.markets.get(marketId);
    if (!found) throw new Refusal("market.not-found", `no market ${marketId}`);
    return found;
  };

  const life: SimLife = {
    market,
    facts: (marketId) => market(marketId).facts,

    apply(w, loaded, actor, change) {
      const { now, told } = changeOf(loaded, actor, change, life.facts(loaded.order.marketId).eta, w.nowMs);
      store.put(now);
      const { payByAtMs, confirmByAtMs, concludeAtMs } = change.order ?? {};
      for (const atMs of [payByAtMs, confirmByAtMs, concludeAtMs]) if (atMs) onDeadline(now.order.id, atMs);
      w.append(told);
      return now;
    },

    endUndelivered(w, loaded, actor, end) {
      const offerId = loaded.delivery && store.offerOfDelivery.get(loaded.delivery.id);
      if (offerId) life.closeOffer(w, offerId, "withdrawn", actor);
      const { change, refundTargetMinor, putsStockBack } = undeliveredOf(loaded, end, w.nowMs);
      if (putsStockBack) takeStock(store, loaded, -1);
      const now = life.apply(w, { ...loaded, payment: { ...loaded.payment, refundTargetMinor } }, actor, change);
      w.owe(now.order.id);
      return now;
    },

    closeOffer(w, offerId, status, actor, declineReason) {
      const offer = store.offers.get(offerId);
      if (offer?.row.status !== "offered") return false;
      offer.row = { ...offer.row, status, answeredAtMs: w.nowMs, declineReason: declineReason ?? null };
      for (const deliveryId of offer.deliveryIds) {
        store.offerOfDelivery.delete(deliveryId);
        store.answeredAtMs.set(deliveryId, w.nowMs);
      }
      const courier = store.couriers.get(offer.row.courierId);
      if (courier) courier.openOffer = undefined;
      w.append(offerClosedTold(offer.row, status, actor));
      return true;
    },

    excludeCourier(offerId) {
      const offer = store.offers.get(offerId);
      for (const deliveryId of offer?.deliveryIds ?? []) {
        const loaded = store.order(store.orderOfDelivery.get(deliveryId) ?? "");
        if (!loaded?.delivery || !offer) continue;
        const excludedCourierIds = [...new Set([...loaded.delivery.excludedCourierIds, offer.row.courierId])];
        store.put({ ...loaded, delivery: { ...loaded.delivery, excludedCourierIds } });
      }
    },

    offerView(offerId) {
      const offer = store.offers.get(offerId);
      const restaurant = offer && store.restaurants.get(offer.row.restaurantId);
      assert(offer && restaurant, "an offer and its restaurant are there");
      const drops = offer.deliveryIds.flatMap((deliveryId) => {
        const loaded = store.order(store.orderOfDelivery.get(deliveryId) ?? "");
        return loaded ? [{ deliveryId, order: loaded.order }] : [];
      });
      return offerViewOf(offer.row, restaurant.row, life.facts(offer.row.marketId).currency, drops);
    },

    putSuggestion(w, courier, suggestion) {
      courier.suggestion = suggestion;
      const view = life.suggestionView(courier);
      if (view) w.append(suggestionMadeTold(suggestion, view));
    },

    endSuggestion(w, courier, how, actor, id) {
      const { suggestion } = courier;
      if (!suggestion || suggestion.endedAtMs !== null || (id !== undefined && suggestion.id !== id)) return;
      courier.suggestion = { ...suggestion, endedAtMs: w.nowMs, ended: how };
      w.append(suggestionEndedTold(suggestion, how, actor));
    },

    suggestionView({ suggestion }) {
      const restaurant = suggestion && store.restaurants.get(suggestion.restaurantId);
      return suggestion?.endedAtMs === null && restaurant ? suggestionViewOf(suggestion, restaurant.row) : null;
    },

    courierState(courier) {
      const { id, name, vehicle } = courier.row;
      return {
        courierId: id,
        name,
        vehicle,
        shift: courier.shift,
        offer: courier.openOffer === undefined ? null : life.offerView(courier.openOffer),
        suggestion: life.suggestionView(courier),
        work: store.heldBy(courier).map((loaded) => life.seen("courier", loaded)),
      };
    },

    seen(sight, loaded) {
      const { seq: _, ...seen } = seeOrder(sight, orderViewOf(loaded, store.lines(loaded.order.id), 0));
      return seen;
    },
  };
  return life;
}

/** Counts down what is counted, or up again with `sign` -1. */
export function takeStock(store: SimStore, { order }: LoadedOrder, sign: 1 | -1): void {
  const items = store.restaurants.get(order.restaurantId)?.items;
  for (const line of store.lines(order.id)) {
    const kept = items?.get(line.itemId);
    if (!kept || kept.item.stock === null) continue;
    kept.item = { ...kept.item, stock: kept.item.stock - sign * line.quantity };
  }
}
