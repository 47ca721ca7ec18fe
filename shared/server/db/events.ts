import { sql } from "drizzle-orm";

import { orderEvents, streamHeads } from "#drizzle/schema/events.ts";
import type { StoredEvent, StreamKind } from "#shared/contracts/streams.ts";
import { assert } from "#shared/lib/assert.ts";

import { newId } from "../new-id.ts";
import type { Tx } from "./connect.ts";

/** An event before it has its places: it stands in the stream of each owner that `in` names. */
export interface EventDraft {
  readonly marketId: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actorRole: string;
  readonly actorId: string | null;
  readonly atMs: number;
  /** The order that it is about, whether or not it stands in the order's stream. */
  readonly orderId?: string | undefined;
  readonly in: { readonly order?: string; readonly restaurant?: string; readonly courier?: string };
}

const KINDS: readonly StreamKind[] = ["courier", "order", "restaurant"];

/**
 * Counts and inserts events. Call it last in the transaction: it takes the heads' row locks, in one statement and in the
 * order (market, kind, id), so that two writers can never wait for each other in a ring. [STR1, STR2]
 *
 * @returns the events with their seqs, in the order given; publish them only after the commit
 */
export async function appendEvents(tx: Tx, drafts: readonly EventDraft[]): Promise<StoredEvent[]> {
  if (drafts.length === 0) return [];
  const next = await takeSeqs(tx, drafts);
  const rows = drafts.map((draft) => {
    const seqOf = (kind: StreamKind) => {
      const ownerId = draft.in[kind];
      return ownerId === undefined ? null : next(draft.marketId, kind, ownerId);
    };
    return {
      marketId: draft.marketId,
      id: newId(),
      type: draft.type,
      payload: draft.payload,
      actorRole: draft.actorRole,
      actorId: draft.actorId,
      atMs: draft.atMs,
      orderId: draft.in.order ?? draft.orderId ?? null,
      orderSeq: seqOf("order"),
      restaurantId: draft.in.restaurant ?? null,
      restaurantSeq: seqOf("restaurant"),
      courierId: draft.in.courier ?? null,
      courierSeq: seqOf("courier"),
    };
  });
  await tx.insert(orderEvents).values(rows);
  return rows;
}

/** Adds to the head of every stream that the drafts name, and hands the new seqs out one by one. */
async function takeSeqs(tx: Tx, drafts: readonly EventDraft[]) {
  const counts = new Map<string, { marketId: string; kind: StreamKind; ownerId: string; seq: number }>();
  for (const draft of drafts) {
    for (const kind of KINDS) {
      const ownerId = draft.in[kind];
      if (ownerId === undefined) continue;
      const key = `${draft.marketId}/${kind}/${ownerId}`;
      const counted = counts.get(key) ?? { marketId: draft.marketId, kind, ownerId, seq: 0 };
      counts.set(key, { ...counted, seq: counted.seq + 1 });
    }
  }
  assert(counts.size > 0, "an event stands in at least one stream");
  const sorted = [...counts.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const heads = await tx
    .insert(streamHeads)
    .values(sorted)
    .onConflictDoUpdate({
      target: [streamHeads.marketId, streamHeads.kind, streamHeads.ownerId],
      set: { seq: sql`${streamHeads.seq} + excluded.seq` },
    })
    .returning();
  const next = new Map(
    heads.map((head) => {
      const key = `${head.marketId}/${head.kind}/${head.ownerId}`;
      return [key, head.seq - (counts.get(key)?.seq ?? 0)];
    }),
  );
  return (marketId: string, kind: StreamKind, ownerId: string): number => {
    const key = `${marketId}/${kind}/${ownerId}`;
    const seq = (next.get(key) ?? 0) + 1;
    next.set(key, seq);
    return seq;
  };
}
