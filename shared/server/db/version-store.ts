import { and, desc, eq, sql } from "drizzle-orm";

import { markets } from "#drizzle/schema/people.ts";
import type { choiceTable, learnedTable } from "#drizzle/schema/versions.ts";

import type { Db, Tx } from "./connect.ts";

/** Versions kept of a market, and the chosen one. */
const VERSIONS_KEPT = 20;

export interface StoredVersion {
  readonly version: number;
  readonly createdAtMs: number;
  readonly learnedUntilMs: number;
  /** As it was stored. */
  readonly trials: Readonly<Record<string, unknown>>;
}

/** Which version is in force in a market; `version` null: none. */
export interface Choice {
  readonly marketId: string;
  readonly timeZone: string;
  readonly version: number | null;
  readonly pinned: boolean;
}

export interface NewVersion extends Omit<StoredVersion, "trials"> {
  readonly marketId: string;
  readonly trials: object;
  /** As JSON. */
  readonly models: string;
}

/** What an operator may decide. */
export type Decision =
  /** This version, whatever is learned later. */
  | { readonly use: number }
  /** None, whatever is learned later. */
  | { readonly use: "none" }
  /** Whatever was learned last, from now on. */
  | { readonly use: "newest" };

/** What was learned of markets, in versions that never change, and which of them is in force. */
export interface VersionStore {
  /** Every market's choice, or one market's; a market of which nothing was learned and nothing decided has none. */
  readChoices(tx: Tx, marketId?: string): Promise<Choice[]>;
  /** The market's versions, newest first, without the models themselves. */
  readVersions(tx: Tx, marketId: string): Promise<StoredVersion[]>;
  /** The models of a version as they were stored; undefined when there are none that this process could read. */
  readModels(tx: Tx, marketId: string, version: number): Promise<unknown>;
  /**
   * Writes a version down and chooses it, unless another one is pinned. Of two that were learned after the same version one is
   * written: both have the same number, and the second changes nothing. [ETA20]
   *
   * @returns whether it was written
   */
  addVersion(db: Db, added: NewVersion): Promise<boolean>;
  /**
   * Decides which version is in force; every process goes by it within seconds. [ETA21]
   *
   * @returns whether there is such a version
   */
  choose(db: Db, marketId: string, decision: Decision, nowMs: number): Promise<boolean>;
}

export interface VersionTables {
  readonly learned: ReturnType<typeof learnedTable>;
  readonly choices: ReturnType<typeof choiceTable>;
  /** Of the models that this process writes and can read. */
  readonly format: number;
}

export function makeVersionStore(tables: VersionTables): VersionStore {
  const { learned, choices, format } = tables;
  const readVersions: VersionStore["readVersions"] = (tx, marketId) =>
    tx
      .select({
        version: learned.version,
        createdAtMs: learned.createdAtMs,
        learnedUntilMs: learned.learnedUntilMs,
        trials: learned.trials,
      })
      .from(learned)
      .where(eq(learned.marketId, marketId))
      .orderBy(desc(learned.version));

  return {
    readVersions,
    readChoices: (tx, marketId) =>
      tx
        .select({
          marketId: choices.marketId,
          version: choices.version,
          pinned: choices.pinned,
          timeZone: markets.timeZone,
        })
        .from(choices)
        .innerJoin(markets, eq(markets.id, choices.marketId))
        .where(marketId === undefined ? undefined : eq(choices.marketId, marketId)),
    readModels: async (tx, marketId, version) => {
      const [row] = await tx
        .select({ models: learned.models })
        .from(learned)
        .where(and(eq(learned.marketId, marketId), eq(learned.version, version), eq(learned.format, format)));
      return row?.models;
    },
    addVersion: (db, added) => db.orm.transaction((tx) => addVersion(tx, tables, added)),
    choose: async (db, marketId, decision, nowMs) => {
      const versions = await readVersions(db.orm, marketId);
      const newest = versions[0]?.version ?? null;
      const wanted = decision.use === "none" ? null : decision.use === "newest" ? newest : decision.use;
      if (wanted !== null && !versions.some(({ version }) => version === wanted)) return false;
      const chosen = { version: wanted, pinned: decision.use !== "newest", chosenAtMs: nowMs };
      await db.orm
        .insert(choices)
        .values({ marketId, ...chosen })
        .onConflictDoUpdate({ target: choices.marketId, set: chosen });
      return true;
    },
  };
}

async function addVersion(tx: Tx, { learned, choices, format }: VersionTables, added: NewVersion): Promise<boolean> {
  const { marketId, version, createdAtMs, learnedUntilMs, trials, models } = added;
  const written = await tx
    .insert(learned)
    .values({
      marketId,
      version,
      createdAtMs,
      format,
      learnedUntilMs,
      trials: { ...trials },
      models: sql`${models}::jsonb`,
    })
    .onConflictDoNothing()
    .returning({ version: learned.version });
  if (written.length === 0) return false;
  await tx
    .insert(choices)
    .values({ marketId, version, pinned: false, chosenAtMs: createdAtMs })
    .onConflictDoUpdate({
      target: choices.marketId,
      set: { version, chosenAtMs: createdAtMs },
      setWhere: eq(choices.pinned, false),
    });
  await tx
    .delete(learned)
    .where(
      and(
        eq(learned.marketId, marketId),
        sql`${learned.version} <= ${version - VERSIONS_KEPT}`,
        sql`${learned.version} is distinct from (select version from ${choices} where market_id = ${marketId})`,
      ),
    );
  return true;
}
