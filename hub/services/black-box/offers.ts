import { and, asc, eq, getTableColumns, inArray, sql } from "drizzle-orm";

import { offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { orderEvents } from "#drizzle/schema/events.ts";
import { couriers } from "#drizzle/schema/restaurants.ts";
import type { BlackBoxOffer } from "#shared/contracts/black-box.ts";
import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { Tx } from "#shared/server/db/connect.ts";

const { xid: _xid, ...EVENT } = getTableColumns(orderEvents);
const CLOSINGS = ["offer.accepted", "offer.declined", "offer.expired", "offer.withdrawn"];

/** Every offer that ever held the delivery, oldest first. */
export async function offersOf(tx: Tx, marketId: string, deliveryId: string | undefined): Promise<BlackBoxOffer[]> {
  if (deliveryId === undefined) return [];
  return tx
    .select({
      id: offers.id,
      courierId: offers.courierId,
      courierName: couriers.name,
      status: offers.status,
      offeredAtMs: offers.offeredAtMs,
      expiresAtMs: offers.expiresAtMs,
      answeredAtMs: offers.answeredAtMs,
      declineReason: offers.declineReason,
      payMinor: offers.payMinor,
      decisionId: offers.decisionId,
      reason: offers.reason,
    })
    .from(offerDeliveries)
    .innerJoin(offers, and(eq(offers.marketId, offerDeliveries.marketId), eq(offers.id, offerDeliveries.offerId)))
    .innerJoin(couriers, and(eq(couriers.marketId, offers.marketId), eq(couriers.id, offers.courierId)))
    .where(and(eq(offerDeliveries.marketId, marketId), eq(offerDeliveries.deliveryId, deliveryId)))
    .orderBy(asc(offers.offeredAtMs), asc(offers.id));
}

/**
 * How the couriers were told of the offers and of their ends. Neither event names the order. That an offer was made was
 * written in one transaction with the order's own `delivery.offered`, and has its number; what closed it is the first
 * closing after it in that courier's stream, as nobody has two offers at a time.
 */
export async function offerEventsOf(tx: Tx, marketId: string, orderId: string): Promise<StoredEvent[]> {
  const made = await tx
    .select(EVENT)
    .from(orderEvents)
    .where(
      and(
        eq(orderEvents.marketId, marketId),
        eq(orderEvents.type, "offer.made"),
        sql`${orderEvents.xid} in (select told.xid from order_events told where told.market_id = ${marketId}
          and told.order_id = ${orderId} and told.order_seq is not null and told.type = 'delivery.offered')`,
      ),
    );
  if (made.length === 0) return [];
  const closings = await tx.execute<{ id: string }>(sql`
    select closing.id from jsonb_to_recordset(${JSON.stringify(
      made.map((event) => ({ courier_id: event.courierId, seq: event.courierSeq })),
    )}::jsonb) as made(courier_id uuid, seq int)
    cross join lateral (
      select id from order_events
      where market_id = ${marketId} and courier_id = made.courier_id and courier_seq > made.seq
        and type in (${sql.join(
          CLOSINGS.map((type) => sql`${type}`),
          sql`, `,
        )})
      order by courier_seq limit 1
    ) closing`);
  if (closings.length === 0) return made;
  const closed = await tx
    .select(EVENT)
    .from(orderEvents)
    .where(
      and(
        eq(orderEvents.marketId, marketId),
        inArray(
          orderEvents.id,
          closings.map((row) => row.id),
        ),
      ),
    );
  return [...made, ...closed];
}
