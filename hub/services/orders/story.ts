import { and, asc, eq, getTableColumns, isNotNull } from "drizzle-orm";

import { orderEvents } from "#drizzle/schema/events.ts";
import { ledgerEntries, ledgerTransactions } from "#drizzle/schema/money.ts";
import type { BlackBox } from "#shared/contracts/black-box.ts";
import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { Tx } from "#shared/server/db/connect.ts";

const { xid: _xid, ...EVENT } = getTableColumns(orderEvents);

/** The events of the order's stream, oldest first. */
export function eventsOf(tx: Tx, marketId: string, orderId: string): Promise<StoredEvent[]> {
  return tx
    .select(EVENT)
    .from(orderEvents)
    .where(and(eq(orderEvents.marketId, marketId), eq(orderEvents.orderId, orderId), isNotNull(orderEvents.orderSeq)))
    .orderBy(asc(orderEvents.orderSeq));
}

/** An event as the office reads it, uncut. */
export function storyRow({ id, orderSeq, type, atMs, actorRole, payload }: StoredEvent): BlackBox["story"][number] {
  return { id, seq: orderSeq ?? 0, type, atMs, actorRole, payload };
}

/** The money that moved for the order, oldest first. */
export async function ledgerOf(tx: Tx, marketId: string, orderId: string): Promise<BlackBox["ledger"]> {
  return tx
    .select({
      reference: ledgerTransactions.reference,
      account: ledgerEntries.account,
      amountMinor: ledgerEntries.amountMinor,
      currency: ledgerEntries.currency,
      atMs: ledgerTransactions.atMs,
    })
    .from(ledgerTransactions)
    .innerJoin(
      ledgerEntries,
      and(
        eq(ledgerEntries.marketId, ledgerTransactions.marketId),
        eq(ledgerEntries.transactionId, ledgerTransactions.id),
      ),
    )
    .where(and(eq(ledgerTransactions.marketId, marketId), eq(ledgerTransactions.orderId, orderId)))
    .orderBy(asc(ledgerTransactions.atMs), asc(ledgerTransactions.id), asc(ledgerEntries.position));
}
