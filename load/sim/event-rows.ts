import type { StoredEvent, StreamKind } from "#shared/contracts/streams.ts";
import { assert } from "#shared/lib/assert.ts";
import type { Statement } from "#shared/server/db/statement.ts";

/** As `appendEvents` sends them: how many events a stream gets, and the events. */
interface CountRow {
  readonly market_id: string;
  readonly kind: StreamKind;
  readonly owner_id: string;
  readonly added: number;
}
interface EventRow {
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

/** What the statement of `appendEvents` counts and inserts: several events as JSON, one by its values. */
export function appendedBy({ text, values }: Statement): {
  readonly counts: readonly CountRow[];
  readonly rows: readonly EventRow[];
} {
  const [first, second, ...more] = values;
  if (more.length === 0) {
    assert(typeof first === "string" && typeof second === "string", "two parameters, as texts");
    // Cast (both): written by appendEvents.
    return { counts: JSON.parse(first) as CountRow[], rows: JSON.parse(second) as EventRow[] };
  }
  // Cast: the values of one event, in their order.
  const [market_id, id, type, payload, actor_role, actor_id, at_ms, order_id, restaurant_id, courier_id] =
    values as readonly [string, string, string, string, string, string | null, number, ...(string | null)[]];
  const counts = [...text.matchAll(/'(courier|order|restaurant)', \$(\d+)::uuid/gu)].map(([, kind, nth]) => ({
    market_id,
    kind: kind as StreamKind, // Cast: one of the three.
    owner_id: String(values[Number(nth) - 1]),
    added: 1,
  }));
  assert(counts.length > 0 && values.length === 10, "the statement of one event");
  const behind = (kind: StreamKind) => (counts.some((count) => count.kind === kind) ? 0 : null);
  const row = {
    market_id,
    id,
    type,
    payload: JSON.parse(payload) as EventRow["payload"], // Cast: as it was given.
    actor_role,
    actor_id,
    at_ms,
    order_id: order_id ?? null,
    order_behind: behind("order"),
    restaurant_id: restaurant_id ?? null,
    restaurant_behind: behind("restaurant"),
    courier_id: courier_id ?? null,
    courier_behind: behind("courier"),
  };
  return { counts, rows: [row] };
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
