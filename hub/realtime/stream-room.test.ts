import { expect, test } from "vitest";

import type { StoredEvent, StreamRef } from "#shared/contracts/streams.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";
import { FakeClock, settle } from "#shared/testing/fake-clock.ts";

import { StreamRoom, type RoomWatcher } from "./stream-room.ts";

const REF: StreamRef = { marketId: "test-market", kind: "order", id: "0190a000-0000-7000-8000-00000000000a" };

function eventOf(seq: number, type = "test.happened"): StoredEvent {
  return {
    marketId: REF.marketId,
    id: `0190a000-0000-7000-8000-${String(seq).padStart(12, "0")}`,
    type,
    payload: {},
    actorRole: "support",
    actorId: null,
    atMs: seq,
    orderId: REF.id,
    orderSeq: seq,
    restaurantId: null,
    restaurantSeq: null,
    courierId: null,
    courierSeq: null,
  };
}

function makeRoom(stored: StoredEvent[] = []) {
  const clock = new FakeClock();
  const accepted: number[] = [];
  const counts = { repeats: 0, gaps: 0, fetches: 0 };
  const store = { away: false };
  const room = new StreamRoom(REF, {
    readAfter: async (_, after, limit) => {
      if (store.away) throw new Error("the store is away");
      return stored.slice(after, after + limit);
    },
    project: projectEvent,
    closesAt: (_, event) => event.type === "test.right-ended",
    soon: (task) => void clock.after(30, task),
    accepted: (_, event) => void accepted.push(event.orderSeq ?? 0),
    counts,
  });
  return { room, clock, accepted, counts, store };
}

function watcherAt(cursor: number, toSeq?: number) {
  const seqs: number[] = [];
  const closings: number[] = [];
  const watcher: RoomWatcher = {
    viewer: { as: "customer", personId: "0190a000-0000-7000-8000-000000000001" },
    cursor,
    toSeq,
    send: (event) => void seqs.push(event.seq),
    closed: (seq) => void closings.push(seq),
  };
  return { watcher, seqs, closings };
}

test("[RTM6] a repeat is dropped and counted", () => {
  const { room, counts, accepted } = makeRoom();
  room.start(0);
  for (const seq of [1, 1, 2, 1, 2]) room.offer(eventOf(seq));
  expect(accepted).toEqual([1, 2]);
  expect(counts.repeats).toBe(3);
});

test("[RTM5] what arrives before the start is kept, what arrives in disorder is ordered, without asking the store", async () => {
  const { room, clock, counts, accepted } = makeRoom();
  for (const seq of [7, 5, 6]) room.offer(eventOf(seq));
  room.start(5);
  room.offer(eventOf(9));
  room.offer(eventOf(8));
  await clock.advance(1_000);
  expect(accepted).toEqual([6, 7, 8, 9]);
  expect(counts.fetches).toBe(0);
});

test("[RTM5] a gap is filled from the store, after a failure as soon as it is asked to repair", async () => {
  const stored = [1, 2, 3, 4].map((seq) => eventOf(seq));
  const { room, clock, accepted, store } = makeRoom(stored);
  room.start(0);
  store.away = true;
  room.offer(eventOf(4));
  await clock.advance(1_000);
  expect(accepted).toEqual([]);
  store.away = false;
  room.repair();
  await settle();
  expect(accepted).toEqual([1, 2, 3, 4]);
});

test("[RTM8] the ring serves who is not too far behind; who is gets nothing by halves", () => {
  const { room } = makeRoom();
  room.start(0);
  for (let seq = 1; seq <= 600; seq += 1) room.offer(eventOf(seq));
  const near = watcherAt(590);
  const far = watcherAt(10);
  expect(room.attach(near.watcher)).toBe(true);
  expect(near.seqs).toEqual([591, 592, 593, 594, 595, 596, 597, 598, 599, 600]);
  expect(room.attach(far.watcher)).toBe(false);
  expect(far.seqs).toEqual([]);
  expect(room.size).toBe(1);
});

test("[RTM5] a watcher whose snapshot is newer than the room gets nothing that the snapshot holds", async () => {
  const stored = [1, 2, 3, 4].map((seq) => eventOf(seq));
  const { room, clock, accepted } = makeRoom(stored);
  room.start(0);
  const { watcher, seqs } = watcherAt(3);
  expect(room.attach(watcher)).toBe(true);
  await clock.advance(1_000);
  room.offer(eventOf(4));
  // The snapshot told the room of three events that it had not heard of.
  expect(accepted).toEqual([1, 2, 3, 4]);
  expect(seqs).toEqual([4]);
});

test("[RTM24] a right ends with its event: that one is sent, nothing after it", () => {
  const { room } = makeRoom();
  room.start(0);
  const open = watcherAt(0);
  const granted = watcherAt(0, 1);
  room.attach(open.watcher);
  room.attach(granted.watcher);
  room.offer(eventOf(1));
  room.offer(eventOf(2, "test.right-ended"));
  room.offer(eventOf(3));
  expect([open.seqs, open.closings]).toEqual([[1, 2], [2]]);
  expect([granted.seqs, granted.closings]).toEqual([[1], [1]]);
  expect(room.size).toBe(0);
});
