import { expect, test } from "vitest";

import { Refusal } from "#shared/contracts/errors.ts";
import { roomOf } from "#shared/contracts/rooms.ts";
import type { StoredEvent, StreamRef, WatchAnswer } from "#shared/contracts/streams.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";
import { FakeClock, settle } from "#shared/testing/fake-clock.ts";

import type { Grant, Listener } from "./ports.ts";
import { StreamRooms } from "./stream-rooms.ts";

const REF: StreamRef = { marketId: "test-market", kind: "courier", id: "0190a000-0000-7000-8000-00000000000a" };
const PERSON = "0190a000-0000-7000-8000-000000000001";
const NO_LOG = { warn: () => {}, error: () => {} };

function eventOf(seq: number, type: string): StoredEvent {
  return {
    marketId: REF.marketId,
    id: `0190a000-0000-7000-8000-${String(seq).padStart(12, "0")}`,
    type,
    payload: {},
    actorRole: "support",
    actorId: null,
    atMs: seq,
    orderId: null,
    orderSeq: null,
    restaurantId: null,
    restaurantSeq: null,
    courierId: REF.id,
    courierSeq: seq,
  };
}

/** A hub with one socket over a store of these events; `grants` are handed out one after the other, then refused. */
function makeHub(types: readonly string[], grants: Grant[]) {
  const clock = new FakeClock();
  const may = { watch: true };
  const history = types.map((type, index) => eventOf(index + 1, type));
  const store: EventStore = {
    readAfter: async (_, after, limit) => history.slice(after, after + limit),
    headOf: async () => history.length,
    headsOf: async () => new Map(),
    changedSince: async () => ({ epoch: "one", watermark: "1", heads: [] }),
    carriageOf: () => Promise.reject(new Error("no order is watched here")),
  };
  const rooms = new StreamRooms({
    bus: { join: async () => {}, leave: () => {} },
    store,
    rights: {
      authorise: async () => {
        const grant = grants.shift();
        if (!grant) throw new Refusal("stream.not-found", "no such stream for you");
        return grant;
      },
      closesAt: (_, event) => event.type === "right.ended",
    },
    snapshotOf: async () => ({ seq: history.length, snapshot: {}, mayWatch: may.watch }),
    project: projectEvent,
    clock,
    log: NO_LOG,
  });
  const seen: string[] = [];
  const listener: Listener = {
    identity: { personId: PERSON, sessionId: "s", roles: [], expiresAtMs: 4e12 },
    event: (_, __, event) => void seen.push(`event ${event.seq}`),
    heads: (epoch, heads) => void seen.push(`heads ${epoch} ${Object.values(heads).join()}`),
    closed: (_, seq, problem) => void seen.push(`closed ${seq} ${problem.code}`),
    position: () => true,
    zones: () => true,
  };
  return { rooms, history, seen, may, socket: rooms.forSocket(listener), clock };
}

const GRANT: Grant = { viewer: { as: "courier", personId: PERSON } };
const ask = async (hub: ReturnType<typeof makeHub>, since?: number) => {
  const answers: WatchAnswer[] = [];
  const position = since === undefined ? undefined : { epoch: "one", seq: since };
  const outcome = await hub.socket
    .watch(REF, position, (answer) => void answers.push(answer))
    .then(
      () => "watched",
      (error: Refusal) => error.code,
    );
  return { answers, outcome };
};

test("[RTM24] [RTM48] a right that has ended when the snapshot is read gives no snapshot, whatever was said of it before or after", async () => {
  const hub = makeHub(["a", "b"], [GRANT, GRANT]);
  hub.may.watch = false;
  expect(await ask(hub)).toEqual({ answers: [], outcome: "stream.not-found" });
  hub.rooms.arrived("", eventOf(3, "c"));
  await settle();
  expect(hub.seen).toEqual([]);
});

test("[RTM24] a resume over the end of the right is cut there", async () => {
  const hub = makeHub(["a", "b", "right.ended", "d"], [GRANT]);
  const { answers } = await ask(hub, 1);
  expect(answers).toMatchObject([{ fromSeq: 2, seq: 3, events: [{ seq: 2 }, { seq: 3 }] }]);
  expect(hub.seen).toEqual(["closed 3 right.missing"]);
});

test("[RTM24] a right that began later than the position gives a snapshot, not the events before it", async () => {
  const hub = makeHub(["a", "b", "c"], [{ ...GRANT, fromSeq: 3 }]);
  expect((await ask(hub, 1)).answers).toMatchObject([{ seq: 3, snapshot: {} }]);
});

test("[RTM8] somebody who stands beyond the store's head begins anew", async () => {
  const hub = makeHub(["a"], [GRANT]);
  expect((await ask(hub, 5)).answers).toMatchObject([{ seq: 1, snapshot: {} }]);
});

test("[RTM17] a socket whose identity may no more is told so, stream by stream", async () => {
  const hub = makeHub(["a"], [GRANT]);
  expect((await ask(hub)).outcome).toBe("watched");
  await hub.socket.reauthorise();
  expect(hub.seen).toEqual(["closed 1 stream.not-found"]);
});

