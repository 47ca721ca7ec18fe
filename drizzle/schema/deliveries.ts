import { sql } from "drizzle-orm";
import {
  boolean,
  check,
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
import { DELIVERY_STATUSES, OFFER_STATUSES } from "#shared/contracts/states.ts";

import { atMs, id, marketId, minor } from "./columns.ts";
import { couriers } from "./restaurants.ts";
import { orders } from "./orders.ts";

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
    /** Since when a dispatcher has it in hand: no round touches it. */
    pinnedAtMs: atMs("pinned_at_ms"),
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
    /** The round's decision, which tells who was weighed; it is forgotten before the offer is. Null: of before decisions were kept. */
    decisionId: uuid("decision_id"),
    /** The numbers of the courier who was chosen. */
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
    // Every round asks when each waiting delivery was last answered.
    index("offer_deliveries_delivery").on(t.marketId, t.deliveryId),
    uniqueIndex("offer_deliveries_open")
      .on(t.marketId, t.deliveryId)
      .where(sql`${t.open}`),
  ],
);
