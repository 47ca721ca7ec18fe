import { sql } from "drizzle-orm";
import { bigserial, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";

import { atMs, id, marketId } from "./columns.ts";

/** Work that a commit owes. Completed in the transaction of its own effect; queues only hint at it. */
export const jobs = pgTable(
  "jobs",
  {
    marketId: marketId(),
    id: id(),
    name: text("name").notNull(),
    /** The same key is owed once. */
    dedupeKey: text("dedupe_key").notNull(),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    runAtMs: atMs("run_at_ms").notNull(),
    attempts: integer("attempts").notNull().default(0),
    doneAtMs: atMs("done_at_ms"),
    failedReason: text("failed_reason"),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    uniqueIndex("jobs_dedupe").on(t.marketId, t.dedupeKey),
    index("jobs_due")
      .on(t.runAtMs)
      .where(sql`${t.doneAtMs} is null`),
  ],
);

/** The stored answer of a command: repeated, it is given again; with another body it is refused. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    personId: id("person_id"),
    key: text("key").notNull(),
    command: text("command").notNull(),
    requestHash: text("request_hash").notNull(),
    answer: jsonb("answer").$type<unknown>(),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.key] }),
    index("idempotency_keys_created").on(t.createdAtMs),
    check("idempotency_keys_length", sql`length(${t.key}) between 8 and 128`),
  ],
);

/** Provider events already applied; the provider repeats and disorders them. */
export const webhookEvents = pgTable("webhook_events", {
  seq: bigserial("seq", { mode: "number" }).primaryKey(),
  provider: text("provider").notNull(),
  eventId: text("event_id").notNull().unique(),
  type: text("type").notNull(),
  receivedAtMs: atMs("received_at_ms").notNull(),
});
