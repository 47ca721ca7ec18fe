import type { EtaPriors } from "#shared/domain/eta/parts.ts";
import { FEWEST_OUTCOMES } from "#shared/domain/eta/learned/part-model.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { newestDelivered, readFinishedOrders } from "#shared/server/eta/finished-orders.ts";
import { etaVersions } from "#shared/server/eta/model-store.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";
import type { Log } from "#shared/server/log.ts";

import { learnInThread } from "./learn-in-thread.ts";

export interface LearnDeps {
  readonly db: Db;
  readonly market: MarketReader;
  readonly priors: EtaPriors;
  readonly log: Pick<Log, "info">;
}

/** The newest orders that a version is learned from: what a thread of some seconds and 100 MB can take. */
const LEARNED_FROM = 10_000;
/** A version that knows fewer new orders than this share of the old ones would say the same. */
const WORTH_SHARE = 0.05;

/**
 * Learns a new version of the market's times from its own newest delivered orders, once there are enough that the newest
 * version does not know. Run twice it makes one version: the second finds nothing new. Run by two workers at once it makes
 * one too: both number theirs after the same one, and the store takes the first. [ETA17, ETA20]
 *
 * @returns the version that was made, if one was
 */
export async function learnEtas(deps: LearnDeps, marketId: string, nowMs: number): Promise<number | undefined> {
  const { db, market, priors, log } = deps;
  const [newest] = await etaVersions.readVersions(db.orm, marketId);
  const delivered = await newestDelivered(db, marketId, LEARNED_FROM);
  const untold = delivered.filter(({ deliveredAtMs }) => deliveredAtMs > (newest?.learnedUntilMs ?? 0));
  if (untold.length < Math.max(FEWEST_OUTCOMES, delivered.length * WORTH_SHARE)) return undefined;
  const { router, timeZone } = await market(db.orm, marketId);
  const orders = await readFinishedOrders(
    db,
    marketId,
    delivered.map(({ id }) => id),
    router,
  );
  const { trials, models } = await learnInThread(orders, { priors, timeZone });
  const version = (newest?.version ?? 0) + 1;
  const learnedUntilMs = Math.max(...delivered.map(({ deliveredAtMs }) => deliveredAtMs));
  const isNew = await etaVersions.addVersion(db, {
    marketId,
    version,
    createdAtMs: nowMs,
    learnedUntilMs,
    trials,
    models,
  });
  if (!isNew) return undefined;
  log.info({ marketId, version, ...trials }, "learned the market's times");
  return version;
}
