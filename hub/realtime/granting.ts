import { Refusal } from "#shared/contracts/errors.ts";
import type { StreamRef } from "#shared/contracts/streams.ts";
import { holds, type Identity } from "#shared/domain/rights/identity.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";

import type { Grant, StreamRights } from "./ports.ts";
import type { StreamMemory } from "./stream-memory.ts";

/** A right to a stream that holds at `leastSeq` or later. @throws Refusal `stream.not-found` or `right.missing` */
export type Granting = (identity: Identity, ref: StreamRef, leastSeq: number) => Promise<Grant>;

export interface GrantingDeps {
  readonly rights: StreamRights;
  readonly store: Pick<EventStore, "headOf">;
  readonly memory?: Pick<StreamMemory, "generation" | "recall" | "keep"> | undefined;
}

/**
 * Rights as the store has them, or as hubs remember them. What takes a right to a stream away is an event of that stream, so
 * one that is remembered at the stream's head is one that the store would give; and when that event is a moment old, it is told
 * to the room as any other, and ends the watch. The office's rights have no stream, and are always asked for. [RTM39]
 */
export function makeGranting({ rights, store, memory }: GrantingDeps): Granting {
  if (!memory) return (identity, ref) => rights.authorise(identity, ref);
  return async (identity, ref, leastSeq) => {
    if (isOffice(identity, ref.marketId)) return await rights.authorise(identity, ref);
    const { personId } = identity;
    const known = await memory.recall(ref);
    if (known && isAnothers(personId, ref, known.viewers))
      throw new Refusal("stream.not-found", "no such stream for you");
    const as = known && known.seq >= leastSeq ? known.viewers.get(personId) : undefined;
    if (as !== undefined && mayBe(identity, as, ref)) return { viewer: { as, personId } };
    const { generation } = memory;
    // Read before the right: what takes it away comes after this.
    const seq = await store.headOf(ref);
    const grant = await rights.authorise(identity, ref);
    if (isWhole(grant)) memory.keep(generation, { ref, seq, viewers: new Map([[personId, grant.viewer.as]]) });
    return grant;
  };
}

/** Whether it belongs to somebody else: an order has one customer and a courier's stream one courier, who never change. [RTM54] */
function isAnothers(personId: string, { kind }: StreamRef, viewers: ReadonlyMap<string, Viewer["as"]>): boolean {
  const owner = kind === "order" ? "customer" : "courier";
  return kind !== "restaurant" && !viewers.has(personId) && [...viewers.values()].includes(owner);
}

/** From the beginning, and open. */
function isWhole({ fromSeq, toSeq, viewer }: Grant): boolean {
  return fromSeq === undefined && toSeq === undefined && viewer.as !== "ops";
}

function isOffice(identity: Identity, marketId: string): boolean {
  return (["dispatcher", "support", "admin"] as const).some((role) => holds(identity, role, marketId));
}

/** Whether the session still holds a role in which this may be watched. */
function mayBe(identity: Identity, as: Viewer["as"], { marketId, id }: StreamRef): boolean {
  switch (as) {
    case "customer":
      return holds(identity, "customer");
    case "kitchen":
      return holds(identity, "kitchen", marketId, id) || holds(identity, "restaurant_admin", marketId, id);
    case "courier":
      return holds(identity, "courier", marketId);
    case "ops":
      return false;
  }
}
