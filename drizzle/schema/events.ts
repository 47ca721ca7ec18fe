import { sql } from "drizzle-orm";
import {
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

import { atMs, id, marketId } from "./columns.ts";

const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => "xid8" });

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
