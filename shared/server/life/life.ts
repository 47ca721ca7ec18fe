import { and, eq, sql } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { payments } from "#drizzle/schema/money.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Role } from "#shared/contracts/roles.ts";
import type { OrderView } from "#shared/contracts/views.ts";
import {
  deliveryStep,
  orderStep,
  type DeliveryAction,
  type OrderAction,
  type OrderActor,
} from "#shared/domain/order/machine.ts";

import type { Work } from "../db/unit-of-work.ts";
import { deliveryViewOf } from "./order-view.ts";
import type { LoadedOrder } from "./load-order.ts";
import { isInOpenOffer } from "./literals.ts";
import type { OrderEta } from "./order-eta.ts";

/** Who acts: a person in a role, or the platform by itself. */
export interface Actor {
  readonly role: Role | "platform";
  readonly personId: string | null;
}

export const PLATFORM: Actor = { role: "platform", personId: null };

type OrderChange = Partial<typeof orders.$inferSelect>;
type DeliveryChange = Partial<typeof deliveries.$inferSelect>;

/** One step of an order's life, as it is to be written and told. */
export interface Change {
  readonly type: string;
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

/**
 * Writes one change of a locked order and its delivery, with the new ETA, and tells it in every stream that it concerns:
 * the order's, the restaurant's once the order is paid, the courier's who holds it. [ORD6]
 *
 * @returns the order as it is now
 */
export async function applyChange(
  w: Work,
  eta: OrderEta,
  loaded: LoadedOrder,
  actor: Actor,
  change: Change,
): Promise<LoadedOrder> {
  const { marketId, id: orderId } = loaded.order;
  if (change.delivery && loaded.delivery) {
    await w.tx
      .update(deliveries)
      .set(change.delivery)
      .where(and(eq(deliveries.marketId, marketId), eq(deliveries.id, loaded.delivery.id)));
  }
  const changed: LoadedOrder = {
    ...loaded,
    order: { ...loaded.order, ...change.order },
    delivery: loaded.delivery && { ...loaded.delivery, ...change.delivery },
    courier: change.delivery?.courierId === null ? null : loaded.courier,
  };
  const estimate = eta.of(changed, w.nowMs);
  const etaColumns = estimate ? { etaP50AtMs: estimate.p50AtMs, etaP90AtMs: estimate.p90AtMs } : {};
  const now: LoadedOrder = { ...changed, order: { ...changed.order, ...etaColumns } };
  await w.tx
    .update(orders)
    .set({ ...change.order, ...etaColumns })
    .where(and(eq(orders.marketId, marketId), eq(orders.id, orderId)));
  tell(w, now, actor, change, estimate);
  return now;
}

function tell(w: Work, now: LoadedOrder, actor: Actor, change: Change, eta: OrderView["eta"]): void {
  const patch = change.whole ?? patchOf(now, change, eta);
  const courierId = change.courierId ?? (now.delivery?.endedAtMs === null ? now.delivery.courierId : null);
  w.append({
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
  });
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

/** What becomes of the money when an order comes to rest in `status`: a job brings the provider to it. */
export function oweSettlement(w: Work, loaded: LoadedOrder, why: string): void {
  const { marketId, id: orderId } = loaded.order;
  w.owe({ marketId, name: "payment.settle", payload: { marketId, orderId }, dedupeKey: `settle/${orderId}/${why}` });
}

/**
 * Ends an order before it was delivered: the delivery with it, an open offer for it withdrawn, the money given back.
 *
 * @param end its status is REJECTED or CANCELLED; `refundMinor` what is given back, all of it unless support says otherwise
 */
export async function endUndelivered(
  w: Work,
  eta: OrderEta,
  loaded: LoadedOrder,
  actor: Actor,
  end: {
    readonly status: "REJECTED" | "CANCELLED";
    readonly type: string;
    readonly reason: string;
    readonly delivery?: DeliveryChange;
    readonly refundMinor?: number;
  },
): Promise<LoadedOrder> {
  if (loaded.delivery) await withdrawOffers(w, loaded, actor);
  const { amountMinor, refundTargetMinor } = loaded.payment;
  await w.tx
    .update(payments)
    // What support has decided to give back before stays decided.
    .set({ refundTargetMinor: Math.max(refundTargetMinor, end.refundMinor ?? amountMinor) })
    .where(and(eq(payments.marketId, loaded.order.marketId), eq(payments.orderId, loaded.order.id)));
  if (UNCOOKED.includes(loaded.order.status)) await putStockBack(w, loaded);
  const holder = loaded.delivery?.endedAtMs === null ? loaded.delivery.courierId : null;
  const open = loaded.delivery?.endedAtMs === null;
  const now = await applyChange(w, eta, loaded, actor, {
    type: end.type,
    order: {
      status: end.status,
      endedAtMs: w.nowMs,
      endReason: end.reason,
      payByAtMs: null,
      confirmByAtMs: null,
      concludeAtMs: null,
    },
    ...(open ? { delivery: end.delivery ?? { status: "CANCELLED", endedAtMs: w.nowMs } } : {}),
    ...(holder ? { courierId: holder, extra: { work: "removed" } } : {}),
  });
  oweSettlement(w, now, end.status);
  return now;
}

/** Nothing of it has been cooked: what was counted down can be sold to somebody else. */
const UNCOOKED: readonly OrderView["status"][] = ["PENDING_PAYMENT", "CREATED", "CONFIRMED"];

async function putStockBack(w: Work, { order }: LoadedOrder): Promise<void> {
  await w.tx.execute(sql`
    update menu_items item set stock = item.stock + line.quantity
    from (select item_id, sum(quantity)::int as quantity from order_lines
          where market_id = ${order.marketId} and order_id = ${order.id} group by item_id order by item_id) line
    where item.market_id = ${order.marketId} and item.id = line.item_id and item.stock is not null`);
}

/** Takes back an open offer that holds the order's delivery, so that nobody can accept what is gone. */
export async function withdrawOffers(w: Work, loaded: LoadedOrder, actor: Actor): Promise<void> {
  const { marketId } = loaded.order;
  if (!loaded.delivery) return;
  const held = await w.tx
    .select({ offerId: offerDeliveries.offerId })
    .from(offerDeliveries)
    .where(
      and(eq(offerDeliveries.marketId, marketId), eq(offerDeliveries.deliveryId, loaded.delivery.id), isInOpenOffer),
    );
  for (const { offerId } of held) await closeOffer(w, marketId, offerId, "withdrawn", actor);
}

/**
 * Closes an offer if it is still open: one statement decides, so that of an answer and a deadline exactly one wins. [OFR1]
 *
 * @returns whether it was open
 */
export async function closeOffer(
  w: Work,
  marketId: string,
  offerId: string,
  status: "accepted" | "declined" | "expired" | "withdrawn",
  actor: Actor,
  declineReason?: string,
): Promise<boolean> {
  const [closed] = await w.tx
    .update(offers)
    .set({ status, answeredAtMs: w.nowMs, ...(declineReason ? { declineReason } : {}) })
    .where(and(eq(offers.marketId, marketId), eq(offers.id, offerId), eq(offers.status, "offered")))
    .returning();
  if (!closed) return false;
  await w.tx
    .update(offerDeliveries)
    .set({ open: false })
    .where(and(eq(offerDeliveries.marketId, marketId), eq(offerDeliveries.offerId, offerId)));
  w.append({
    marketId,
    type: `offer.${status}`,
    payload: { offer: null, closed: { offerId, status } },
    actorRole: actor.role,
    actorId: actor.personId,
    in: { courier: closed.courierId },
  });
  return true;
}

/** Adds a courier to those who are not asked for these deliveries again. */
export async function excludeCourier(w: Work, marketId: string, offerId: string, courierId: string): Promise<void> {
  await w.tx
    .update(deliveries)
    .set({ excludedCourierIds: sql`array_append(${deliveries.excludedCourierIds}, ${courierId}::uuid)` })
    .where(
      and(
        eq(deliveries.marketId, marketId),
        sql`${deliveries.id} in (select delivery_id from offer_deliveries where market_id = ${marketId} and offer_id = ${offerId})`,
        sql`not (${courierId}::uuid = any(${deliveries.excludedCourierIds}))`,
      ),
    );
}
