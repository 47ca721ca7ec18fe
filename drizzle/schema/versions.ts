import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, integer, jsonb, pgTable, primaryKey } from "drizzle-orm/pg-core";

import { atMs, marketId } from "./columns.ts";
import { markets } from "./people.ts";

/** What was learned of each market, version by version; never changed once it is there. */
export function learnedTable(name: string) {
  return pgTable(
    name,
    {
      marketId: marketId().references(() => markets.id),
      version: integer("version").notNull(),
      createdAtMs: atMs("created_at_ms").notNull(),
      /** Of this form of the models; another one is not read. */
      format: integer("format").notNull(),
      /** The newest moment that it was learned from. */
      learnedUntilMs: atMs("learned_until_ms").notNull(),
      /** What it was learned from, and its error on held-out outcomes beside that of knowing less. */
      trials: jsonb("trials").$type<Readonly<Record<string, unknown>>>().notNull(),
      models: jsonb("models").$type<Record<string, unknown>>().notNull(),
    },
    (t) => [primaryKey({ columns: [t.marketId, t.version] }), check(`${name}_version`, sql`${t.version} > 0`)],
  );
}

/**
 * Which version of it is in force in each market. Null: none. Pinned: what is learned later does not take its place.
 *
 * @param key the name of its foreign key to the versions; Postgres cuts names of over 63 characters
 */
export function choiceTable(name: string, learned: ReturnType<typeof learnedTable>, key: string) {
  return pgTable(
    name,
    {
      marketId: marketId()
        .primaryKey()
        .references(() => markets.id),
      version: integer("version"),
      pinned: boolean("pinned").notNull(),
      chosenAtMs: atMs("chosen_at_ms").notNull(),
    },
    (t) => [
      foreignKey({
        name: key,
        columns: [t.marketId, t.version],
        foreignColumns: [learned.marketId, learned.version],
      }),
    ],
  );
}
