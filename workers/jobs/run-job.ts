import { and, eq, isNull, lte, sql } from "drizzle-orm";

import { jobs } from "#drizzle/schema/jobs.ts";
import { JOBS, type JobName, type JobPayload } from "#shared/contracts/jobs.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { jobDone, type Work } from "#shared/server/db/unit-of-work.ts";
import type { Log } from "#shared/server/log.ts";

/** A handler calls `finish` in the transaction of its effect. */
export type JobHandlers = {
  readonly [N in JobName]: (payload: JobPayload<N>, finish: (w: Work) => Promise<void>) => Promise<void>;
};

export interface JobDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly handlers: JobHandlers;
  readonly log: Pick<Log, "error" | "warn">;
}

type JobRow = typeof jobs.$inferSelect;

/** The longest that a failing job waits for its next try, deployment ms. */
const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * Runs an owed job if it is due. Taking it is one statement that puts its next try off, so that a hint and the sweeper, or
 * two sweepers, rarely run it at once, and a worker that dies with it loses only that wait. Handlers bear running twice
 * all the same. [JOB1-JOB3]
 */
export function makeRunJob(deps: JobDeps) {
  const { db, clock, handlers, log } = deps;

  async function take(marketId: string, id: string): Promise<JobRow | undefined> {
    const nowMs = clock.nowMs();
    const [row] = await db.orm
      .update(jobs)
      .set({
        attempts: sql`${jobs.attempts} + 1`,
        runAtMs: sql`${nowMs}::bigint + least(${LONGEST_WAIT_MS}::bigint, 5000 * power(2, least(${jobs.attempts}, 10))::bigint)`,
      })
      .where(and(eq(jobs.marketId, marketId), eq(jobs.id, id), isNull(jobs.doneAtMs), lte(jobs.runAtMs, nowMs)))
      .returning();
    return row;
  }

  async function run(marketId: string, id: string): Promise<void> {
    const row = await take(marketId, id);
    if (!row) return;
    if (!isJobName(row.name)) {
      log.error({ job: row.name, id }, "a job that this version does not know");
      return;
    }
    const parsed = JOBS[row.name].payload.safeParse(row.payload);
    if (!parsed.success) {
      await giveUp(row, parsed.error.message);
      return;
    }
    try {
      await handlers[row.name](parsed.data, async (w) => void (await jobDone(w.tx, marketId, id, w.nowMs)));
    } catch (error) {
      const { attempts } = row;
      log[attempts > JOBS[row.name].attempts ? "error" : "warn"](
        { error, job: row.name, id, attempts },
        "job failed; it is tried again",
      );
    }
  }

  /** A payload that cannot be read will not be readable tomorrow. */
  async function giveUp(row: JobRow, why: string): Promise<void> {
    log.error({ job: row.name, id: row.id, why }, "job given up");
    await db.orm
      .update(jobs)
      .set({ doneAtMs: clock.nowMs(), failedReason: why })
      .where(and(eq(jobs.marketId, row.marketId), eq(jobs.id, row.id)));
  }

  return run;
}

function isJobName(name: string): name is JobName {
  return name in JOBS;
}
