import { sql } from "drizzle-orm";
import {
  bigserial,
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

import type { PriceBreakdown } from "#shared/contracts/money.ts";
import { DELIVERY_STATUSES, OFFER_STATUSES, ORDER_STATUSES } from "#shared/contracts/states.ts";

import { atMs, id, marketId, minor } from "./columns.ts";
import { people } from "./people.ts";
import { couriers, restaurants } from "./restaurants.ts";

const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => "xid8" });

export const orders = pgTable(
  "orders",
  {
    marketId: marketId(),
    id: id(),
    /** Short number that people say aloud; unique a restaurant and day is not needed, it is only a name. */
    code: text("code").notNull(),
    customerId: id("customer_id").references(() => people.id),
    restaurantId: id("restaurant_id"),
    status: text("status", { enum: ORDER_STATUSES }).notNull(),
    kind: text("kind", { enum: ["delivery", "takeaway"] }).notNull(),
    currency: text("currency").notNull(),
    /** Frozen at placement. */
    price: jsonb("price").$type<PriceBreakdown>().notNull(),
    totalMinor: minor("total_minor").notNull(),
    note: text("note").notNull().default(""),
    dropLine: text("drop_line"),
    dropInstructions: text("drop_instructions"),
    dropLat: doublePrecision("drop_lat"),
    dropLng: doublePrecision("drop_lng"),
    zone: text("zone").notNull(),
    placedAtMs: atMs("placed_at_ms").notNull(),
    /** Paid: from here the kitchen's time to answer runs. */
    createdAtMs: atMs("created_at_ms"),
    confirmedAtMs: atMs("confirmed_at_ms"),
    readyAtMs: atMs("ready_at_ms"),
    pickedUpAtMs: atMs("picked_up_at_ms"),
    deliveredAtMs: atMs("delivered_at_ms"),
    endedAtMs: atMs("ended_at_ms"),
    /** The kitchen's word: when the food will be ready. */
    readyEstimateAtMs: atMs("ready_estimate_at_ms"),
    /** Deadlines; the sweeper acts on them. Null: none is running. */
    payByAtMs: atMs("pay_by_at_ms"),
    confirmByAtMs: atMs("confirm_by_at_ms"),
    concludeAtMs: atMs("conclude_at_ms"),
    /** The promise told to the customer, and the newest estimate. */
    promisedP50AtMs: atMs("promised_p50_at_ms"),
    promisedP90AtMs: atMs("promised_p90_at_ms"),
    etaP50AtMs: atMs("eta_p50_at_ms"),
    etaP90AtMs: atMs("eta_p90_at_ms"),
    endReason: text("end_reason"),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    foreignKey({ columns: [t.marketId, t.restaurantId], foreignColumns: [restaurants.marketId, restaurants.id] }),
    index("orders_customer").on(t.customerId, t.id),
    index("orders_restaurant_open")
      .on(t.marketId, t.restaurantId, t.placedAtMs)
      .where(sql`${t.endedAtMs} is null`),
    index("orders_restaurant").on(t.marketId, t.restaurantId, t.id),
    index("orders_open")
      .on(t.marketId, t.id)
      .where(sql`${t.endedAtMs} is null`),
    index("orders_pay_by")
      .on(t.payByAtMs)
      .where(sql`${t.payByAtMs} is not null`),
    index("orders_confirm_by")
      .on(t.confirmByAtMs)
      .where(sql`${t.confirmByAtMs} is not null`),
    index("orders_conclude")
      .on(t.concludeAtMs)
      .where(sql`${t.concludeAtMs} is not null`),
    check("orders_total", sql`${t.totalMinor} >= 0`),
    check(
      "orders_drop",
      sql`(${t.kind} = 'takeaway') = (${t.dropLat} is null) and (${t.dropLat} is null) = (${t.dropLng} is null)`,
    ),
    check("orders_pay_deadline", sql`(${t.status} = 'PENDING_PAYMENT') = (${t.payByAtMs} is not null)`),
    check("orders_confirm_deadline", sql`(${t.status} = 'CREATED') = (${t.confirmByAtMs} is not null)`),
    check("orders_ended", sql`(${t.status} in ('CONCLUDED','REJECTED','CANCELLED')) = (${t.endedAtMs} is not null)`),
    check("orders_paid_first", sql`${t.status} in ('PENDING_PAYMENT','CANCELLED') or ${t.createdAtMs} is not null`),
    check("orders_delivered_at", sql`${t.status} not in ('DELIVERED','CONCLUDED') or ${t.deliveredAtMs} is not null`),
  ],
);

