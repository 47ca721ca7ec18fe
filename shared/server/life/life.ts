import { and, eq, sql } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { payments } from "#drizzle/schema/money.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { offerClosedTold } from "#shared/domain/dispatch/offer.ts";
import type { OrderEta } from "#shared/domain/eta/order-eta.ts";
import { changeOf, undeliveredOf, type Actor, type Change, type UndeliveredEnd } from "#shared/domain/order/change.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";

import type { Work, Writing } from "../db/unit-of-work.ts";
import { isInOpenOffer } from "./literals.ts";

/**
 * Writes one change of a locked order and its delivery, with the new ETA, and tells it in every stream that it concerns. [ORD6]
 *
 * @returns the order as it is now
 */
export function applyChange(w: Writing, eta: OrderEta, loaded: LoadedOrder, actor: Actor, change: Change): LoadedOrder {
  const { marketId, id: orderId } = loaded.order;
  const { now, orderColumns, told } = changeOf(loaded, actor, change, eta, w.nowMs);
  if (change.delivery && loaded.delivery) {
    w.update(deliveries, { marketId, id: loaded.delivery.id }, change.delivery);
  }
  w.update(orders, { marketId, id: orderId }, orderColumns);
  w.append(told);
  return now;
}

/** What becomes of the money when an order comes to rest in `status`: a job brings the provider to it. */
export function oweSettlement(w: Writing, loaded: LoadedOrder, why: string): void {
  const { marketId, id: orderId } = loaded.order;
  w.owe({ marketId, name: "payment.settle", payload: { marketId, orderId }, dedupeKey: `settle/${orderId}/${why}` });
}

/** Ends an order before it was delivered: the delivery with it, an open offer for it withdrawn, the money given back. */
export async function endUndelivered(
  w: Work,
  eta: OrderEta,
  loaded: LoadedOrder,
  actor: Actor,
  end: UndeliveredEnd,
): Promise<LoadedOrder> {
  if (loaded.delivery) await withdrawOffers(w, loaded, actor);
  const { change, refundTargetMinor, putsStockBack } = undeliveredOf(loaded, end, w.nowMs);
  w.send(
    w.tx
      .update(payments)
      .set({ refundTargetMinor })
      .where(and(eq(payments.marketId, loaded.order.marketId), eq(payments.orderId, loaded.order.id))),
  );
  if (putsStockBack) await putStockBack(w, loaded);
  const now = applyChange(w, eta, loaded, actor, change);
  oweSettlement(w, now, end.status);
  return now;
}

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
  w.send(
    w.tx
      .update(offerDeliveries)
      .set({ open: false })
      .where(and(eq(offerDeliveries.marketId, marketId), eq(offerDeliveries.offerId, offerId))),
  );
  w.append(offerClosedTold(closed, status, actor));
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
