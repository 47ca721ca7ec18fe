import type { CommandName, ParsedInput } from "../contracts/catalogue/catalogue.ts";
import { Refusal } from "../contracts/errors.ts";
import type { SeenOrder, ShiftView } from "../contracts/views.ts";
import { actingOn, answerTo } from "../domain/order/acting.ts";
import { nextDeliveryStatus, nextOrderStatus } from "../domain/order/change.ts";
import {
  acceptChanges,
  type InHand,
  DELIVERY_STEPS,
  orderActionOf,
  returnedEnd,
  stepChange,
  unassignChange,
  type DeliveryStepName,
} from "../domain/order/delivery-changes.ts";
import type { LoadedOrder } from "../domain/order/records.ts";
import { courierActor, identityOf, ownCourier, type SimCaller, type SimCases, type SimDeps } from "./cases.ts";
import type { SimWork } from "./life.ts";
import type { SimCourier } from "./store.ts";

/** What couriers do: shifts, answers to offers, the steps of their work. */
export function courierCases(deps: SimDeps): SimCases {
  return { ...shiftCases(deps), ...offerCases(deps), ...stepCases(deps) };
}

function shiftCases(deps: SimDeps): SimCases {
  const { store, life, command } = deps;
  return {
    "courier.read": (caller, { marketId }) => life.courierState(ownCourier(store, caller, marketId)),

    "shift.start": (caller, input) => {
      const shift = command(caller, "shift.start", input, (w) => {
        const courier = ownCourier(store, caller, input.marketId);
        if (courier.shift) return courier.shift;
        if (input.endsAtMs <= w.nowMs) throw new Refusal("shift.illegal-action", "the planned end has passed");
        courier.shift = { id: deps.newId(), startedAtMs: w.nowMs, endsAtMs: input.endsAtMs, endedAtMs: null };
        store.onDuty.add(courier);
        const { lat, lng } = input.point;
        store.setCourier({ ...courier.row, lastLat: lat, lastLng: lng, lastFixAtMs: w.nowMs });
        tellShift(w, courier, "shift.started", courier.shift);
        return courier.shift;
      });
      deps.hintRound(input.marketId);
      return shift;
    },

    "shift.end": (caller, input) =>
      command(caller, "shift.end", input, (w) => {
        const courier = ownCourier(store, caller, input.marketId);
        if (!courier.shift) throw new Refusal("shift.illegal-action", "no shift is open");
        if (courier.held.size > 0) throw new Refusal("shift.illegal-action", "finish the deliveries in hand first");
        if (courier.openOffer) life.closeOffer(w, courier.openOffer, "withdrawn", courierActor(courier.row));
        life.endSuggestion(w, courier, "off-duty", courierActor(courier.row));
        const ended = { ...courier.shift, endedAtMs: Math.max(w.nowMs, courier.shift.startedAtMs) };
        courier.shift = null;
        store.onDuty.delete(courier);
        tellShift(w, courier, "shift.ended", ended);
        return ended;
      }),

    "suggestion.dismiss": (caller, input) =>
      command(caller, "suggestion.dismiss", input, (w) => {
        const courier = ownCourier(store, caller, input.marketId);
        life.endSuggestion(w, courier, "dismissed", courierActor(courier.row), input.suggestionId);
        return { suggestion: life.suggestionView(courier) };
      }),
  };
}

function tellShift(w: SimWork, { row }: SimCourier, type: "shift.started" | "shift.ended", shift: ShiftView): void {
  w.append({
    marketId: row.marketId,
    type,
    payload: { shift: shift.endedAtMs === null ? shift : null },
    actorRole: "courier",
    actorId: row.personId,
    in: { courier: row.id },
  });
}

