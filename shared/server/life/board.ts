import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";

import { deliveries, offers } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { couriers, shifts } from "#drizzle/schema/restaurants.ts";
import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import type { Position } from "#shared/contracts/streams.ts";
import type { OnDuty } from "#shared/domain/dispatch/courier-in-round.ts";
import { zoneOf } from "#shared/domain/geo/cells.ts";
import { orderViewOf } from "#shared/domain/order/order-view.ts";
import { seeOrder } from "#shared/domain/rights/projection.ts";

import type { Tx } from "../db/connect.ts";
import { isOpenOffer } from "./literals.ts";
import { linesOf, selectOrders } from "./load-order.ts";

export async function couriersOnDuty(tx: Tx, marketId: string): Promise<OnDuty[]> {
  const rows = await tx
    .select({ courier: couriers, shiftEndsAtMs: shifts.endsAtMs, offerId: offers.id })
    .from(shifts)
    .innerJoin(couriers, and(eq(couriers.marketId, shifts.marketId), eq(couriers.id, shifts.courierId)))
    .leftJoin(offers, and(eq(offers.marketId, shifts.marketId), eq(offers.courierId, shifts.courierId), isOpenOffer))
    .where(and(eq(shifts.marketId, marketId), isNull(shifts.endedAtMs), eq(couriers.active, true)));
  return rows.map(({ courier, shiftEndsAtMs, offerId }) => ({ courier, shiftEndsAtMs, hasOffer: offerId !== null }));
}

/** The market now. Positions are newest known, from Redis where it has one, else what was last written down. */
export async function boardOf(
  tx: Tx,
  marketId: string,
  nowMs: number,
  newest: ReadonlyMap<string, Pick<Position, "lat" | "lng" | "takenAtMs" | "zone">>,
): Promise<CommandOutput<"ops.board">> {
  const open = await selectOrders(tx)
    .where(and(eq(orders.marketId, marketId), isNull(orders.endedAtMs)))
    .orderBy(orders.id);
  const lines = await linesOf(
    tx,
    marketId,
    open.map((row) => row.order.id),
  );
  const held = await tx
    .select({ courierId: deliveries.courierId, holding: sql<number>`count(*)::int` })
    .from(deliveries)
    .where(and(eq(deliveries.marketId, marketId), isNull(deliveries.endedAtMs), isNotNull(deliveries.courierId)))
    .groupBy(deliveries.courierId);
  const holding = new Map(held.map((row) => [row.courierId, row.holding]));
  const duty = await couriersOnDuty(tx, marketId);
  const counts: Record<string, number> = {};
  for (const { order } of open) counts[order.status] = (counts[order.status] ?? 0) + 1;
  return {
    atMs: nowMs,
    counts,
    orders: open.map((row) => seeOrder("ops", orderViewOf(row, lines.get(row.order.id) ?? [], 0))),
    couriers: duty.map(({ courier, hasOffer }) => {
      const place = newest.get(courier.id) ?? written(courier);
      return {
        courierId: courier.id,
        name: courier.name,
        vehicle: courier.vehicle,
        point: place ? { lat: place.lat, lng: place.lng } : null,
        fixAtMs: place?.takenAtMs ?? null,
        zone: place?.zone ?? null,
        holding: holding.get(courier.id) ?? 0,
        hasOffer,
      };
    }),
  };
}

function written({ lastLat, lastLng, lastFixAtMs }: OnDuty["courier"]) {
  if (lastLat === null || lastLng === null || lastFixAtMs === null) return undefined;
  const point = { lat: lastLat, lng: lastLng };
  return { ...point, takenAtMs: lastFixAtMs, zone: zoneOf(point) };
}
