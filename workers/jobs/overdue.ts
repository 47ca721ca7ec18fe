import { and, asc, eq, isNull, lte } from "drizzle-orm";

import { jobs } from "#drizzle/schema/jobs.ts";
import { payments } from "#drizzle/schema/money.ts";
import { isUnsettled } from "#shared/server/life/literals.ts";
import type { Db } from "#shared/server/db/connect.ts";

/** A hint has this long to do its work before the sweeper looks, deployment ms. */
const GRACE_MS = 2_000;

/** Jobs that are due and that no hint has brought to an end. */
export function overdueJobs(db: Db, nowMs: number) {
  return db.orm
    .select({ marketId: jobs.marketId, id: jobs.id })
    .from(jobs)
    .where(and(isNull(jobs.doneAtMs), lte(jobs.runAtMs, nowMs - GRACE_MS)))
    .orderBy(asc(jobs.runAtMs))
    .limit(50);
}

/**
 * Payments that have stood for a while where they should not stay: begun and not paid, or authorised and not captured. A
 * lost webhook, a customer who closed the page, a provider that was away: one look at the provider settles each.
 *
 * @param olderThanMs deployment ms since the row last changed
 */
export function unsettledPayments(db: Db, nowMs: number, olderThanMs: number) {
  return db.orm
    .select({ marketId: payments.marketId, orderId: payments.orderId })
    .from(payments)
    .where(and(isUnsettled, lte(payments.updatedAtMs, nowMs - olderThanMs)))
    .orderBy(asc(payments.updatedAtMs))
    .limit(20);
}

/** A payment that could not be settled is looked at again after the others. */
export async function putOff(db: Db, marketId: string, orderId: string, nowMs: number): Promise<void> {
  await db.orm
    .update(payments)
    .set({ updatedAtMs: nowMs })
    .where(and(eq(payments.marketId, marketId), eq(payments.orderId, orderId)));
}
