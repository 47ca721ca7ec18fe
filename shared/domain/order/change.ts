import { Refusal } from "../../contracts/errors.ts";
import type { EventType } from "../../contracts/events.ts";
import type { Role } from "../../contracts/roles.ts";
import type { OrderView } from "../../contracts/views.ts";
import type { OrderEta } from "../eta/order-eta.ts";
import { deliveryStep, orderStep, type DeliveryAction, type OrderAction, type OrderActor } from "./machine.ts";
import { deliveryViewOf } from "./order-view.ts";
import type { DeliveryRecord, LoadedOrder, OrderRecord } from "./records.ts";

/** An event before it has its places: it stands in the stream of each owner that `in` names. */
export interface EventDraft {
  readonly marketId: string;
  readonly type: EventType;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actorRole: string;
  readonly actorId: string | null;
  readonly atMs: number;
  /** The order that it is about, whether or not it stands in the order's stream. */
  readonly orderId?: string | undefined;
  readonly in: { readonly order?: string; readonly restaurant?: string; readonly courier?: string };
}

/** What is to be told; the store adds the time of its transaction. */
export type Told = Omit<EventDraft, "atMs">;

/** Who acts: a person in a role, or the platform by itself. */
export interface Actor {
  readonly role: Role | "platform";
  readonly personId: string | null;
}

export const PLATFORM: Actor = { role: "platform", personId: null };

export type OrderChange = Partial<OrderRecord>;
export type DeliveryChange = Partial<DeliveryRecord>;

/** One step of an order's life, as it is to be written and told. */
export interface Change {
  readonly type: EventType;
  readonly order?: OrderChange;
  readonly delivery?: DeliveryChange;
  /** Told beside the changed fields: to the office, or to the courier. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** The first event that a stream's watchers hear of an order brings the whole of it. */
  readonly whole?: Partial<OrderView>;
  /** A courier whose stream hears it, where that is not (or no longer) the one who holds the delivery. */
  readonly courierId?: string | null;
}

const ACTORS: Readonly<Record<Role | "platform", OrderActor>> = {
  customer: "customer",
  courier: "courier",
  kitchen: "kitchen",
  restaurant_admin: "kitchen",
  dispatcher: "office",
  support: "office",
  admin: "office",
  platform: "platform",
};

/**
 * Where an order action leads, or undefined when it has been applied before. [ORD1, ORD2]
 *
 * @throws {Refusal} `order.illegal-action`
 */
export function nextOrderStatus(
  loaded: LoadedOrder,
  action: OrderAction,
  actor: Actor,
): OrderView["status"] | undefined {
  const { order } = loaded;
  const step = orderStep(order.status, action, ACTORS[actor.role]);
  if (step.outcome === "illegal") {
    throw new Refusal("order.illegal-action", `cannot ${action} an order that is ${order.status}`);
  }
  return step.outcome === "move" ? step.to : undefined;
}

/** The same for the courier's work. [DLV1, DLV2] */
export function nextDeliveryStatus(loaded: LoadedOrder, action: DeliveryAction) {
  const from = loaded.delivery?.status;
  const step = from === undefined ? ({ outcome: "illegal" } as const) : deliveryStep(from, action);
  if (step.outcome === "illegal") {
    throw new Refusal("delivery.illegal-action", `cannot ${action} a delivery that is ${from ?? "not planned"}`);
  }
  return step.outcome === "move" ? step.to : undefined;
}

/** A change carried out: the order as it is now, the columns of its row that differ, and what is told of it. */
export interface Changed {
  readonly now: LoadedOrder;
  readonly orderColumns: OrderChange;
  readonly told: Told;
}

/**
 * Carries out one change of an order and its delivery, with the new ETA. It is told in every stream that it concerns: the
 * order's, the restaurant's once the order is paid, the courier's who holds it. [ORD6]
 */
export function changeOf(loaded: LoadedOrder, actor: Actor, change: Change, eta: OrderEta, nowMs: number): Changed {
  const changed: LoadedOrder = {
    ...loaded,
    order: { ...loaded.order, ...change.order },
    delivery: loaded.delivery && { ...loaded.delivery, ...change.delivery },
    courier: change.delivery?.courierId === null ? null : loaded.courier,
  };
  const estimate = eta.of(changed, nowMs);
  const etaColumns = estimate ? { etaP50AtMs: estimate.p50AtMs, etaP90AtMs: estimate.p90AtMs } : {};
  const now: LoadedOrder = { ...changed, order: { ...changed.order, ...etaColumns } };
  return { now, orderColumns: { ...change.order, ...etaColumns }, told: toldOf(now, actor, change, estimate) };
}

