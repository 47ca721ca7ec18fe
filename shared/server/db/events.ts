import type { StoredEvent, StreamKind } from "#shared/contracts/streams.ts";
import type { EventDraft } from "#shared/domain/order/change.ts";
import { assert } from "#shared/lib/assert.ts";

import { newId } from "../new-id.ts";
import type { Tx } from "./connect.ts";
import { Statement } from "./statement.ts";

/** In the order in which their heads are locked. */
const KINDS = ["courier", "order", "restaurant"] as const satisfies readonly StreamKind[];

/**
 * Counts and inserts events, in one statement. Call it last in the transaction: it takes the heads' row locks, in the order
 * (market, kind, id), so that two writers can never wait for each other in a ring. [STR1, STR2]
 *
 * @returns the events with their seqs, in the order given; publish them only after the commit
 */
export async function appendEvents(tx: Tx, drafts: readonly EventDraft[]): Promise<StoredEvent[]> {
  if (drafts.length === 0) return [];
  const { statement, stored } = appending(drafts);
  return stored(await tx.execute<Seqs>(statement));
}

/** The same in two parts: what is to be said, and what its answer means. */
export function appending(drafts: readonly EventDraft[]) {
  const counts = countStreams(drafts);
  assert(counts.size > 0, "an event stands in at least one stream");
  const rows = numbered(drafts, counts);
  return {
    statement: insertCounted([...counts.values()], rows),
    stored: (seqs: readonly Seqs[]) => storedOf(rows, seqs),
  };
}

function storedOf(rows: ReturnType<typeof numbered>, told: readonly Seqs[]): StoredEvent[] {
  const seqs = new Map(told.map((seq) => [seq.id, seq]));
  return rows.map(({ id, draft }) => {
    const seq = seqs.get(id);
    assert(seq, "what was inserted was counted");
    return {
      marketId: draft.marketId,
      id,
      type: draft.type,
      payload: draft.payload,
      actorRole: draft.actorRole,
      actorId: draft.actorId,
      atMs: draft.atMs,
      orderId: draft.in.order ?? draft.orderId ?? null,
      orderSeq: seq.order_seq,
      restaurantId: draft.in.restaurant ?? null,
      restaurantSeq: seq.restaurant_seq,
      courierId: draft.in.courier ?? null,
      courierSeq: seq.courier_seq,
    };
  });
}

interface StreamCount {
  readonly market_id: string;
  readonly kind: StreamKind;
  readonly owner_id: string;
  /** How many of the drafts stand in it. */
  readonly added: number;
}

const keyOf = (marketId: string, kind: StreamKind, ownerId: string) => `${marketId}/${kind}/${ownerId}`;

function countStreams(drafts: readonly EventDraft[]): Map<string, StreamCount> {
  const counts = new Map<string, StreamCount>();
  for (const draft of drafts) {
    for (const kind of KINDS) {
      const ownerId = draft.in[kind];
      if (ownerId === undefined) continue;
      const key = keyOf(draft.marketId, kind, ownerId);
      const added = (counts.get(key)?.added ?? 0) + 1;
      counts.set(key, { market_id: draft.marketId, kind, owner_id: ownerId, added });
    }
  }
  return counts;
}

/** Each draft with an id and, for each of its streams, how far behind the stream's new head it stands. */
function numbered(drafts: readonly EventDraft[], counts: ReadonlyMap<string, StreamCount>) {
  const taken = new Map<string, number>();
  return drafts.map((draft) => {
    const behind = (kind: StreamKind): number | null => {
      const ownerId = draft.in[kind];
      if (ownerId === undefined) return null;
      const key = keyOf(draft.marketId, kind, ownerId);
      const place = (taken.get(key) ?? 0) + 1;
      taken.set(key, place);
      return (counts.get(key)?.added ?? 0) - place;
    };
    return { id: newId(), draft, order: behind("order"), restaurant: behind("restaurant"), courier: behind("courier") };
  });
}

const COUNT_AND_INSERT = `
  with heads as (
    insert into stream_heads as head (market_id, kind, owner_id, seq)
    select market_id, kind, owner_id, added
    from jsonb_to_recordset($1::jsonb) as c(market_id text, kind text, owner_id uuid, added int)
    order by market_id, kind, owner_id
    on conflict (market_id, kind, owner_id) do update set seq = head.seq + excluded.seq
    returning head.market_id, head.kind, head.owner_id, head.seq
  )
  insert into order_events (market_id, id, type, payload, actor_role, actor_id, at_ms, order_id, order_seq,
    restaurant_id, restaurant_seq, courier_id, courier_seq)
  select e.market_id, e.id, e.type, e.payload, e.actor_role, e.actor_id, e.at_ms, e.order_id, o.seq - e.order_behind,
    e.restaurant_id, r.seq - e.restaurant_behind, e.courier_id, c.seq - e.courier_behind
  from jsonb_to_recordset($2::jsonb) as e(market_id text, id uuid, type text, payload jsonb,
    actor_role text, actor_id uuid, at_ms bigint, order_id uuid, order_behind int, restaurant_id uuid,
    restaurant_behind int, courier_id uuid, courier_behind int)
  left join heads o on o.market_id = e.market_id and o.kind = 'order' and o.owner_id = e.order_id
    and e.order_behind is not null
  left join heads r on r.market_id = e.market_id and r.kind = 'restaurant' and r.owner_id = e.restaurant_id
    and e.restaurant_behind is not null
  left join heads c on c.market_id = e.market_id and c.kind = 'courier' and c.owner_id = e.courier_id
    and e.courier_behind is not null
  returning id, order_seq, restaurant_seq, courier_seq`;

export type Seqs = {
  readonly id: string;
  readonly order_seq: number | null;
  readonly restaurant_seq: number | null;
  readonly courier_seq: number | null;
};

function insertCounted(counts: readonly StreamCount[], rows: ReturnType<typeof numbered>): Statement {
  const events = rows.map(({ id, draft, order, restaurant, courier }) => ({
    market_id: draft.marketId,
    id,
    type: draft.type,
    payload: draft.payload,
    actor_role: draft.actorRole,
    actor_id: draft.actorId,
    at_ms: draft.atMs,
    order_id: draft.in.order ?? draft.orderId ?? null,
    order_behind: order,
    restaurant_id: draft.in.restaurant ?? null,
    restaurant_behind: restaurant,
    courier_id: draft.in.courier ?? null,
    courier_behind: courier,
  }));
  return new Statement(COUNT_AND_INSERT, [JSON.stringify(counts), JSON.stringify(events)]);
}
