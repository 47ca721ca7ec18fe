import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";

import { atMs, id, marketId, minor } from "./columns.ts";
import { orders } from "./orders.ts";

export const payments = pgTable(
  "payments",
  {
    marketId: marketId(),
    orderId: id("order_id"),
    provider: text("provider").notNull(),
    intentId: text("intent_id"),
    clientSecret: text("client_secret"),
    status: text("status", { enum: ["new", "pending", "authorized", "captured", "released", "refunded"] }).notNull(),
    amountMinor: minor("amount_minor").notNull(),
    capturedMinor: minor("captured_minor").notNull().default(0),
    refundedMinor: minor("refunded_minor").notNull().default(0),
    /** What was decided to be given back; the settling job brings the provider to it. */
    refundTargetMinor: minor("refund_target_minor").notNull().default(0),
    currency: text("currency").notNull(),
    updatedAtMs: atMs("updated_at_ms").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.orderId] }),
    foreignKey({ columns: [t.marketId, t.orderId], foreignColumns: [orders.marketId, orders.id] }),
    index("payments_unsettled")
      .on(t.updatedAtMs)
      .where(sql`${t.status} in ('pending', 'authorized')`),
    uniqueIndex("payments_intent")
      .on(t.intentId)
      .where(sql`${t.intentId} is not null`),
    check(
      "payments_amounts",
      sql`${t.capturedMinor} between 0 and ${t.amountMinor} and ${t.refundedMinor} between 0 and ${t.capturedMinor} and ${t.refundTargetMinor} between 0 and ${t.amountMinor}`,
    ),
  ],
);

/** Double entry: the entries of one transaction sum to zero (a deferred trigger holds it). */
export const ledgerTransactions = pgTable(
  "ledger_transactions",
  {
    marketId: marketId(),
    id: id(),
    /** What it books, once: `capture:<order>`, `refund:<refund>`. */
    reference: text("reference").notNull(),
    orderId: id("order_id"),
    kind: text("kind", { enum: ["capture", "refund", "conclude"] }).notNull(),
    atMs: atMs("at_ms").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    uniqueIndex("ledger_transactions_reference").on(t.marketId, t.reference),
    index("ledger_transactions_order").on(t.marketId, t.orderId),
  ],
);

export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    marketId: marketId(),
    transactionId: id("transaction_id"),
    position: integer("position").notNull(),
    /** `provider`, `restaurant:<id>`, `courier:<id>`, `delivery`, `platform`, `tax`, `tips`. */
    account: text("account").notNull(),
    amountMinor: minor("amount_minor").notNull(),
    currency: text("currency").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.transactionId, t.position] }),
    foreignKey({
      columns: [t.marketId, t.transactionId],
      foreignColumns: [ledgerTransactions.marketId, ledgerTransactions.id],
    }),
    index("ledger_entries_account").on(t.marketId, t.account),
    check("ledger_entries_nonzero", sql`${t.amountMinor} <> 0`),
  ],
);