function toldOf(now: LoadedOrder, actor: Actor, change: Change, eta: OrderView["eta"]): Told {
  // The whole order was put together before its new time was known. [ETA40]
  const patch = change.whole ? { ...change.whole, ...(eta ? { eta } : {}) } : patchOf(now, change, eta);
  const courierId = change.courierId ?? (now.delivery?.endedAtMs === null ? now.delivery.courierId : null);
  return {
    marketId: now.order.marketId,
    type: change.type,
    payload: { order: patch, ...change.extra },
    actorRole: actor.role,
    actorId: actor.personId,
    in: {
      order: now.order.id,
      ...(now.order.createdAtMs === null ? {} : { restaurant: now.order.restaurantId }),
      ...(courierId ? { courier: courierId } : {}),
    },
  };
}

/** The fields of the view that a change touches; always the id and the status, so that a patch can be read alone. */
function patchOf(now: LoadedOrder, change: Change, eta: OrderView["eta"]): Partial<OrderView> {
  const fields: readonly (keyof OrderChange & keyof OrderView)[] = [
    "createdAtMs",
    "payByAtMs",
    "confirmByAtMs",
    "confirmedAtMs",
    "readyEstimateAtMs",
    "readyAtMs",
    "pickedUpAtMs",
    "deliveredAtMs",
    "endedAtMs",
    "endReason",
  ];
  const touched = fields.filter((field) => change.order !== undefined && field in change.order);
  return {
    id: now.order.id,
    status: now.order.status,
    ...Object.fromEntries(touched.map((field) => [field, now.order[field]])),
    ...(eta ? { eta } : {}),
    ...(now.delivery ? { delivery: deliveryViewOf(now) } : {}),
  };
}

/** How an order ends before it was delivered. */
export interface UndeliveredEnd {
  readonly status: "REJECTED" | "CANCELLED";
  readonly type: EventType;
  readonly reason: string;
  readonly delivery?: DeliveryChange;
  /** What is given back; all of it unless support says otherwise. */
  readonly refundMinor?: number;
}

/** Nothing of it has been cooked: what was counted down can be sold to somebody else. */
const UNCOOKED: readonly OrderView["status"][] = ["PENDING_PAYMENT", "CREATED", "CONFIRMED"];

/** What the end of an order before its delivery changes: the delivery ends with it, the money is given back, stock too. */
export function undeliveredOf(
  loaded: LoadedOrder,
  end: UndeliveredEnd,
  nowMs: number,
): { readonly change: Change; readonly refundTargetMinor: number; readonly putsStockBack: boolean } {
  const { amountMinor, refundTargetMinor } = loaded.payment;
  const open = loaded.delivery?.endedAtMs === null;
  const holder = open ? loaded.delivery.courierId : null;
  return {
    // What support has decided to give back before stays decided.
    refundTargetMinor: Math.max(refundTargetMinor, end.refundMinor ?? amountMinor),
    putsStockBack: UNCOOKED.includes(loaded.order.status),
    change: {
      type: end.type,
      order: {
        status: end.status,
        endedAtMs: nowMs,
        endReason: end.reason,
        payByAtMs: null,
        confirmByAtMs: null,
        concludeAtMs: null,
      },
      ...(open ? { delivery: end.delivery ?? { status: "CANCELLED", endedAtMs: nowMs } } : {}),
      ...(holder ? { courierId: holder, extra: { work: "removed" } } : {}),
    },
  };
}

/** How an order ends whose deadline has passed. */
export const LATE_ENDS = {
  /** A payment that comes after that is released. */
  unpaid: { status: "CANCELLED", type: "order.cancelled", reason: "The payment was not made in time" },
  /** The money is released, the customer told. */
  unconfirmed: { status: "REJECTED", type: "order.rejected", reason: "The restaurant did not answer in time" },
} as const satisfies Record<string, UndeliveredEnd>;

/** Delivered long enough ago. */
export function concludeChange(nowMs: number): Change {
  return { type: "order.concluded", order: { status: "CONCLUDED", endedAtMs: nowMs, concludeAtMs: null } };
}
