import type { Db } from "#shared/server/db/connect.ts";

/** The rows of one order as the store holds them, in the form in which they can be inserted again. */
export interface BareRows {
  readonly idempotency: Record<string, unknown>;
  readonly order: Record<string, unknown>;
  readonly lines: readonly Record<string, unknown>[];
  readonly payment: Record<string, unknown>;
  readonly head: Record<string, unknown>;
  readonly event: Record<string, unknown>;
}

/**
 * Reads what the platform wrote for the newest order that was only placed.
 *
 * @throws {Error} when placing wrote something that the bare route would not: then the two are not alike any more
 */
export async function bareRows(db: Db): Promise<BareRows> {
  const { sql } = db;
  const only = (rows: readonly Record<string, unknown>[], what: string): Record<string, unknown> => {
    const [row] = rows;
    if (!row || rows.length > 1) throw new Error(`placing an order wrote ${rows.length} ${what}, not one`);
    return row;
  };
  const [order] = await sql`select * from orders order by id desc limit 1`;
  const id: unknown = order?.["id"];
  if (!order || typeof id !== "string") throw new Error("no order has been placed");
  const events = await sql`select * from order_events where order_id = ${id}`;
  const heads = await sql`select * from stream_heads where owner_id = ${id}`;
  const payments = await sql`select * from payments where order_id = ${id}`;
  const lines = await sql`select * from order_lines where order_id = ${id} order by position`;
  const keys =
    await sql`select * from idempotency_keys where command = 'order.place' order by created_at_ms desc limit 1`;
  const jobs = await sql`select 1 from jobs where payload->>'orderId' = ${id}`;
  if (jobs.length > 0) throw new Error("placing an order owes jobs, which the bare route does not insert");
  // The transaction's number is the store's own to give.
  const { xid: _, ...event } = only(events, "events");
  return {
    idempotency: only(keys, "idempotency keys"),
    order,
    lines: [...lines],
    payment: only(payments, "payments"),
    head: only(heads, "stream heads"),
    event,
  };
}