test("[RTM30] who may watch in a lesser role only is let go of, and begins anew", async () => {
  const office: Grant = { viewer: { as: "ops", personId: PERSON } };
  const hub = makeHub(["a"], [office, office, GRANT, GRANT]);
  expect((await ask(hub)).outcome).toBe("watched");
  await hub.socket.reauthorise();
  expect(hub.seen).toEqual([]);
  await hub.socket.reauthorise();
  expect(hub.seen).toEqual(["closed 1 right.missing"]);
  expect((await ask(hub)).outcome).toBe("watched");
});

test("[RTM8] of a watch that is taken back while it is under way nothing comes", async () => {
  const hub = makeHub(["a"], [GRANT, GRANT]);
  const asked = ask(hub);
  hub.socket.unwatch(REF);
  expect(await asked).toEqual({ answers: [], outcome: "hub.overloaded" });
});

test("[RTM25] heads name what each watcher has been sent", async () => {
  const hub = makeHub(["a", "b"], [GRANT, GRANT]);
  await ask(hub);
  hub.rooms.sendHeads();
  hub.socket.unwatch(REF);
  hub.rooms.sendHeads();
  expect(hub.seen).toEqual(["heads one 2"]);
});

test("[RTM23] another epoch is told to every watcher, and again until it has watched anew", async () => {
  const hub = makeHub(["a", "b"], [GRANT, GRANT]);
  await ask(hub);
  hub.rooms.setEpoch("two");
  hub.rooms.sendHeads();
  await ask(hub);
  hub.rooms.sendHeads();
  expect(hub.seen).toEqual(["heads two 0", "heads two 0", "heads two 2"]);
});

test("[RTM8] a room without watchers is kept for those who come back, and then goes", async () => {
  const hub = makeHub(["a"], [GRANT, GRANT]);
  await ask(hub);
  hub.socket.close();
  expect(hub.rooms.size).toBe(1);
  await hub.clock.advance(31_000);
  expect(hub.rooms.size).toBe(0);
});

test("[RTM40] after another history begins an event from the bus is only a hint, which the store must bear out", async () => {
  const hub = makeHub([], [GRANT, GRANT]);
  hub.rooms.setEpoch("none");
  hub.rooms.setEpoch("one");
  await ask(hub);
  const busRoom = roomOf.stream(REF);
  const arrive = async (event: StoredEvent) => {
    hub.rooms.arrived(busRoom, event);
    await hub.clock.advance(100);
    hub.rooms.repair(hub.clock.nowMs());
    await settle();
  };
  // Committed in a history that was lost, and held by a writer's client until now.
  await arrive(eventOf(1, "of.before"));
  expect(hub.seen).toEqual([]);
  hub.history.push(eventOf(1, "of.now"));
  await arrive(eventOf(1, "of.now"));
  expect(hub.seen).toEqual(["event 1"]);
  await hub.clock.advance(6_000);
  // Later it is believed; here the store does not have it yet.
  hub.rooms.arrived(busRoom, eventOf(2, "of.now"));
  expect(hub.seen).toEqual(["event 1", "event 2"]);
  hub.rooms.doubt();
  await arrive(eventOf(3, "of.before"));
  expect(hub.seen).toEqual(["event 1", "event 2"]);
});

test("[RTM40] a hub that has just begun reads from the store what the bus says", async () => {
  const hub = makeHub(["a"], [GRANT]);
  await ask(hub, 1);
  hub.rooms.arrived(roomOf.stream(REF), eventOf(2, "of.before"));
  await hub.clock.advance(500);
  expect(hub.seen).toEqual([]);
  hub.history.push(eventOf(2, "of.now"));
  hub.rooms.arrived(roomOf.stream(REF), eventOf(2, "of.before"));
  await hub.clock.advance(500);
  expect(hub.seen).toEqual(["event 2"]);
});

test("[RTM42] where a stream stands is said only while nothing newer could be missed", async () => {
  const hub = makeHub(["a", "b"], [GRANT]);
  const { rooms, clock, history } = hub;
  expect(rooms.headNow(REF)).toBeUndefined();
  await ask(hub, 2);
  expect(rooms.headNow(REF)).toBeUndefined();
  rooms.repair(clock.nowMs());
  // It has begun just now.
  expect(rooms.headNow(REF)).toBeUndefined();
  await clock.advance(6_000);
  rooms.repair(clock.nowMs());
  expect(rooms.headNow(REF)).toBe("one/2");
  history.push(eventOf(3, "c"), eventOf(4, "d"));
  rooms.arrived(roomOf.stream(REF), eventOf(4, "d"));
  expect(rooms.headNow(REF)).toBeUndefined();
  rooms.arrived(roomOf.stream(REF), eventOf(3, "c"));
  expect(rooms.headNow(REF)).toBe("one/4");
  await clock.advance(2_001);
  expect(rooms.headNow(REF)).toBeUndefined();
  rooms.repair(clock.nowMs());
  expect(rooms.headNow(REF)).toBe("one/4");
  rooms.doubt();
  expect(rooms.headNow(REF)).toBeUndefined();
});