export const orderLines = pgTable(
  "order_lines",
  {
    marketId: marketId(),
    orderId: id("order_id"),
    position: integer("position").notNull(),
    itemId: id("item_id"),
    name: text("name").notNull(),
    quantity: integer("quantity").notNull(),
    unitMinor: minor("unit_minor").notNull(),
    totalMinor: minor("total_minor").notNull(),
    modifiers: jsonb("modifiers")
      .$type<{ groupName: string; optionId: string; name: string; priceMinor: number }[]>()
      .notNull(),
    note: text("note").notNull().default(""),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.orderId, t.position] }),
    foreignKey({ columns: [t.marketId, t.orderId], foreignColumns: [orders.marketId, orders.id] }).onDelete("cascade"),
    check("order_lines_quantity", sql`${t.quantity} between 1 and 99`),
    check("order_lines_total", sql`${t.totalMinor} = ${t.unitMinor} * ${t.quantity} and ${t.unitMinor} >= 0`),
  ],
);

/** Counts a stream. Its row lock orders the writers; it is taken last, in the order (kind, id). */
export const streamHeads = pgTable(
  "stream_heads",
  {
    marketId: marketId(),
    kind: text("kind", { enum: ["courier", "order", "restaurant"] }).notNull(),
    ownerId: id("owner_id"),
    seq: integer("seq").notNull(),
  },
  (t) => [primaryKey({ columns: [t.marketId, t.kind, t.ownerId] }), check("stream_heads_seq", sql`${t.seq} >= 0`)],
);

/**
 * What happened, once; the outbox too. A row stands in up to three streams, in each at its own gapless seq.
 * `xid` lets a follower find what was committed without marking rows and without skipping any.
 */
export const orderEvents = pgTable(
  "order_events",
  {
    marketId: marketId(),
    id: id(),
    type: text("type").notNull(),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    actorRole: text("actor_role").notNull(),
    actorId: uuid("actor_id"),
    atMs: atMs("at_ms").notNull(),
    orderId: uuid("order_id"),
    orderSeq: integer("order_seq"),
    restaurantId: uuid("restaurant_id"),
    restaurantSeq: integer("restaurant_seq"),
    courierId: uuid("courier_id"),
    courierSeq: integer("courier_seq"),
    xid: xid8("xid")
      .notNull()
      .default(sql`pg_current_xact_id()`),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    uniqueIndex("order_events_order")
      .on(t.marketId, t.orderId, t.orderSeq)
      .where(sql`${t.orderSeq} is not null`),
    uniqueIndex("order_events_restaurant")
      .on(t.marketId, t.restaurantId, t.restaurantSeq)
      .where(sql`${t.restaurantSeq} is not null`),
    uniqueIndex("order_events_courier")
      .on(t.marketId, t.courierId, t.courierSeq)
      .where(sql`${t.courierSeq} is not null`),
    index("order_events_xid").on(t.xid),
    check(
      "order_events_streams",
      sql`num_nonnulls(${t.orderSeq}, ${t.restaurantSeq}, ${t.courierSeq}) > 0
        and (${t.orderSeq} is null or ${t.orderId} is not null)
        and (${t.restaurantSeq} is null or ${t.restaurantId} is not null)
        and (${t.courierSeq} is null or ${t.courierId} is not null)`,
    ),
  ],
);

