import { z } from "zod";

import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { Db } from "#shared/server/db/connect.ts";

const place = z.int().positive().nullable();

/** A row of `order_events` as a line of an export: the names of {@link StoredEvent}. [CHK11] */
export const storedEvent = z.object({
  marketId: z.string(),
  id: z.string(),
  type: z.string(),
  payload: z.record(z.string(), z.unknown()),
  actorRole: z.string(),
  actorId: z.string().nullable(),
  atMs: z.number(),
  orderId: z.string().nullable(),
  orderSeq: place,
  restaurantId: z.string().nullable(),
  restaurantSeq: place,
  courierId: z.string().nullable(),
  courierSeq: place,
}) satisfies z.ZodType<StoredEvent>;

/** The columns of `order_events`, as a {@link StoredEvent} names them. */
export function storedColumns({ sql }: Pick<Db, "sql">) {
  return sql`market_id as "marketId", id, type, payload, actor_role as "actorRole", actor_id as "actorId",
    at_ms::float8 as "atMs", order_id as "orderId", order_seq as "orderSeq", restaurant_id as "restaurantId",
    restaurant_seq as "restaurantSeq", courier_id as "courierId", courier_seq as "courierSeq"`;
}

/** Every row of the event table, in one statement and so of one moment. */
export async function readStoredEvents(db: Db): Promise<StoredEvent[]> {
  return await db.sql<StoredEvent[]>`select ${storedColumns(db)} from order_events`;
}
