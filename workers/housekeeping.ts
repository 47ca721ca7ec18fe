import type { Db } from "#shared/server/db/connect.ts";

const DAY_MS = 24 * 3_600_000;
/** Longer than any client asks again and any provider repeats itself. */
const KEPT_MS = 7 * DAY_MS;
/** Rows deleted at a time, so that no statement takes long. */
const BATCH = 5_000;

/**
 * Forgets what nobody can ask for any more: stored answers, finished jobs, applied webhooks, sessions that are over,
 * dispatch decisions past their time. Run twice or by two workers at once it deletes once; never, the tables only grow. [JOB4]
 *
 * @param nowMs deployment time
 * @param wallNowMs sessions live in wall time
 * @param decisionsKeptMs how long dispatch decisions are kept
 */
export async function forgetOld(db: Db, nowMs: number, wallNowMs: number, decisionsKeptMs: number): Promise<void> {
  const { sql } = db;
  const [before, wallBefore] = [nowMs - KEPT_MS, wallNowMs - KEPT_MS];
  const old = [
    () => sql`delete from idempotency_keys where ctid = any(array(
      select ctid from idempotency_keys where created_at_ms < ${before} limit ${BATCH}))`,
    () => sql`delete from jobs where ctid = any(array(
      select ctid from jobs where done_at_ms < ${before} limit ${BATCH}))`,
    () => sql`delete from webhook_events where ctid = any(array(
      select ctid from webhook_events where received_at_ms < ${before} limit ${BATCH}))`,
    () => sql`delete from sessions where ctid = any(array(
      select ctid from sessions where expires_at_ms < ${wallBefore} or ended_at_ms < ${wallBefore} limit ${BATCH}))`,
    () => sql`delete from dispatch_decisions where ctid = any(array(
      select ctid from dispatch_decisions where decided_at_ms < ${nowMs - decisionsKeptMs} limit ${BATCH}))`,
  ];
  for (const remove of old) {
    // oxlint-disable-next-line no-await-in-loop -- gently, one batch after the other
    while ((await remove()).count === BATCH);
  }
}
