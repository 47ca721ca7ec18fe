import type { CommandName, ParsedInput } from "../contracts/catalogue/catalogue.ts";
import { Refusal } from "../contracts/errors.ts";
import type { OrderStatus } from "../contracts/states.ts";
import type { SeenOrder } from "../contracts/views.ts";
import { actingOn, answerTo } from "../domain/order/acting.ts";
import { nextOrderStatus, type Actor } from "../domain/order/change.ts";
import {
  delayChange,
  KITCHEN_ACTIONS,
  kitchenChange,
  plannedDelivery,
  type KitchenCommand,
} from "../domain/order/kitchen-changes.ts";
import { newOrder, newPayment, placedTold, refuseOtherPrice } from "../domain/order/new-order.ts";
import { orderViewOf } from "../domain/order/order-view.ts";
import type { LoadedOrder } from "../domain/order/records.ts";
import { seeOrder, sightOf } from "../domain/rights/projection.ts";
import { roleFor } from "../domain/rights/rights.ts";
import { identityOf, type SimCaller, type SimCases, type SimDeps } from "./cases.ts";
import { priceBasketOf } from "./browsing-cases.ts";
import { takeStock } from "./life.ts";

/** What customers, kitchens and the office do with orders. */
export function orderCases(deps: SimDeps): SimCases {
  return { ...customerCases(deps), ...kitchenCases(deps), ...officeCases(deps) };
}

type OrderRef = { readonly orderId: string; readonly marketId: string };

/** @throws {Refusal} `order.not-found` for an order that is not there and for one that is not the caller's alike */
function begin({ store }: SimDeps, caller: SimCaller, name: CommandName, input: OrderRef) {
  const loaded = store.order(input.orderId);
  const actor = loaded?.order.marketId === input.marketId ? actingOn(identityOf(caller), name, loaded) : undefined;
  if (!loaded || !actor) throw new Refusal("order.not-found", "no such order here");
  return { loaded, actor };
}

function answerOf({ store }: SimDeps, loaded: LoadedOrder, actor: Actor) {
  return answerTo(actor, loaded, store.lines(loaded.order.id));
}

function customerCases(deps: SimDeps): SimCases {
  const { store, life, settings, command } = deps;
  return {
    "order.place": (caller, input) =>
      command(caller, "order.place", input, (w) => {
        const priced = priceBasketOf(deps, input.marketId, input);
        refuseOtherPrice(priced, input);
        const person = store.people.get(identityOf(caller).personId);
        const order = newOrder(deps.newId(), person?.id ?? "", input, priced, settings.payWithinMs, w.nowMs);
        const loaded: LoadedOrder = {
          order,
          restaurant: priced.restaurant,
          payment: newPayment(order, w.nowMs),
          customerName: person?.name ?? "",
          delivery: null,
          courier: null,
        };
        store.insertOrder(loaded, priced.lines);
        if (priced.countsStock) takeStock(store, loaded, 1);
        if (order.payByAtMs !== null) deps.onDeadline(order.id, order.payByAtMs);
        w.append(placedTold(loaded, priced));
        return life.seen("customer", loaded);
      }),

    "order.settle": (caller, input) => {
      const { loaded, actor } = begin(deps, caller, "order.settle", input);
      deps.settle(input.orderId);
      return answerOf(deps, store.order(input.orderId) ?? loaded, actor);
    },

    "order.cancel": (caller, input) => {
      const seen = command(caller, "order.cancel", input, (w) => {
        const { loaded, actor } = begin(deps, caller, "order.cancel", input);
        if (nextOrderStatus(loaded, "cancel", actor) === undefined) return answerOf(deps, loaded, actor);
        const { amountMinor } = loaded.payment;
        const refundMinor = actor.role === "customer" ? amountMinor : (input.refundMinor ?? amountMinor);
        if (refundMinor > amountMinor) throw new Refusal("payment.amount", "more than the order cost");
        const end = { status: "CANCELLED", type: "order.cancelled", reason: input.reason, refundMinor } as const;
        return answerOf(deps, life.endUndelivered(w, loaded, actor, end), actor);
      });
      deps.hintRound(input.marketId);
      return seen;
    },

    "order.read": (caller, input) => {
      const { loaded, actor } = begin(deps, caller, "order.read", input);
      return answerOf(deps, loaded, actor);
    },

    "orders.mine": (caller, { cursor, limit }) => {
      const own = store.ordersOfCustomer.get(identityOf(caller).personId) ?? [];
      return pageOf(deps, own, cursor, limit, "customer");
    },
  };
}

