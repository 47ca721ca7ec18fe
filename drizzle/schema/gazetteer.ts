import { sql } from "drizzle-orm";
import { check, doublePrecision, index, integer, pgTable, primaryKey, real, text } from "drizzle-orm/pg-core";

import { atMs, marketId } from "./columns.ts";
import { markets } from "./people.ts";

/**
 * Names, doors and streets of a market's city, copied from its city file as a whole and never changed in part: replaced in
 * one transaction, read without locks. So the rows below name each other without foreign keys, which would be asked once
 * for each of some hundred thousand doors.
 */
export const gazetteers = pgTable("gazetteers", {
  marketId: marketId()
    .primaryKey()
    .references(() => markets.id),
  /** Hash of the city file: another one is another gazetteer. */
  cityId: text("city_id").notNull(),
  attribution: text("attribution").notNull(),
  /** How many names it has. */
  names: integer("names").notNull(),
  loadedAtMs: atMs("loaded_at_ms").notNull(),
});

/** Something with a name; its words are folded. */
export const gazetteerEntries = pgTable(
  "gazetteer_entries",
  {
    marketId: marketId(),
    id: integer("id").notNull(),
    kind: text("kind", { enum: ["street", "place", "quarter"] }).notNull(),
    name: text("name").notNull(),
    addressLine: text("address_line"),
    words: text("words").array().notNull(),
    /** How rare each word is among the names, above 0 to 1. */
    rarities: real("rarities").array().notNull(),
    doors: integer("doors").notNull(),
    lat: doublePrecision("lat").notNull(),
    lng: doublePrecision("lng").notNull(),
    /** H3 cell at resolution 9. */
    cell: text("cell").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    index("gazetteer_entries_quarters")
      .on(t.marketId)
      .where(sql`${t.kind} = 'quarter'`),
    index("gazetteer_entries_places")
      .on(t.marketId, t.cell)
      .where(sql`${t.kind} = 'place'`),
    check("gazetteer_entries_words", sql`cardinality(${t.words}) = cardinality(${t.rarities})`),
  ],
);

/** Which entries have a word. */
export const gazetteerWords = pgTable(
  "gazetteer_words",
  { marketId: marketId(), word: text("word").notNull(), entryIds: integer("entry_ids").array().notNull() },
  (t) => [primaryKey({ columns: [t.marketId, t.word] })],
);

/** Beginnings of words, and words with letters left out: whatever is typed like a word shares such a key with it. */
export const gazetteerKeys = pgTable(
  "gazetteer_keys",
  { marketId: marketId(), key: text("key").notNull(), words: text("words").array().notNull() },
  (t) => [primaryKey({ columns: [t.marketId, t.key] })],
);

export const gazetteerDoors = pgTable(
  "gazetteer_doors",
  {
    marketId: marketId(),
    streetId: integer("street_id").notNull(),
    number: integer("number").notNull(),
    /** "bis", "b"; "" for none. */
    suffix: text("suffix").notNull(),
    id: integer("id").notNull(),
    /** The number as written. */
    label: text("label").notNull(),
    lat: doublePrecision("lat").notNull(),
    lng: doublePrecision("lng").notNull(),
    /** H3 cell at resolution 10. */
    cell: text("cell").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.streetId, t.number, t.suffix, t.id] }),
    index("gazetteer_doors_cell").on(t.marketId, t.cell),
  ],
);

/** Straight pieces of street of at most 100 m, kept by the cell of their middle. */
export const gazetteerPieces = pgTable(
  "gazetteer_pieces",
  {
    marketId: marketId(),
    id: integer("id").notNull(),
    streetId: integer("street_id").notNull(),
    fromLat: doublePrecision("from_lat").notNull(),
    fromLng: doublePrecision("from_lng").notNull(),
    toLat: doublePrecision("to_lat").notNull(),
    toLng: doublePrecision("to_lng").notNull(),
    /** H3 cell at resolution 9. */
    cell: text("cell").notNull(),
  },
  (t) => [primaryKey({ columns: [t.marketId, t.id] }), index("gazetteer_pieces_cell").on(t.marketId, t.cell)],
);

/** Where two streets meet, once for each of them. */
export const gazetteerCorners = pgTable(
  "gazetteer_corners",
  {
    marketId: marketId(),
    streetId: integer("street_id").notNull(),
    otherId: integer("other_id").notNull(),
    id: integer("id").notNull(),
    lat: doublePrecision("lat").notNull(),
    lng: doublePrecision("lng").notNull(),
  },
  (t) => [primaryKey({ columns: [t.marketId, t.streetId, t.otherId, t.id] })],
);
