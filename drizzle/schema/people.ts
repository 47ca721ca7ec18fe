import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

import { ROLES } from "#shared/contracts/roles.ts";

import { atMs, id } from "./columns.ts";

/** One operator's city: time zone, currency, tax, outline. */
export const markets = pgTable(
  "markets",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    timeZone: text("time_zone").notNull(),
    currency: text("currency").notNull(),
    locale: text("locale").notNull(),
    /** Tax on food and fees, in basis points; prices include it. */
    taxBasisPoints: integer("tax_basis_points").notNull(),
    centerLat: doublePrecision("center_lat").notNull(),
    centerLng: doublePrecision("center_lng").notNull(),
    /** Fences dispatch: a round commits only while this is still its own number. */
    dispatchRound: integer("dispatch_round").notNull().default(0),
    /** When the newest round began: the next begins an interval later, whichever worker takes it. */
    dispatchRoundAtMs: atMs("dispatch_round_at_ms").notNull().default(0),
    /** When a round last looked where idle couriers should wait. */
    movesAtMs: atMs("moves_at_ms").notNull().default(0),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    check("markets_id_slug", sql`${t.id} ~ '^[a-z0-9-]{2,24}$'`),
    check("markets_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("markets_tax", sql`${t.taxBasisPoints} between 0 and 10000`),
  ],
);

/** A person is global: one account, whatever the market. */
export const people = pgTable(
  "people",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    phone: text("phone"),
    passwordHash: text("password_hash").notNull(),
    disabled: boolean("disabled").notNull().default(false),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    uniqueIndex("people_email").on(sql`lower(${t.email})`),
    check("people_phone_e164", sql`${t.phone} is null or ${t.phone} ~ '^[+][1-9][0-9]{6,14}$'`),
  ],
);

/** What a person may be, where. `restaurant_id` is set exactly for the roles of one restaurant. */
export const personRoles = pgTable(
  "person_roles",
  {
    id: uuid("id").primaryKey(),
    personId: id("person_id").references(() => people.id, { onDelete: "cascade" }),
    role: text("role", { enum: ROLES }).notNull(),
    marketId: text("market_id").references(() => markets.id),
    restaurantId: uuid("restaurant_id"),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    uniqueIndex("person_roles_once").on(
      t.personId,
      t.role,
      sql`coalesce(${t.marketId}, '')`,
      sql`coalesce(${t.restaurantId}::text, '')`,
    ),
    index("person_roles_restaurant").on(t.marketId, t.restaurantId),
    check("person_roles_market", sql`(${t.role} = 'customer') = (${t.marketId} is null)`),
    check(
      "person_roles_restaurant_set",
      sql`(${t.role} in ('kitchen','restaurant_admin')) = (${t.restaurantId} is not null)`,
    ),
  ],
);

/** One sign-in on one device: a family of rotating refresh tokens. Reuse of an old one ends the family. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey(),
    personId: id("person_id").references(() => people.id, { onDelete: "cascade" }),
    /** SHA-256 of the newest refresh token, and of the one before it (answered for 10 s: two tabs). */
    tokenHash: text("token_hash").notNull(),
    previousTokenHash: text("previous_token_hash"),
    /** Wall time, as for all tokens. */
    rotatedAtMs: atMs("rotated_at_ms").notNull(),
    expiresAtMs: atMs("expires_at_ms").notNull(),
    endedAtMs: atMs("ended_at_ms"),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    uniqueIndex("sessions_token").on(t.tokenHash),
    uniqueIndex("sessions_previous_token").on(t.previousTokenHash),
    index("sessions_person").on(t.personId),
  ],
);

export const addresses = pgTable(
  "addresses",
  {
    id: uuid("id").notNull(),
    personId: id("person_id").references(() => people.id, { onDelete: "cascade" }),
    label: text("label").notNull(),
    line: text("line").notNull(),
    instructions: text("instructions").notNull().default(""),
    lat: doublePrecision("lat").notNull(),
    lng: doublePrecision("lng").notNull(),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.id] })],
);
