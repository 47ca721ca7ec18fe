import { and, eq, lte, sql } from "drizzle-orm";

import { markets } from "#drizzle/schema/people.ts";
import { askForRound } from "#shared/domain/dispatch/ask-ahead.ts";
import { decide } from "#shared/domain/dispatch/decision/decision-record.ts";
import { hourOf, withRefusals } from "#shared/domain/dispatch/refusals/refusal-model.ts";
import type { RoundSettings } from "#shared/domain/dispatch/round.ts";
import { PLATFORM } from "#shared/domain/order/change.ts";
import { eachAlone } from "#shared/lib/each-alone.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { UnitOfWork } from "#shared/server/db/unit-of-work.ts";
import type { RefusalsOf } from "#shared/server/dispatch/refusals.ts";
import { keepDecision } from "#shared/server/life/decisions.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";
import { endSuggestion } from "#shared/server/life/suggestions.ts";
import type { Log } from "#shared/server/log.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import { gatherRound } from "./gather.ts";
import { makeOffer } from "./make-offer.ts";
import { makeSuggestion } from "./make-suggestion.ts";

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
 * twice, at once or late: only the newest round offers. What was decided, by what, is kept. Once in a while, also when nothing is
 * open, it looks where idle couriers should wait and tells them. [DSP15, DSP22, DSP28]
 *
 * @returns how many offers were made, or undefined when it was not time
 */
export async function runRound(deps: RoundDeps, marketId: string, minGapMs: number): Promise<number | undefined> {
  const { db, uow, clock, settings } = deps;
  const nowMs = clock.nowMs();
  const taken = await takeRound(deps, marketId, nowMs, minGapMs);
  if (!taken) return undefined;
  const market = await deps.market(db.orm, marketId);
  const asked = { market, nowMs, settings, looksForMoves: taken.looksForMoves };
  const { known: gathered, arrived } = await gatherRound(db.orm, deps.positions, asked);
  const ended = eachAlone(arrived, ({ courierId: id, suggestionId }) =>
    uow.run((w) => endSuggestion(w, { marketId, id }, "arrived", PLATFORM, suggestionId)),
  );
  // Advice holds up no offer: the next look ends what this one could not.
  await ended.catch((error: unknown) => deps.log.info({ error, marketId }, "a suggestion was not ended"));
  if (gathered.deliveries.length === 0 && !gathered.demand) return 0;
  const hour = hourOf(market.localClock(nowMs));
  const couriers = withRefusals(gathered.couriers, await deps.refusals(db.orm, marketId), hour);
  const known = { ...gathered, couriers };
  await askForRound(market.router, known);
  const record = decide({ nowMs, ...known, router: market.router }, settings);
  const { plan } = record;
  if (known.deliveries.length === 0 && plan.moves.length === 0) return 0;
  // First of all: no offer names a decision that is not kept.
  const decisionId = await keepDecision(db.orm, marketId, taken.round, record);
  const of = { marketId, round: taken.round, decisionId, plan };
  let made = 0;
  await eachAlone(plan.commits, async (commit) => {
    if (await makeOffer(uow, of, commit, deps.offerLifeMs)) made++;
  });
  await eachAlone(plan.moves, (move) => makeSuggestion(uow, of, move));
  deps.log.debug(
    {
      marketId,
      round: taken.round,
      open: known.deliveries.length,
      couriers: known.couriers.length,
      made,
      moves: plan.moves.length,
      ms: clock.nowMs() - nowMs,
    },
    "round",
  );
  return made;
}

/** Takes the market's next round, and with it the look for moves when it is time for one: of several workers one. */
async function takeRound(
  { db, settings }: RoundDeps,
  marketId: string,
  nowMs: number,
  minGapMs: number,
): Promise<{ readonly round: number; readonly looksForMoves: boolean } | undefined> {
  const { everyMs, perRound } = settings.moves;
  const lookedBeforeMs = perRound > 0 ? nowMs - everyMs : -1;
  const [taken] = await db.orm
    .update(markets)
    .set({
      dispatchRound: sql`${markets.dispatchRound} + 1`,
      dispatchRoundAtMs: nowMs,
      movesAtMs: sql`case when ${markets.movesAtMs} <= ${lookedBeforeMs}::bigint then ${nowMs}::bigint else ${markets.movesAtMs} end`,
    })
    .where(and(eq(markets.id, marketId), lte(markets.dispatchRoundAtMs, nowMs - minGapMs)))
    .returning({ round: markets.dispatchRound, movesBeforeMs: sql`old.moves_at_ms`.mapWith(Number) });
  return taken && { round: taken.round, looksForMoves: taken.movesBeforeMs <= lookedBeforeMs };
}