function offerCases(deps: SimDeps): SimCases {
  const { store, life, command } = deps;

  /** @throws {Refusal} `offer.not-found` for one that is not there and for somebody else's alike */
  function ownOffer(caller: SimCaller, marketId: string, offerId: string) {
    const courier = ownCourier(store, caller, marketId);
    const offer = store.offers.get(offerId);
    if (offer?.row.courierId !== courier.row.id) throw new Refusal("offer.not-found", "no such offer");
    return { courier, offer };
  }

  return {
    "offer.accept": (caller, input) =>
      command(caller, "offer.accept", input, (w) => {
        const { courier, offer } = ownOffer(caller, input.marketId, input.offerId);
        if (offer.row.status === "accepted") return life.courierState(courier);
        if (offer.row.status !== "offered" || offer.row.expiresAtMs <= w.nowMs) {
          throw new Refusal("offer.closed", "the offer is no longer open");
        }
        if (!courier.shift) throw new Refusal("offer.closed", "start a shift first");
        const orders = store.orders(offer.deliveryIds.map((id) => store.orderOfDelivery.get(id) ?? ""));
        const held = inHandOf(store.heldBy(courier));
        const changes = acceptChanges(courier.row, [...orders], (id) => store.lines(id), held, w.nowMs);
        const actor = courierActor(courier.row);
        life.closeOffer(w, input.offerId, "accepted", actor);
        for (const { loaded, change } of changes) life.apply(w, loaded, actor, change);
        return life.courierState(courier);
      }),

    "offer.decline": (caller, input) => {
      const view = command(caller, "offer.decline", input, (w) => {
        const { courier, offer } = ownOffer(caller, input.marketId, input.offerId);
        const { status } = offer.row;
        if (life.closeOffer(w, input.offerId, "declined", courierActor(courier.row), input.reason)) {
          life.excludeCourier(input.offerId);
        } else if (status !== "declined") throw new Refusal("offer.closed", "the offer is no longer open");
        return life.offerView(input.offerId);
      });
      deps.hintRound(input.marketId);
      return view;
    },
  };
}

function inHandOf(held: readonly LoadedOrder[]): InHand[] {
  return held.flatMap(({ delivery, order, restaurant }) => (delivery ? [{ delivery, order, restaurant }] : []));
}

function stepCases(deps: SimDeps): SimCases {
  const { store, life, settings, command } = deps;

  function begin(
    caller: SimCaller,
    name: CommandName,
    input: { readonly marketId: string; readonly deliveryId: string },
  ) {
    const loaded = store.order(store.orderOfDelivery.get(input.deliveryId) ?? "");
    // A courier may repeat the last step: the delivery has ended by then, and is still the courier's own.
    const actor =
      loaded?.order.marketId === input.marketId
        ? actingOn(identityOf(caller), name, loaded, { endedToo: true })
        : undefined;
    if (!loaded || !actor) throw new Refusal("delivery.not-found", "no such delivery in your hands");
    const answer = (now: LoadedOrder) => answerTo(actor, now, store.lines(now.order.id));
    return { loaded, actor, answer };
  }

  function step<N extends DeliveryStepName>(name: N) {
    return (caller: SimCaller, input: ParsedInput<N>): SeenOrder => {
      const action = orderActionOf(name);
      const seen = command(caller, name, input, (w) => {
        const { loaded, actor, answer } = begin(caller, name, input);
        const to = nextDeliveryStatus(loaded, DELIVERY_STEPS[name].action);
        if (to === undefined) return answer(loaded);
        const orderTo = action === undefined ? undefined : nextOrderStatus(loaded, action, actor);
        if (name === "delivery.return") {
          return answer(life.endUndelivered(w, loaded, actor, returnedEnd(to, w.nowMs)));
        }
        const at = { nowMs: w.nowMs, ...settings };
        return answer(life.apply(w, loaded, actor, stepChange(name, loaded, to, orderTo, at)));
      });
      if (action !== undefined) deps.hintRound(input.marketId);
      return seen;
    };
  }

  return {
    "delivery.set-out": step("delivery.set-out"),
    "delivery.arrive-at-merchant": step("delivery.arrive-at-merchant"),
    "delivery.pick-up": step("delivery.pick-up"),
    "delivery.leave": step("delivery.leave"),
    "delivery.arrive-at-customer": step("delivery.arrive-at-customer"),
    "delivery.hand-over": step("delivery.hand-over"),
    "delivery.turn-back": step("delivery.turn-back"),
    "delivery.return": step("delivery.return"),
    "delivery.unassign": (caller, input) => {
      const seen = command(caller, "delivery.unassign", input, (w) => {
        const { loaded, actor, answer } = begin(caller, "delivery.unassign", input);
        const courierId = loaded.delivery?.courierId;
        const to = nextDeliveryStatus(loaded, "unassign");
        if (to === undefined || !courierId) return answer(loaded);
        return answer(life.apply(w, loaded, actor, unassignChange(loaded, to, courierId, input.reason)));
      });
      deps.hintRound(input.marketId);
      return seen;
    },
  };
}