/** The courier's work for one order. `slot` numbers what a courier holds at a time. */
export const deliveries = pgTable(
  "deliveries",
  {
    marketId: marketId(),
    id: id(),
    orderId: id("order_id"),
    restaurantId: id("restaurant_id"),
    status: text("status", { enum: DELIVERY_STATUSES }).notNull(),
    courierId: uuid("courier_id"),
    slot: integer("slot"),
    /** Drop-off order among the deliveries that are picked up together. */
    stopOrder: integer("stop_order"),
    /** Counts assignments, so that a position names the one that it is for. */
    version: integer("version").notNull().default(0),
    excludedCourierIds: uuid("excluded_courier_ids")
      .array()
      .notNull()
      .default(sql`'{}'::uuid[]`),
    assignedAtMs: atMs("assigned_at_ms"),
    arrivedAtMerchantAtMs: atMs("arrived_at_merchant_at_ms"),
    pickedUpAtMs: atMs("picked_up_at_ms"),
    arrivedAtCustomerAtMs: atMs("arrived_at_customer_at_ms"),
    deliveredAtMs: atMs("delivered_at_ms"),
    /** Null while it is somebody's work. */
    endedAtMs: atMs("ended_at_ms"),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    foreignKey({ columns: [t.marketId, t.orderId], foreignColumns: [orders.marketId, orders.id] }),
    foreignKey({ columns: [t.marketId, t.courierId], foreignColumns: [couriers.marketId, couriers.id] }),
    uniqueIndex("deliveries_one_an_order").on(t.marketId, t.orderId),
    uniqueIndex("deliveries_courier_slot")
      .on(t.marketId, t.courierId, t.slot)
      .where(sql`${t.endedAtMs} is null and ${t.courierId} is not null`),
    index("deliveries_open")
      .on(t.marketId, t.id)
      .where(sql`${t.endedAtMs} is null`),
    index("deliveries_courier").on(t.marketId, t.courierId, t.createdAtMs),
    check("deliveries_held", sql`(${t.courierId} is null) = (${t.slot} is null)`),
    check(
      "deliveries_pending_unheld",
      sql`(${t.status} = 'PENDING') = (${t.courierId} is null) or ${t.status} = 'CANCELLED'`,
    ),
    check(
      "deliveries_ended",
      sql`(${t.status} in ('DELIVERY_FINISHED','RETURNED_TO_MERCHANT','CANCELLED')) = (${t.endedAtMs} is not null)`,
    ),
  ],
);

export const offers = pgTable(
  "offers",
  {
    marketId: marketId(),
    id: id(),
    courierId: id("courier_id"),
    restaurantId: id("restaurant_id"),
    status: text("status", { enum: OFFER_STATUSES }).notNull(),
    round: integer("round").notNull(),
    offeredAtMs: atMs("offered_at_ms").notNull(),
    expiresAtMs: atMs("expires_at_ms").notNull(),
    answeredAtMs: atMs("answered_at_ms"),
    declineReason: text("decline_reason"),
    payMinor: minor("pay_minor").notNull(),
    /** Who was weighed, with what numbers, and why this one. */
    reason: jsonb("reason").$type<Record<string, unknown>>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    foreignKey({ columns: [t.marketId, t.courierId], foreignColumns: [couriers.marketId, couriers.id] }),
    uniqueIndex("offers_one_open_a_courier")
      .on(t.marketId, t.courierId)
      .where(sql`${t.status} = 'offered'`),
    index("offers_open")
      .on(t.expiresAtMs)
      .where(sql`${t.status} = 'offered'`),
    index("offers_courier").on(t.marketId, t.courierId, t.id),
    check("offers_answered", sql`(${t.status} = 'offered') = (${t.answeredAtMs} is null)`),
  ],
);

/** An offer holds 1..n deliveries; while it is open no other offer holds them. */
export const offerDeliveries = pgTable(
  "offer_deliveries",
  {
    marketId: marketId(),
    offerId: id("offer_id"),
    deliveryId: id("delivery_id"),
    position: integer("position").notNull(),
    open: boolean("open").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.offerId, t.deliveryId] }),
    foreignKey({ columns: [t.marketId, t.offerId], foreignColumns: [offers.marketId, offers.id] }).onDelete("cascade"),
    foreignKey({ columns: [t.marketId, t.deliveryId], foreignColumns: [deliveries.marketId, deliveries.id] }),
    uniqueIndex("offer_deliveries_open")
      .on(t.marketId, t.deliveryId)
      .where(sql`${t.open}`),
  ],
);

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
