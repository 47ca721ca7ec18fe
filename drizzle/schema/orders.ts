import { sql } from "drizzle-orm";
import {
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from "drizzle-orm/pg-core";

import type { PriceBreakdown } from "#shared/contracts/money.ts";
import { ORDER_STATUSES } from "#shared/contracts/states.ts";

import { atMs, id, marketId, minor } from "./columns.ts";
import { people } from "./people.ts";
import { restaurants } from "./restaurants.ts";

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
    /** When the kitchen last took its word back for a later one. */
    delayedAtMs: atMs("delayed_at_ms"),
    /** Dishes in the basket, and orders that the kitchen had to make, when it was placed: what its time is learned by. */
    items: integer("items"),
    kitchenLoad: integer("kitchen_load"),
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