function kitchenCases(deps: SimDeps): SimCases {
  const { store, life, settings, command } = deps;

  function moves<N extends KitchenCommand>(name: N) {
    return (caller: SimCaller, input: ParsedInput<N>): SeenOrder => {
      const seen = command(caller, name, input, (w) => {
        const { loaded, actor } = begin(deps, caller, name, input);
        const to = nextOrderStatus(loaded, KITCHEN_ACTIONS[name], actor);
        if (to === undefined) return answerOf(deps, loaded, actor);
        const at = { nowMs: w.nowMs, ...settings };
        const change = kitchenChange(name, to, loaded, "prepMinutes" in input ? input.prepMinutes : 0, at);
        const planned =
          change.delivery && !loaded.delivery
            ? { ...loaded, delivery: plannedDelivery(deps.newId(), loaded, w.nowMs) }
            : loaded;
        if (name === "order.confirm") w.owe(loaded.order.id);
        return answerOf(deps, life.apply(w, planned, actor, change), actor);
      });
      deps.hintRound(input.marketId);
      return seen;
    };
  }

  return {
    "order.confirm": moves("order.confirm"),
    "order.start": moves("order.start"),
    "order.ready": moves("order.ready"),
    "order.hand-out": moves("order.hand-out"),
    "order.delay": (caller, input) =>
      command(caller, "order.delay", input, (w) => {
        const { loaded, actor } = begin(deps, caller, "order.delay", input);
        return answerOf(deps, life.apply(w, loaded, actor, delayChange(loaded, input.addMinutes, w.nowMs)), actor);
      }),
    "order.reject": (caller, input) =>
      command(caller, "order.reject", input, (w) => {
        const { loaded, actor } = begin(deps, caller, "order.reject", input);
        if (nextOrderStatus(loaded, "reject", actor) === undefined) return answerOf(deps, loaded, actor);
        const end = { status: "REJECTED", type: "order.rejected", reason: input.reason } as const;
        return answerOf(deps, life.endUndelivered(w, loaded, actor, end), actor);
      }),
    "orders.of-restaurant": (caller, { marketId, restaurantId, cursor, limit }) => {
      const role = roleFor(identityOf(caller), "orders.of-restaurant", { marketId, restaurantId });
      if (!role) throw new Refusal("restaurant.not-found", "no such restaurant here");
      const ids = [...store.allOrders()].flatMap(({ order }) =>
        order.restaurantId === restaurantId ? [order.id] : [],
      );
      return pageOf(deps, ids, cursor, limit, sightOf(role) === "ops" ? "ops" : "kitchen");
    },
  };
}

/** Only held so far. What has ended may still be kept in part: food that came back. */
const UNTAKEN: readonly OrderStatus[] = ["PENDING_PAYMENT", "CREATED"];

function officeCases(deps: SimDeps): SimCases {
  const { store, command } = deps;
  return {
    "order.refund": (caller, input) =>
      command(caller, "order.refund", input, (w) => {
        const { loaded, actor } = begin(deps, caller, "order.refund", input);
        const payment = refundDecided(loaded, input);
        store.put({ ...loaded, payment });
        w.append({
          marketId: input.marketId,
          type: "order.refund-decided",
          payload: { reason: { amountMinor: input.amountMinor, reason: input.reason } },
          actorRole: actor.role,
          actorId: actor.personId,
          in: { order: loaded.order.id },
        });
        w.owe(loaded.order.id);
        return answerOf(deps, loaded, actor);
      }),

    "order.story": (caller, input) => {
      begin(deps, caller, "order.story", input);
      const events = store.after({ marketId: input.marketId, kind: "order", id: input.orderId }, 0);
      return {
        events: events.map(({ id, orderSeq, type, atMs, actorRole, payload }) => {
          return { id, seq: orderSeq ?? 0, type, atMs, actorRole, payload };
        }),
        ledger: store.bookings
          .filter(({ orderId }) => orderId === input.orderId)
          .map(({ reference, account, amountMinor, currency, atMs }) => {
            return { reference, account, amountMinor, currency, atMs };
          }),
      };
    },
  };
}

function refundDecided({ order, payment }: LoadedOrder, { amountMinor }: ParsedInput<"order.refund">) {
  const refundTargetMinor = payment.refundTargetMinor + amountMinor;
  if (UNTAKEN.includes(order.status)) {
    throw new Refusal("payment.amount", `nothing was taken of an order that is ${order.status}`);
  }
  if (refundTargetMinor > payment.amountMinor) {
    throw new Refusal("payment.amount", `${payment.amountMinor - payment.refundTargetMinor} is left to give back`);
  }
  return { ...payment, refundTargetMinor };
}

/** A page of orders, newest first. */
function pageOf(
  { store }: SimDeps,
  ids: readonly string[],
  cursor: string | undefined,
  limit: number,
  sight: "customer" | "kitchen" | "ops",
) {
  const found = ids.filter((id) => cursor === undefined || id < cursor).toSorted((a, b) => (a < b ? 1 : -1));
  const shown = [...store.orders(found.slice(0, limit))];
  return {
    orders: shown.map((loaded) => seeOrder(sight, orderViewOf(loaded, store.lines(loaded.order.id), 0))),
    nextCursor: found.length > limit ? (shown.at(-1)?.order.id ?? null) : null,
  };
}
