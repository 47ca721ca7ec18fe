import { markets } from "#drizzle/schema/people.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { eachAlone } from "#shared/lib/each-alone.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { deadlineSweeps } from "#shared/server/life/deadlines.ts";
import type { Settle } from "#shared/server/life/settle.ts";
import type { Log } from "#shared/server/log.ts";

import { overdueJobs, putOff, unsettledPayments } from "./jobs/overdue.ts";

export interface SweepDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly sweeps: ReturnType<typeof deadlineSweeps>;
  readonly runJob: (marketId: string, id: string) => Promise<void>;
  readonly settle: Settle;
  readonly hintRound: (marketId: string) => void;
  readonly log: Pick<Log, "warn">;
}

/**
 * The guarantee behind every hint: deadlines that have passed, and jobs that nobody brought to an end. What one of them cannot
 * do keeps none of the others waiting. [DLN3]
 *
 * @throws {AggregateError} at the end, with what failed
 */
export async function sweep({ db, clock, sweeps, runJob, hintRound }: SweepDeps): Promise<void> {
  const nowMs = clock.nowMs();
  const steps = [
    () => sweeps.unpaid(nowMs),
    () => sweeps.unconfirmed(nowMs),
    async () => {
      for (const marketId of await sweeps.unanswered(nowMs)) hintRound(marketId);
    },
    () => sweeps.unconcluded(nowMs),
    async () => {
      const overdue = await overdueJobs(db, nowMs);
      await Promise.all(overdue.map(({ marketId, id }) => runJob(marketId, id)));
    },
  ];
  await eachAlone(steps, (step) => step());
}

/** Looks at the provider for payments that have stood still. One that cannot be settled goes to the end of the queue. [DLN4] */
export async function reconcile(deps: SweepDeps, olderThanMs: number): Promise<void> {
  const standing = await unsettledPayments(deps.db, deps.clock.nowMs(), olderThanMs);
  for (const { marketId, orderId } of standing) {
    // oxlint-disable-next-line no-await-in-loop -- the provider is asked gently
    await deps.settle(marketId, orderId).catch((error: unknown) => {
      deps.log.warn({ error, orderId }, "not settled; asked again later");
      return putOff(deps.db, marketId, orderId, deps.clock.nowMs());
    });
  }
}

export async function marketIds(db: Db): Promise<string[]> {
  return (await db.orm.select({ id: markets.id }).from(markets)).map((row) => row.id);
}
