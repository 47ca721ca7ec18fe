import fc from "fast-check";
import { expect, test } from "vitest";

import { makeHubClient } from "#shared/client/hub-client.ts";
import type { OpenTransport, TransportEvents } from "#shared/client/transport.ts";
import { problemOf, Refusal } from "#shared/contracts/errors.ts";
import { roomOf } from "#shared/contracts/rooms.ts";
import {
  streamCommands,
  type Ack,
  type StoredEvent,
  type StreamFrames,
  type StreamRef,
} from "#shared/contracts/streams.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";
import { FakeClock, settle } from "#shared/testing/fake-clock.ts";
import { makeSimLink, type Fate } from "#shared/testing/sim-link.ts";

import { startHeadFollower } from "./head-follower.ts";
import { StreamRooms } from "./stream-rooms.ts";

const REF: StreamRef = { marketId: "test-market", kind: "restaurant", id: "0190a000-0000-7000-8000-00000000000a" };
const NO_LOG = { warn: () => {}, error: () => {} };
const IDENTITY = { personId: "0190a000-0000-7000-8000-000000000001", sessionId: "s", roles: [], expiresAtMs: 4e12 };

/** What happens to the system, one after the other. */
type Step =
  | { readonly do: "write"; readonly count: number }
  | { readonly do: "disconnect" }
  | { readonly do: "restore"; readonly lose: number }
  | { readonly do: "outage"; readonly of: "bus" | "store"; readonly forMs: number }
  | { readonly do: "wait"; readonly forMs: number };

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([3]) },
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 2, arbitrary: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 3 }) },
);
/** A connection keeps the order of what it carries; a frame may be lost or repeated by what we do not know of. */
const frameFate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 6, arbitrary: fc.constant([5]) },
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constant([5, 5]) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("write" as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), forMs: fc.integer({ min: 1, max: 2_000 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: "disconnect" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("outage" as const),
      of: fc.constantFrom("bus" as const, "store" as const),
      forMs: fc.integer({ min: 1, max: 5_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restore" as const), lose: fc.integer({ min: 0, max: 4 }) }) },
);

/** A store, a bus and a hub, of which the test says what they do. */
function makeWorld(publishFates: readonly Fate[], frameFates: readonly Fate[]) {
  const clock = new FakeClock();
  let history: StoredEvent[] = [];
  let epoch = 1;
  const down = { bus: 0, store: 0 };
  const isDown = (part: keyof typeof down) => clock.nowMs() < down[part];
  const answer = async <T>(read: () => T): Promise<T> => {
    await new Promise<void>((done) => void clock.after(2, done));
    if (isDown("store")) throw new Error("the store is away");
    return read();
  };
  const store: EventStore = {
    readAfter: (_, after, limit) => answer(() => history.slice(after, after + limit)),
    headOf: () => answer(() => history.length),
    headsOf: (refs) =>
      answer(() => new Map(refs.length > 0 ? [[`${REF.marketId}/${REF.kind}/${REF.id}`, history.length]] : [])),
    changedSince: (mark) =>
      answer(() => ({
        epoch: `epoch-${epoch}`,
        watermark: String(history.length),
        heads: mark !== undefined && Number(mark) < history.length ? [{ ref: REF, seq: history.length }] : [],
      })),
    carriageOf: () => Promise.reject(new Error("no order is watched here")),
  };
  const rooms = new StreamRooms({
    bus: {
      join: () => new Promise((done) => void clock.after(4, done)),
      leave: () => {},
    },
    store,
    rights: {
      authorise: (identity) => answer(() => ({ viewer: { as: "ops" as const, personId: identity.personId } })),
      closesAt: () => false,
    },
    snapshotOf: () => answer(() => ({ seq: history.length, snapshot: history.length, mayWatch: true })),
    project: projectEvent,
    clock,
    log: NO_LOG,
  });
  const follower = startHeadFollower({ store, rooms, clock, log: NO_LOG, random: () => 0.5 });
  const published = makeSimLink<StoredEvent>(clock, publishFates, 3, (event) => {
    if (!isDown("bus")) rooms.arrived(roomOf.stream(REF), event);
  });
  return {
    clock,
    rooms,
    down,
    head: () => history.length,
    epoch: () => `epoch-${epoch}`,
    open: openTransport(clock, rooms, frameFates),
    write() {
      const seq = history.length + 1;
      const event = eventOf(seq, epoch);
      history.push(event);
      published.send(event);
    },
    restore(lose: number) {
      history = history.slice(0, Math.max(0, history.length - lose));
      epoch += 1;
      published.cut();
    },
    stop: () => follower.stop(),
  };
}

function eventOf(seq: number, epoch: number): StoredEvent {
  return {
    marketId: REF.marketId,
    id: `0190a000-0000-7000-8000-${String(epoch).padStart(4, "0")}${String(seq).padStart(8, "0")}`,
    type: "test.happened",
    payload: { epoch },
    actorRole: "support",
    actorId: null,
    atMs: seq,
    orderId: null,
    orderSeq: null,
    restaurantId: REF.id,
    restaurantSeq: seq,
    courierId: null,
    courierSeq: null,
  };
}

type Frame = { [E in keyof StreamFrames]: { event: E; frame: StreamFrames[E] } }[keyof StreamFrames];

/** A connection to the hub's rooms: 5 ms each way, in order; `drop()` ends it with all that is under way. */
function openTransport(clock: FakeClock, rooms: StreamRooms, fates: readonly Fate[]) {
  let drop = () => {};
  const open: OpenTransport = (events: TransportEvents) => {
    let closed = false;
    let watches = connect();
    function connect() {
      const down = makeSimLink<() => void>(clock, fates, 5, (deliver) => deliver());
      // Answers are not lost alone: they end with the connection.
      const answers = makeSimLink<() => void>(clock, [], 5, (deliver) => deliver());
      const send = (got: Frame) => down.send(() => events.onFrame(got.event, got.frame));
      const socket = rooms.forSocket({
        identity: IDENTITY,
        event: (stream, epoch, event) => send({ event: "stream:event", frame: { stream, epoch, event } }),
        heads: (epoch, heads) => send({ event: "stream:heads", frame: { epoch, heads } }),
        closed: (stream, seq, problem) => send({ event: "stream:closed", frame: { stream, seq, problem } }),
        position: () => true,
        zones: () => true,
      });
      let over = false;
      const waiting = new Set<(ack: undefined) => void>();
      clock.after(5, () => {
        if (!over) events.onStatus("live");
      });
      drop = () => {
        if (over) return;
        over = true;
        down.cut();
        answers.cut();
        socket.close();
        events.onStatus("offline");
        for (const lost of waiting) lost(undefined);
        if (!closed) clock.after(20, () => (watches = connect()));
      };
      return { socket, answers, waiting, over: () => over };
    }
    return {
      request(event, payload, done) {
        const { socket, answers, waiting, over } = watches;
        if (over()) return done(undefined);
        waiting.add(done);
        const answer = (ack: Ack<unknown>) =>
          answers.send(() => {
            if (waiting.delete(done)) done(ack);
          });
        clock.after(5, () => {
          if (over()) return;
          if (event !== "stream:watch") return socket.unwatch(REF);
          const { stream, since } = streamCommands["stream:watch"].parse(payload);
          return void socket
            .watch(stream, since, (data) => answer({ ok: true, data }))
            .catch((error: unknown) => answer({ ok: false, problem: problemFor(error) }));
        });
      },
      close() {
        closed = true;
        drop();
      },
    };
  };
  return Object.assign(open, { drop: () => drop() });
}

function problemFor(error: unknown) {
  return error instanceof Refusal ? problemOf(error.code, error.message) : problemOf("internal", "try again");
}

test("[RTM5] [RTM6] [RTM8] [RTM21] [RTM23] [RTM25] a watcher's log is its range, whatever the network, the bus and the store do", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.array(fate, { maxLength: 60 }),
      fc.array(frameFate, { maxLength: 60 }),
      async (steps, publishFates, frameFates) => {
        const world = makeWorld(publishFates, frameFates);
        const { clock } = world;
        const client = makeHubClient({ token: () => "", clock, random: () => 0.5 }, world.open);
        const log: { epoch: string; seq: number; snapshot: boolean; of: unknown }[] = [];
        client.watch(REF, {
          onSnapshot: (of, { epoch, seq }) => void log.push({ epoch, seq, snapshot: true, of }),
          onEvent: (event, { epoch, seq }) => void log.push({ epoch, seq, snapshot: false, of: event.payload }),
        });
        const beat = () => {
          world.rooms.sendHeads();
          clock.after(12_000, beat);
        };
        beat();
        for (const one of steps) {
          if (one.do === "write") for (let i = 0; i < one.count; i += 1) world.write();
          else if (one.do === "disconnect") world.open.drop();
          else if (one.do === "restore") world.restore(one.lose);
          else if (one.do === "outage") world.down[one.of] = clock.nowMs() + one.forMs;
          else await clock.advance(one.forMs);
          await clock.advance(7);
        }
        // Where a change and the heartbeats after it were all lost, the next one that is sure to tell of it is the sixteenth.
        await clock.advance(17 * 12_000);
        world.stop();
        client.close();
        await settle();

        expect(log.length).toBeGreaterThan(0);
        // Within one history nothing is left out, repeated or replaced by a snapshot; another one begins with a snapshot.
        for (const [index, { epoch, seq, snapshot }] of log.entries()) {
          const before = log[index - 1];
          const next = before?.epoch === epoch ? { seq: before.seq + 1, snapshot: false } : { seq, snapshot: true };
          expect({ seq, snapshot }).toEqual(next);
        }
        expect(log.at(-1)).toMatchObject({ epoch: world.epoch(), seq: world.head() });
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
