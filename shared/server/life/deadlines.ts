import { and, asc, eq, isNotNull, lte } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { couriers } from "#drizzle/schema/restaurants.ts";
import { concludeEntries } from "#shared/domain/money/ledger.ts";

import type { Db } from "../db/connect.ts";
import type { UnitOfWork } from "../db/unit-of-work.ts";
import type { MarketReader } from "./etas.ts";
import { applyChange, closeOffer, endUndelivered, excludeCourier, nextOrderStatus, PLATFORM } from "./life.ts";
import { isOpenOffer } from "./literals.ts";
import { lockOrder, lockOrders } from "./load-order.ts";
import { bookEntries } from "./settle.ts";

export interface DeadlineDeps {
  readonly db: Db;
  readonly uow: UnitOfWork;
  readonly market: MarketReader;
}

/** What a sweep takes in hand at a time; the rest waits for the next. */
const BATCH = 50;

/**
 * What deadlines do. Each looks for columns that have passed and acts under the order's lock after looking again: two
 * sweepers at once, or one that comes late, do it once. [DLN1-DLN4]
 *
 * @returns for each: how many passed deadlines were acted on
 */
export function deadlineSweeps(deps: DeadlineDeps) {
  const { db, uow, market } = deps;

  const due = (
    column: typeof orders.payByAtMs | typeof orders.confirmByAtMs | typeof orders.concludeAtMs,
    nowMs: number,
  ) =>
    db.orm
      .select({ marketId: orders.marketId, id: orders.id })
      .from(orders)
      .where(and(isNotNull(column), lte(column, nowMs)))
      .orderBy(asc(column))
      .limit(BATCH);

  return {
    /** Unpaid in time: CANCELLED; a payment that comes after that is released. */
    unpaid: async (nowMs: number): Promise<number> => {
      const found = await due(orders.payByAtMs, nowMs);
      for (const { marketId, id } of found) {
        // oxlint-disable-next-line no-await-in-loop -- a sweep takes one connection
        await uow.run(async (w) => {
          const loaded = await lockOrder(w.tx, marketId, id);
          if (!loaded?.order.payByAtMs || loaded.order.payByAtMs > w.nowMs) return;
          if (nextOrderStatus(loaded, "expire", PLATFORM) !== "CANCELLED") return;
          const { eta } = await market(w.tx, marketId);
          const end = {
            status: "CANCELLED",
            type: "order.cancelled",
            reason: "The payment was not made in time",
          } as const;
          await endUndelivered(w, eta, loaded, PLATFORM, end);
        });
      }
      return found.length;
    },

    /** The restaurant did not answer: REJECTED, the money released, the customer told. */
    unconfirmed: async (nowMs: number): Promise<number> => {
      const found = await due(orders.confirmByAtMs, nowMs);
      for (const { marketId, id } of found) {
        // oxlint-disable-next-line no-await-in-loop -- a sweep takes one connection
        await uow.run(async (w) => {
          const loaded = await lockOrder(w.tx, marketId, id);
          if (!loaded?.order.confirmByAtMs || loaded.order.confirmByAtMs > w.nowMs) return;
          if (nextOrderStatus(loaded, "expire", PLATFORM) !== "REJECTED") return;
          const { eta } = await market(w.tx, marketId);
          const end = {
            status: "REJECTED",
            type: "order.rejected",
            reason: "The restaurant did not answer in time",
          } as const;
          await endUndelivered(w, eta, loaded, PLATFORM, end);
        });
      }
      return found.length;
    },

    /** Delivered long enough ago: CONCLUDED, the courier's pay booked. */
    unconcluded: async (nowMs: number): Promise<number> => {
      const found = await due(orders.concludeAtMs, nowMs);
      for (const { marketId, id } of found) {
        // oxlint-disable-next-line no-await-in-loop -- a sweep takes one connection
        await uow.run(async (w) => {
          const loaded = await lockOrder(w.tx, marketId, id);
          if (!loaded?.order.concludeAtMs || loaded.order.concludeAtMs > w.nowMs) return;
          if (nextOrderStatus(loaded, "conclude", PLATFORM) === undefined) return;
          const { eta } = await market(w.tx, marketId);
          const { price } = loaded.order;
          if (loaded.delivery?.courierId) {
            const entries = concludeEntries(price, loaded.delivery.courierId, price.deliveryMinor);
            await bookEntries(w, loaded, "conclude", `conclude/${id}`, entries);
          }
          const order = { status: "CONCLUDED", endedAtMs: w.nowMs, concludeAtMs: null } as const;
          await applyChange(w, eta, loaded, PLATFORM, { type: "order.concluded", order });
        });
      }
      return found.length;
    },

    /** Nobody answered an offer: its courier is not asked again for these deliveries, others are. */
    unanswered: async (nowMs: number): Promise<{ readonly expired: number; readonly markets: readonly string[] }> => {
      const found = await db.orm
        .select({ marketId: offers.marketId, id: offers.id, courierId: offers.courierId })
        .from(offers)
        .where(and(isOpenOffer, lte(offers.expiresAtMs, nowMs)))
        .orderBy(asc(offers.expiresAtMs))
        .limit(BATCH);
      for (const { marketId, id, courierId } of found) {
        // oxlint-disable-next-line no-await-in-loop -- a sweep takes one connection
        await uow.run(async (w) => {
          const held = await w.tx
            .select({ orderId: deliveries.orderId })
            .from(offerDeliveries)
            .innerJoin(
              deliveries,
              and(eq(deliveries.marketId, offerDeliveries.marketId), eq(deliveries.id, offerDeliveries.deliveryId)),
            )
            .where(and(eq(offerDeliveries.marketId, marketId), eq(offerDeliveries.offerId, id)));
          // Orders before couriers and offers: the one order of locks.
          await lockOrders(
            w.tx,
            marketId,
            held.map((row) => row.orderId),
          );
          await w.tx
            .select({ id: couriers.id })
            .from(couriers)
            .where(and(eq(couriers.marketId, marketId), eq(couriers.id, courierId)))
            .for("update");
          if (await closeOffer(w, marketId, id, "expired", PLATFORM)) await excludeCourier(w, marketId, id, courierId);
        });
      }
      return { expired: found.length, markets: [...new Set(found.map((row) => row.marketId))] };
    },
  };
}
