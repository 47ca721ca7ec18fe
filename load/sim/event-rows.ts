import type { StoredEvent, StreamKind } from "#shared/contracts/streams.ts";

/** As `appendEvents` sends them: how many events a stream gets, and the events. */
export interface CountRow {
  readonly market_id: string;
  readonly kind: StreamKind;
  readonly owner_id: string;
  readonly added: number;
}
export interface EventRow {
  readonly market_id: string;
  readonly id: string;
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly actor_role: string;
  readonly actor_id: string | null;
  readonly at_ms: number;
  readonly order_id: string | null;
  readonly order_behind: number | null;
  readonly restaurant_id: string | null;
  readonly restaurant_behind: number | null;
  readonly courier_id: string | null;
  readonly courier_behind: number | null;
}

type Seqs = Readonly<Record<"order_seq" | "restaurant_seq" | "courier_seq", number | null>>;

/** The row that is there then. */
export function storedOf(row: EventRow, seqs: Seqs): StoredEvent {
  return {
    marketId: row.market_id,
    id: row.id,
    type: row.type,
    payload: row.payload,
    actorRole: row.actor_role,
    actorId: row.actor_id,
    atMs: row.at_ms,
    orderId: row.order_id,
    orderSeq: seqs.order_seq,
    restaurantId: row.restaurant_id,
    restaurantSeq: seqs.restaurant_seq,
    courierId: row.courier_id,
    courierSeq: seqs.courier_seq,
  };
}

/** For people. */
export function seqsOf({ orderSeq, restaurantSeq }: StoredEvent): string {
  return ` (order ${orderSeq ?? "-"}, restaurant ${restaurantSeq ?? "-"})`;
}
