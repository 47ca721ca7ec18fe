import { FEWEST_ANSWERS, learnRefusals } from "#shared/domain/dispatch/refusals/learn-refusals.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { ANSWERS_AT_MOST, ANSWERS_OF_MS, readAnswers } from "#shared/server/dispatch/answers.ts";
import { refusalVersions } from "#shared/server/dispatch/refusals.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";
import type { Log } from "#shared/server/log.ts";

export interface LearnRefusalsDeps {
  readonly db: Db;
  readonly market: MarketReader;
  readonly log: Pick<Log, "info">;
}

/** A version that knows fewer new answers than this share of the old ones would say the same. */
const WORTH_SHARE = 0.05;

/**
 * Learns a new version of how a market's couriers answer offers, once there are enough answers that the newest version does not
 * know. Run twice, or by two workers at once, it makes one version. [DSP34]
 *
 * @returns the version that was made, if one was
 */
export async function learnRefusalsOf(
  { db, market, log }: LearnRefusalsDeps,
  marketId: string,
  nowMs: number,
): Promise<number | undefined> {
  const [newest] = await refusalVersions.readVersions(db.orm, marketId);
  const which = { fromMs: nowMs - ANSWERS_OF_MS, beforeMs: nowMs, most: ANSWERS_AT_MOST };
  const answers = await readAnswers(db, marketId, which);
  const answeredAt = answers.map(({ offeredAtMs, afterMs }) => offeredAtMs + afterMs);
  const untold = answeredAt.filter((atMs) => atMs > (newest?.learnedUntilMs ?? 0)).length;
  if (untold < Math.max(FEWEST_ANSWERS, answers.length * WORTH_SHARE)) return undefined;
  const { localClock } = await market(db.orm, marketId);
  const learned = learnRefusals(answers, localClock);
  if (!learned) return undefined;
  const version = (newest?.version ?? 0) + 1;
  const isNew = await refusalVersions.addVersion(db, {
    marketId,
    version,
    createdAtMs: nowMs,
    learnedUntilMs: answeredAt.reduce((latest, atMs) => Math.max(latest, atMs), 0),
    trials: learned.trial,
    models: JSON.stringify(learned.model),
  });
  if (!isNew) return undefined;
  log.info({ marketId, version, ...learned.trial }, "learned how couriers answer offers");
  return version;
}
