import { markets } from "#drizzle/schema/people.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { deadlineSweeps } from "#shared/server/life/deadlines.ts";
import type { Settle } from "#shared/server/life/settle.ts";
import type { Log } from "#shared/server/log.ts";

import { overdueJobs, unsettledPayments } from "./jobs/overdue.ts";

export interface SweepDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly sweeps: ReturnType<typeof deadlineSweeps>;
  readonly runJob: (marketId: string, id: string) => Promise<void>;
  readonly settle: Settle;
  readonly hintRound: (marketId: string) => void;
  readonly log: Pick<Log, "warn">;
}

/** The guarantee behind every hint: deadlines that have passed, and jobs that nobody brought to an end. */
export async function sweep(deps: SweepDeps): Promise<void> {
  const nowMs = deps.clock.nowMs();
  await deps.sweeps.unpaid(nowMs);
  await deps.sweeps.unconfirmed(nowMs);
  for (const marketId of await deps.sweeps.unanswered(nowMs)) deps.hintRound(marketId);
  await deps.sweeps.unconcluded(nowMs);
  const overdue = await overdueJobs(deps.db, nowMs);
  await Promise.all(overdue.map(({ marketId, id }) => deps.runJob(marketId, id)));
}

/** Looks at the provider for payments that have stood still. */
export async function reconcile(deps: SweepDeps, olderThanMs: number): Promise<void> {
  const standing = await unsettledPayments(deps.db, deps.clock.nowMs(), olderThanMs);
  for (const { marketId, orderId } of standing) {
    // oxlint-disable-next-line no-await-in-loop -- the provider is asked gently
    await deps
      .settle(marketId, orderId)
      .catch((error: unknown) => deps.log.warn({ error, orderId }, "not settled; asked again later"));
  }
}

export async function marketIds(db: Db): Promise<string[]> {
  return (await db.orm.select({ id: markets.id }).from(markets)).map((row) => row.id);
}
