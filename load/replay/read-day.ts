import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { OrderStatus } from "#shared/contracts/states.ts";
import type { Db } from "#shared/server/db/connect.ts";

import { storedColumns } from "../check/stored-events.ts";
import type { MoneyOrder } from "./money-mismatches.ts";

/** An event with the wall time at which Postgres committed it, epoch ms with a fraction. */
export interface CommittedEvent extends StoredEvent {
  readonly committedWallMs: number;
}

export interface DayOrder extends MoneyOrder {
  readonly kind: string;
  readonly customerId: string;
  readonly placedAtMs: number;
  readonly pickedUpAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly status: OrderStatus;
  /** Why it ended, where it was not delivered. */
  readonly endReason: string | null;
}

/** Every event with its commit's own time stamp (`track_commit_timestamp`). */
export async function readEvents(db: Db): Promise<CommittedEvent[]> {
  return await db.sql<CommittedEvent[]>`
    select ${storedColumns(db)},
      coalesce(extract(epoch from pg_xact_commit_timestamp(xid::xid)) * 1000, 0)::float8 as "committedWallMs"
    from order_events`;
}

/** Every order with what its payment and the ledger say of it. */
export async function readOrders(db: Db): Promise<DayOrder[]> {
  const rows = await db.sql`
    select o.id, o.status, o.end_reason, o.kind, o.customer_id, o.total_minor::float8 as total_minor,
      o.placed_at_ms::float8 as placed_at_ms,
      o.picked_up_at_ms::float8 as picked_up_at_ms, o.delivered_at_ms::float8 as delivered_at_ms,
      p.intent_id, p.status as payment, p.captured_minor::float8 as captured_minor,
      p.refunded_minor::float8 as refunded_minor, p.refund_target_minor::float8 as refund_target_minor,
      coalesce((select sum(e.amount_minor) from ledger_transactions t join ledger_entries e
        on e.market_id = t.market_id and e.transaction_id = t.id
        where t.market_id = o.market_id and t.order_id = o.id and e.account = 'provider'), 0)::float8 as ledger_provider,
      coalesce((select sum(e.amount_minor) from ledger_transactions t join ledger_entries e
        on e.market_id = t.market_id and e.transaction_id = t.id
        where t.market_id = o.market_id and t.order_id = o.id), 0)::float8 as ledger_sum,
      (select count(*) from ledger_transactions t
        where t.market_id = o.market_id and t.order_id = o.id and t.kind = 'conclude')::int as conclusions
    from orders o join payments p on p.market_id = o.market_id and p.order_id = o.id`;
  return rows.map((row) => ({
    id: row["id"],
    status: row["status"],
    endReason: row["end_reason"],
    kind: row["kind"],
    customerId: row["customer_id"],
    placedAtMs: row["placed_at_ms"],
    totalMinor: row["total_minor"],
    pickedUpAtMs: row["picked_up_at_ms"],
    deliveredAtMs: row["delivered_at_ms"],
    payment: {
      intentId: row["intent_id"],
      capturedMinor: row["captured_minor"],
      refundedMinor: row["refunded_minor"],
      refundTargetMinor: row["refund_target_minor"],
    },
    ledger: {
      providerMinor: row["ledger_provider"],
      sumMinor: row["ledger_sum"],
      conclusions: row["conclusions"],
    },
  }));
}

/** Orders that have not come to their end, and those of them that were handed over and wait for their conclusion. */
export async function countOpen(db: Db): Promise<{ readonly open: number; readonly unconcluded: number }> {
  const [row] = await db.sql`
    select count(*)::int as open, (count(*) filter (where status = 'DELIVERED'))::int as unconcluded
    from orders where ended_at_ms is null`;
  return { open: row?.["open"] ?? 0, unconcluded: row?.["unconcluded"] ?? 0 };
}

/** Jobs that a commit owes and nobody has done: nothing is quiet before there is none. */
export async function countOwed(db: Db): Promise<number> {
  const [row] = await db.sql`select count(*)::int as owed from jobs where done_at_ms is null`;
  return row?.["owed"] ?? 0;
}

export async function countOffers(db: Db): Promise<number> {
  const [row] = await db.sql`select count(*)::int as offers from offers`;
  return row?.["offers"] ?? 0;
}

/** What Postgres says of two settings without which the figures would mean less. */
export async function durabilityOf(db: Db): Promise<{ readonly fsync: string; readonly synchronousCommit: string }> {
  const [row] = await db.sql`
    select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit`;
  return { fsync: row?.["fsync"], synchronousCommit: row?.["synchronous_commit"] };
}
