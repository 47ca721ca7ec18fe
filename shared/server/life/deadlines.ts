import { and, asc, eq, isNotNull, lte } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { couriers } from "#drizzle/schema/restaurants.ts";
import { concludeEntries } from "#shared/domain/money/ledger.ts";
import {
  concludeChange,
  LATE_ENDS,
  nextOrderStatus,
  PLATFORM,
  type UndeliveredEnd,
} from "#shared/domain/order/change.ts";
import { eachAlone } from "#shared/lib/each-alone.ts";

import type { Db } from "../db/connect.ts";
import type { UnitOfWork, Work } from "../db/unit-of-work.ts";
import type { MarketReader } from "./etas.ts";
import { applyChange, closeOffer, endUndelivered, excludeCourier } from "./life.ts";
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
 * sweepers at once, or one that comes late, do it once. What cannot be done is thrown when all the rest is. [DLN1-DLN3]
 */
export function deadlineSweeps(deps: DeadlineDeps) {
  return {
    /** Unpaid in time: CANCELLED; a payment that comes after that is released. */
    unpaid: (nowMs: number) => endLate(deps, orders.payByAtMs, nowMs, LATE_ENDS.unpaid),
    /** The restaurant did not answer: REJECTED, the money released, the customer told. */
    unconfirmed: (nowMs: number) => endLate(deps, orders.confirmByAtMs, nowMs, LATE_ENDS.unconfirmed),
    /** Delivered long enough ago: CONCLUDED, the courier's pay booked. */
    unconcluded: async (nowMs: number): Promise<void> => {
      await eachAlone(await due(deps.db, orders.concludeAtMs, nowMs), ({ marketId, id }) =>
        deps.uow.run((w) => conclude(w, deps, marketId, id)),
      );
    },
    /** Nobody answered an offer: its courier is not asked again for these deliveries, others are. */
    unanswered: (nowMs: number) => expireOffers(deps, nowMs),
  };
}

type Deadline = typeof orders.payByAtMs | typeof orders.confirmByAtMs | typeof orders.concludeAtMs;

function due(db: Db, column: Deadline, nowMs: number) {
  return db.orm
    .select({ marketId: orders.marketId, id: orders.id })
    .from(orders)
    .where(and(isNotNull(column), lte(column, nowMs)))
    .orderBy(asc(column))
    .limit(BATCH);
}

/** Ends the orders whose deadline has passed, if they still stand where it counts. */
async function endLate(
  { db, uow, market }: DeadlineDeps,
  column: Deadline,
  nowMs: number,
  end: UndeliveredEnd,
): Promise<void> {
  await eachAlone(await due(db, column, nowMs), ({ marketId, id }) =>
    uow.run(async (w) => {
      const loaded = await lockOrder(w.tx, marketId, id);
      const deadlineMs = loaded?.order.payByAtMs ?? loaded?.order.confirmByAtMs ?? null;
      if (!loaded || deadlineMs === null || deadlineMs > w.nowMs) return;
      if (nextOrderStatus(loaded, "expire", PLATFORM) !== end.status) return;
      const { eta } = await market(w.tx, marketId);
      await endUndelivered(w, eta, loaded, PLATFORM, end);
    }),
  );
}

async function conclude(w: Work, { market }: DeadlineDeps, marketId: string, orderId: string): Promise<void> {
  const loaded = await lockOrder(w.tx, marketId, orderId);
  if (!loaded?.order.concludeAtMs || loaded.order.concludeAtMs > w.nowMs) return;
  if (nextOrderStatus(loaded, "conclude", PLATFORM) === undefined) return;
  const { eta } = await market(w.tx, marketId);
  const { price } = loaded.order;
  if (loaded.delivery?.courierId) {
    const entries = concludeEntries(price, loaded.delivery.courierId, price.deliveryMinor);
    await bookEntries(w, loaded, { kind: "conclude", reference: `conclude/${orderId}`, entries });
  }
  applyChange(w, eta, loaded, PLATFORM, concludeChange(w.nowMs));
}

/** @returns the markets in which deliveries are open again */
async function expireOffers({ db, uow }: DeadlineDeps, nowMs: number): Promise<readonly string[]> {
  const found = await db.orm
    .select({ marketId: offers.marketId, id: offers.id, courierId: offers.courierId })
    .from(offers)
    .where(and(isOpenOffer, lte(offers.expiresAtMs, nowMs)))
    .orderBy(asc(offers.expiresAtMs))
    .limit(BATCH);
  await eachAlone(found, ({ marketId, id, courierId }) =>
    uow.run(async (w) => {
      await lockOfferParts(w, marketId, id, courierId);
      if (await closeOffer(w, marketId, id, "expired", PLATFORM)) await excludeCourier(w, marketId, id, courierId);
    }),
  );
  return [...new Set(found.map((row) => row.marketId))];
}

/** Orders before couriers and offers: the one order of locks. */
async function lockOfferParts(w: Work, marketId: string, offerId: string, courierId: string): Promise<void> {
  const held = await w.tx
    .select({ orderId: deliveries.orderId })
    .from(offerDeliveries)
    .innerJoin(
      deliveries,
      and(eq(deliveries.marketId, offerDeliveries.marketId), eq(deliveries.id, offerDeliveries.deliveryId)),
    )
    .where(and(eq(offerDeliveries.marketId, marketId), eq(offerDeliveries.offerId, offerId)));
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
}
