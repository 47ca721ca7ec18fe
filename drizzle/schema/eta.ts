import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, integer, jsonb, pgTable, primaryKey } from "drizzle-orm/pg-core";

import type { EtaTrials } from "#shared/contracts/eta.ts";

import { atMs, marketId } from "./columns.ts";
import { markets } from "./people.ts";

/** What was learned of a market's times, version by version; never changed once it is there. */
export const etaModels = pgTable(
  "eta_models",
  {
    marketId: marketId().references(() => markets.id),
    version: integer("version").notNull(),
    createdAtMs: atMs("created_at_ms").notNull(),
    /** Of this form of the models; another one is not read. */
    format: integer("format").notNull(),
    /** When the newest order that it was learned from was delivered. */
    learnedUntilMs: atMs("learned_until_ms").notNull(),
    /** Orders and outcomes that it was learned from, and its error on held-out ones against the priors'. */
    trials: jsonb("trials").$type<EtaTrials>().notNull(),
    models: jsonb("models").$type<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.marketId, t.version] }), check("eta_models_version", sql`${t.version} > 0`)],
);

/** Which version a market's times come from. Null: from the priors. Pinned: what is learned later does not take its place. */
export const etaChoices = pgTable(
  "eta_choices",
  {
    marketId: marketId()
      .primaryKey()
      .references(() => markets.id),
    version: integer("version"),
    pinned: boolean("pinned").notNull(),
    chosenAtMs: atMs("chosen_at_ms").notNull(),
  },
  (t) => [foreignKey({ columns: [t.marketId, t.version], foreignColumns: [etaModels.marketId, etaModels.version] })],
);
