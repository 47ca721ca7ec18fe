import { and, desc, eq, gte, inArray, isNotNull, sql } from "drizzle-orm";

import { orderEvents } from "#drizzle/schema/events.ts";
import { orders } from "#drizzle/schema/orders.ts";
import type { DeliveryStatus } from "#shared/contracts/states.ts";
import { promiseStage, undeliveredOf, type KeptPromise, type Undelivered } from "#shared/domain/eta/promises.ts";

import type { Tx } from "../db/connect.ts";

/**
 * What the customers of the last delivered orders were told, and when the food came. The promise of the order stands in its
 * row; every later time stands in the event that told it, so the events are the ledger and nothing is written twice. [ETA10]
 */
export async function keptPromises(
  tx: Tx,
  marketId: string,
  lastOrders: number,
): Promise<{ readonly orders: number; readonly promises: KeptPromise[]; readonly undelivered: Undelivered }> {
  const delivered = await tx
    .select({
      id: orders.id,
      deliveredAtMs: orders.deliveredAtMs,
      p50AtMs: orders.promisedP50AtMs,
      p90AtMs: orders.promisedP90AtMs,
    })
    .from(orders)
    .where(and(eq(orders.marketId, marketId), eq(orders.kind, "delivery"), isNotNull(orders.deliveredAtMs)))
    .orderBy(desc(orders.id))
    .limit(lastOrders);
  const undelivered = await endedUndelivered(tx, marketId, delivered.at(-1)?.id, lastOrders);
  if (delivered.length === 0) return { orders: 0, promises: [], undelivered };
  const cameAtMs = new Map(delivered.map(({ id, deliveredAtMs }) => [id, deliveredAtMs ?? 0]));
  const told = await toldOf(tx, marketId, [...cameAtMs.keys()]);
  const first = delivered.flatMap(({ id, p50AtMs, p90AtMs }): KeptPromise[] =>
    p50AtMs === null || p90AtMs === null
      ? []
      : [{ stage: "order", p50AtMs, p90AtMs, deliveredAtMs: cameAtMs.get(id) ?? 0 }],
  );
  const later = told.flatMap(({ orderId, p50AtMs, p90AtMs, deliveryStatus, atMs }): KeptPromise[] => {
    const deliveredAtMs = cameAtMs.get(orderId ?? "") ?? 0;
    return atMs >= deliveredAtMs
      ? []
      : [{ stage: promiseStage(deliveryStatus), p50AtMs: Number(p50AtMs), p90AtMs: Number(p90AtMs), deliveredAtMs }];
  });
  return { orders: delivered.length, promises: [...first, ...later], undelivered };
}

/** Those that were paid, promised a time and cancelled, of as long as the delivered ones are of. */
async function endedUndelivered(
  tx: Tx,
  marketId: string,
  sinceId: string | undefined,
  most: number,
): Promise<Undelivered> {
  const rows = await tx
    .select({ p90AtMs: orders.promisedP90AtMs, endedAtMs: orders.endedAtMs })
    .from(orders)
    .where(
      and(
        eq(orders.marketId, marketId),
        eq(orders.kind, "delivery"),
        eq(orders.status, "CANCELLED"),
        isNotNull(orders.createdAtMs),
        sinceId === undefined ? undefined : gte(orders.id, sinceId),
      ),
    )
    .orderBy(desc(orders.id))
    .limit(most);
  return undeliveredOf(
    rows.flatMap(({ p90AtMs, endedAtMs }) => (p90AtMs === null || endedAtMs === null ? [] : [{ p90AtMs, endedAtMs }])),
  );
}

async function toldOf(tx: Tx, marketId: string, orderIds: readonly string[]) {
  const order = sql`${orderEvents.payload}->'order'`;
  const p50AtMs = sql<string>`${order}->'eta'->>'p50AtMs'`;
  return tx
    .select({
      orderId: orderEvents.orderId,
      atMs: orderEvents.atMs,
      p50AtMs,
      p90AtMs: sql<string>`${order}->'eta'->>'p90AtMs'`,
      deliveryStatus: sql<DeliveryStatus | null>`${order}->'delivery'->>'status'`,
    })
    .from(orderEvents)
    .where(
      and(
        eq(orderEvents.marketId, marketId),
        inArray(orderEvents.orderId, [...orderIds]),
        isNotNull(orderEvents.orderSeq),
        sql`${p50AtMs} is not null`,
      ),
    );
}
