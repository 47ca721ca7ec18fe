import { and, desc, eq, sql } from "drizzle-orm";

import { etaChoices, etaModels } from "#drizzle/schema/eta.ts";
import { markets } from "#drizzle/schema/people.ts";
import type { EtaTrials } from "#shared/contracts/eta.ts";

import type { Db, Tx } from "../db/connect.ts";
import { MODEL_FORMAT } from "./model-format.ts";

/** Versions kept of a market, and the chosen one. */
const VERSIONS_KEPT = 20;

export interface StoredVersion {
  readonly version: number;
  readonly createdAtMs: number;
  readonly learnedUntilMs: number;
  readonly trials: EtaTrials;
}

/** Which version a market's times come from; `version` null: from the priors. */
export interface EtaChoice {
  readonly marketId: string;
  readonly timeZone: string;
  readonly version: number | null;
  readonly pinned: boolean;
}

/** Every market's choice; a market of which nothing was learned and nothing decided has none. */
export async function readChoices(tx: Tx): Promise<EtaChoice[]> {
  const { marketId, version, pinned } = etaChoices;
  return tx
    .select({ marketId, version, pinned, timeZone: markets.timeZone })
    .from(etaChoices)
    .innerJoin(markets, eq(markets.id, marketId));
}

/** The market's versions, newest first, without the models themselves. */
export async function readVersions(tx: Tx, marketId: string): Promise<StoredVersion[]> {
  const { version, createdAtMs, learnedUntilMs, trials } = etaModels;
  return tx
    .select({ version, createdAtMs, learnedUntilMs, trials })
    .from(etaModels)
    .where(eq(etaModels.marketId, marketId))
    .orderBy(desc(version));
}

/** The models of a version as they were stored; undefined when there are none that this process could read. */
export async function readModels(tx: Tx, marketId: string, version: number): Promise<unknown> {
  const [row] = await tx
    .select({ models: etaModels.models })
    .from(etaModels)
    .where(and(eq(etaModels.marketId, marketId), eq(etaModels.version, version), eq(etaModels.format, MODEL_FORMAT)));
  return row?.models;
}

export interface NewVersion extends StoredVersion {
  readonly marketId: string;
  /** As JSON. */
  readonly models: string;
}

/**
 * Writes a version down and chooses it, unless another one is pinned. Of two that were learned after the same version one is
 * written: both have the same number, and the second changes nothing. [ETA20]
 *
 * @returns whether it was written
 */
export async function addVersion(db: Db, added: NewVersion): Promise<boolean> {
  const { marketId, version, createdAtMs, learnedUntilMs, trials, models } = added;
  return db.orm.transaction(async (tx) => {
    const written = await tx
      .insert(etaModels)
      .values({
        marketId,
        version,
        createdAtMs,
        format: MODEL_FORMAT,
        learnedUntilMs,
        trials,
        models: sql`${models}::jsonb`,
      })
      .onConflictDoNothing()
      .returning({ version: etaModels.version });
    if (written.length === 0) return false;
    await tx
      .insert(etaChoices)
      .values({ marketId, version, pinned: false, chosenAtMs: createdAtMs })
      .onConflictDoUpdate({
        target: etaChoices.marketId,
        set: { version, chosenAtMs: createdAtMs },
        setWhere: eq(etaChoices.pinned, false),
      });
    await tx
      .delete(etaModels)
      .where(
        and(
          eq(etaModels.marketId, marketId),
          sql`${etaModels.version} <= ${version - VERSIONS_KEPT}`,
          sql`${etaModels.version} is distinct from (select version from eta_choices where market_id = ${marketId})`,
        ),
      );
    return true;
  });
}

/** What an operator may decide. */
export type Decision =
  /** This version, whatever is learned later. */
  | { readonly use: number }
  /** The priors, whatever is learned later. */
  | { readonly use: "none" }
  /** Whatever was learned last, from now on. */
  | { readonly use: "newest" };

/**
 * Decides which version a market's times come from; every hub and worker goes by it within seconds. [ETA21]
 *
 * @returns whether there is such a version
 */
export async function choose(db: Db, marketId: string, decision: Decision, nowMs: number): Promise<boolean> {
  const versions = await readVersions(db.orm, marketId);
  const newest = versions[0]?.version ?? null;
  const wanted = decision.use === "none" ? null : decision.use === "newest" ? newest : decision.use;
  if (wanted !== null && !versions.some(({ version }) => version === wanted)) return false;
  const chosen = { version: wanted, pinned: decision.use !== "newest", chosenAtMs: nowMs };
  await db.orm
    .insert(etaChoices)
    .values({ marketId, ...chosen })
    .onConflictDoUpdate({ target: etaChoices.marketId, set: chosen });
  return true;
}
