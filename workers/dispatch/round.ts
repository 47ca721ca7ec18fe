import { and, eq, lte, sql } from "drizzle-orm";

import { markets } from "#drizzle/schema/people.ts";
import { askForRound } from "#shared/domain/dispatch/ask-ahead.ts";
import { decide } from "#shared/domain/dispatch/decision/decision-record.ts";
import { hourOf, withRefusals } from "#shared/domain/dispatch/refusals/refusal-model.ts";
import type { RoundSettings } from "#shared/domain/dispatch/round.ts";
import { makeLocalClock } from "#shared/domain/restaurant/opening-hours.ts";
import { eachAlone } from "#shared/lib/each-alone.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { UnitOfWork } from "#shared/server/db/unit-of-work.ts";
import type { RefusalsOf } from "#shared/server/dispatch/refusals.ts";
import { keepDecision } from "#shared/server/life/decisions.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";
import type { Log } from "#shared/server/log.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import { gatherRound } from "./gather.ts";
import { makeOffer } from "./make-offer.ts";

export interface RoundDeps {
  readonly db: Db;
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  readonly market: MarketReader;
  readonly positions: LastPositions;
  readonly refusals: RefusalsOf;
  readonly settings: RoundSettings;
  /** How long a courier may think, deployment ms. */
  readonly offerLifeMs: number;
  readonly log: Pick<Log, "debug" | "info">;
}

/**
 * One dispatch round of a market, if the newest is at least `minGapMs` old. Taking the round's number is one statement, so of
 * several workers one gets it; a worker that is slow loses its number to the next, and its offers are refused. Safe to run
 * twice, at once or late: only the newest round offers. What was decided, by what, is kept. [DSP15, DSP22]
 *
 * @returns how many offers were made, or undefined when it was not time
 */
export async function runRound(deps: RoundDeps, marketId: string, minGapMs: number): Promise<number | undefined> {
  const { db, uow, clock, settings } = deps;
  const nowMs = clock.nowMs();
  const [taken] = await db.orm
    .update(markets)
    .set({ dispatchRound: sql`${markets.dispatchRound} + 1`, dispatchRoundAtMs: nowMs })
    .where(and(eq(markets.id, marketId), lte(markets.dispatchRoundAtMs, nowMs - minGapMs)))
    .returning({ round: markets.dispatchRound });
  if (!taken) return undefined;
  const { router, timeZone } = await deps.market(db.orm, marketId);
  const gathered = await gatherRound(db.orm, deps.positions, marketId, nowMs, router, settings);
  if (gathered.deliveries.length === 0) return 0;
  const hour = hourOf(makeLocalClock(timeZone)(nowMs));
  const couriers = withRefusals(gathered.couriers, await deps.refusals(db.orm, marketId), hour);
  const known = { ...gathered, couriers };
  await askForRound(router, known);
  const record = decide({ nowMs, ...known, router }, settings);
  const { plan } = record;
  // First of all: no offer names a decision that is not kept.
  const decisionId = await keepDecision(db.orm, marketId, taken.round, record);
  let made = 0;
  await eachAlone(plan.commits, async (commit) => {
    if (await makeOffer(uow, { marketId, round: taken.round, decisionId, plan }, commit, deps.offerLifeMs)) made++;
  });
  deps.log.debug(
    {
      marketId,
      round: taken.round,
      open: known.deliveries.length,
      couriers: known.couriers.length,
      made,
      ms: clock.nowMs() - nowMs,
    },
    "round",
  );
  return made;
}
