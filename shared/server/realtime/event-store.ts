import { and, asc, eq, getTableColumns, gt, isNotNull } from "drizzle-orm";

import { orderEvents } from "#drizzle/schema/events.ts";
import { type StoredEvent, streamKey, type StreamKind, type StreamRef } from "#shared/contracts/streams.ts";
import type { DeliveryStatus } from "#shared/contracts/states.ts";
import { gathered } from "#shared/lib/gathered.ts";

import type { Db } from "../db/connect.ts";

export interface Change {
  /** Names the history: system identifier, database and timeline. Another one means that nothing known before holds. */
  readonly epoch: string;
  /** From here on the next look must begin: every transaction before it had ended. */
  readonly watermark: string;
  readonly heads: readonly { readonly ref: StreamRef; readonly seq: number }[];
}

/** Who carries an order, at a position of its stream. */
export interface CarriageRow {
  readonly seq: number;
  readonly courierId: string | null;
  readonly deliveryId: string | null;
  readonly version: number;
  readonly status: DeliveryStatus | null;
  readonly pickedUpAtMs: number | null;
}

/** What the real-time side reads of the truth. */
export interface EventStore {
  /** Events with seq > `afterSeq`, ascending and without a gap, at most `limit`. */
  readAfter(ref: StreamRef, afterSeq: number, limit: number): Promise<StoredEvent[]>;
  /** 0 for a stream without events. */
  headOf(ref: StreamRef): Promise<number>;
  headsOf(refs: readonly StreamRef[]): Promise<Map<string, number>>;
  /** Heads of all streams that changed since the watermark; without one, only where to begin. [RTM3] */
  changedSince(watermark: string | undefined): Promise<Change>;
  carriageOf(marketId: string, orderId: string): Promise<CarriageRow>;
}

const { xid: _xid, ...EVENT } = getTableColumns(orderEvents);

const COLUMNS = {
  order: { id: orderEvents.orderId, seq: orderEvents.orderSeq },
  restaurant: { id: orderEvents.restaurantId, seq: orderEvents.restaurantSeq },
  courier: { id: orderEvents.courierId, seq: orderEvents.courierSeq },
} as const;

export function makeEventStore(db: Db): EventStore {
  const { sql, orm } = db;
  const headsOf = headsReader(sql);
  const carriage = gathered((orders: readonly { marketId: string; orderId: string }[]) => carriagesOf(sql, orders));
  return {
    async readAfter(ref, afterSeq, limit) {
      const { id, seq } = COLUMNS[ref.kind];
      const rows = await orm
        .select(EVENT)
        .from(orderEvents)
        .where(and(eq(orderEvents.marketId, ref.marketId), eq(id, ref.id), gt(seq, afterSeq), isNotNull(seq)))
        .orderBy(asc(seq))
        .limit(limit);
      return rows;
    },

    headOf: gathered(async (refs: readonly StreamRef[]) => {
      const heads = await headsOf(refs);
      return refs.map((ref) => heads.get(streamKey(ref)) ?? 0);
    }),

    headsOf,

    changedSince: (watermark) => changedSince(sql, watermark),

    carriageOf: (marketId, orderId) => carriage({ marketId, orderId }),
  };
}

function headsReader(sql: Db["sql"]): EventStore["headsOf"] {
  return async (refs) => {
    if (refs.length === 0) return new Map();
    // Each looked up by itself: a join of many reads all heads. [RTM53]
    const rows = await sql<{ market_id: string; kind: StreamKind; owner_id: string; seq: number | null }[]>`
      select market_id, kind, owner_id, (select h.seq from stream_heads h
        where h.market_id = asked.market_id and h.kind = asked.kind and h.owner_id = asked.owner_id) as seq
      from unnest(${refs.map((ref) => ref.marketId)}::text[], ${refs.map((ref) => ref.kind)}::text[],
        ${refs.map((ref) => ref.id)}::uuid[]) as asked (market_id, kind, owner_id)`;
    const heads = new Map<string, number>();
    for (const { market_id: marketId, kind, owner_id: id, seq } of rows)
      if (seq !== null) heads.set(streamKey({ marketId, kind, id }), seq);
    return heads;
  };
}

async function changedSince(sql: Db["sql"], watermark: string | undefined): Promise<Change> {
  // One statement, so one snapshot: what it does not see has an xid of at least the watermark that it answers. Rows at
  // or above it are told too: a head that is visible is true, even while an older transaction is still open.
  const [row] = await sql<{ epoch: string; watermark: string; heads: [StreamKind, string, string, number][] }[]>`
    with changed as (
      select market_id, order_id, order_seq, restaurant_id, restaurant_seq, courier_id, courier_seq
      from order_events where xid >= ${watermark ?? "18446744073709551615"}::xid8
    ), heads as (
      select 'order' as kind, market_id, order_id as id, max(order_seq) as seq
        from changed where order_seq is not null group by 2, 3
      union all
      select 'restaurant', market_id, restaurant_id, max(restaurant_seq)
        from changed where restaurant_seq is not null group by 2, 3
      union all
      select 'courier', market_id, courier_id, max(courier_seq)
        from changed where courier_seq is not null group by 2, 3
    )
    select
      (select system_identifier from pg_control_system())::text || '-' ||
        (select oid from pg_database where datname = current_database())::text || '-' ||
        substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) as epoch,
      pg_snapshot_xmin(pg_current_snapshot())::text as watermark,
      coalesce((select json_agg(json_build_array(kind, market_id, id, seq)) from heads), '[]'::json) as heads`;
  if (!row) throw new Error("the store answered without a row");
  return {
    epoch: row.epoch,
    watermark: row.watermark,
    heads: row.heads.map(([kind, marketId, id, seq]) => ({ ref: { marketId, kind, id }, seq })),
  };
}

async function carriagesOf(
  sql: Db["sql"],
  orders: readonly { readonly marketId: string; readonly orderId: string }[],
): Promise<CarriageRow[]> {
  // From what is asked, so that there is a row whatever is missing; one statement, so that a seq is that of its delivery. Each looked
  // up by itself, as `limit` keeps the planner from joining: a join of many reads both tables. [RTM53]
  return await sql<CarriageRow[]>`
    select coalesce(h.seq, 0) as seq, d.courier_id as "courierId", d.id as "deliveryId", coalesce(d.version, 0) as version,
      d.status, d.picked_up_at_ms::float8 as "pickedUpAtMs"
    from unnest(${orders.map(({ marketId }) => marketId)}::text[], ${orders.map(({ orderId }) => orderId)}::uuid[])
      with ordinality as asked (market_id, order_id, nth)
    left join lateral (select seq from stream_heads where market_id = asked.market_id and kind = 'order'
      and owner_id = asked.order_id limit 1) h on true
    left join lateral (select * from deliveries where market_id = asked.market_id and order_id = asked.order_id limit 1) d on true
    order by asked.nth`;
}
