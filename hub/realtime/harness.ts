import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Server } from "socket.io";

import { connectHub, type HubClient, type Watch } from "#shared/client/hub-client.ts";
import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import type { Problem } from "#shared/contracts/errors.ts";
import type { SeenEvent, StoredEvent, StreamPosition, StreamRef } from "#shared/contracts/streams.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import type { EventDraft } from "#shared/domain/order/change.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { appendEvents } from "#shared/server/db/events.ts";
import type { Arrivals } from "#shared/server/realtime/arrivals.ts";
import { makeEventStore } from "#shared/server/realtime/event-store.ts";
import { memoryInRedis } from "#shared/server/realtime/memory-in-redis.ts";
import { makeLastPositions } from "#shared/server/realtime/last-positions.ts";
import { makePublisher, type Publisher } from "#shared/server/realtime/publish.ts";
import { connectRedis, type RedisUse } from "#shared/server/redis/connect.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";

import type { UseCases } from "../services/use-cases.ts";
import { makeGate } from "../gate.ts";
import { buildIo } from "../sockets/io.ts";
import type { StreamRights } from "./ports.ts";
import { startRealtime, type Realtime } from "./realtime.ts";

const NO_LOG = { warn: () => {}, error: () => {} };
const noMatter = () => {};
const wall = makeSystemClock({ CLOCK_RATE: 1 });

export interface TestHub {
  readonly url: string;
  readonly realtime: Realtime;
  readonly io: Server;
  close(): Promise<void>;
}

export interface TestHubOptions {
  readonly databaseUrl: string;
  readonly redisUrls: string;
  readonly rights?: StreamRights;
  readonly followEveryMs?: number;
  /** Of the publisher whose positions this hub takes. */
  readonly arrivals?: Arrivals;
  /** A free one where absent. */
  readonly port?: number;
  /** Pings come by it. */
  readonly pulseClock?: Clock;
}

/** Everybody who is let in may watch everything, as the office. */
export const OPEN_RIGHTS: StreamRights = {
  authorise: async (identity) => ({ viewer: { as: "ops", personId: identity.personId } }),
  closesAt: () => false,
};

/** A token of the tests: the identity itself. */
export function tokenOf(identity: Partial<Identity> = {}): string {
  const whole: Identity = {
    personId: "0190a000-0000-7000-8000-000000000001",
    sessionId: "0190a000-0000-7000-8000-000000000002",
    roles: [{ role: "support", marketId: "test-market", restaurantId: null }],
    expiresAtMs: Date.now() + 3_600_000,
    ...identity,
  };
  return JSON.stringify(whole);
}

/** The real-time side of one hub on real parts, on a port of its own; without the use cases. */
export async function startTestHub(options: TestHubOptions): Promise<TestHub> {
  const db = connectDb(options.databaseUrl, { max: 6, name: "test-hub" });
  const client = (use: RedisUse, name: string) => connectRedis(options.redisUrls, use, name, noMatter);
  const redis = {
    events: client("events", "test-events"),
    eventsSubscriber: client("subscriber", "test-events-sub"),
    positions: client("positions", "test-positions"),
    positionsSubscriber: client("subscriber", "test-positions-sub"),
  };
  const store = makeEventStore(db);
  const realtime = startRealtime({
    store,
    memory: memoryInRedis(redis.positions),
    last: makeLastPositions(redis.positions),
    rights: options.rights ?? OPEN_RIGHTS,
    snapshotOf: async (ref) => {
      const seq = await store.headOf(ref);
      return { seq, snapshot: { seq }, mayWatch: true };
    },
    project: projectEvent,
    redis,
    clock: wall,
    log: NO_LOG,
    ...(options.arrivals ? { arrivals: options.arrivals } : {}),
    ...(options.followEveryMs === undefined ? {} : { followEveryMs: options.followEveryMs }),
  });
  const server = createServer();
  const io = buildIo({
    server,
    // Cast: no test of the real-time side sends a command.
    useCases: {} as UseCases,
    // Cast: tokens of the tests are made by tokenOf.
    verifyToken: (token) => JSON.parse(token) as Identity,
    rooms: realtime.rooms,
    positions: realtime.positions,
    clock: wall,
    log: NO_LOG,
    allowedOrigins: [],
    gate: makeGate(10_000),
    limits: { perSecond: 10_000, burst: 10_000 },
    ...(options.pulseClock && { pulseClock: options.pulseClock }),
  });
  await new Promise<void>((listening) => server.listen(options.port ?? 0, "127.0.0.1", listening));
  // Cast: a TCP server that listens has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    realtime,
    io: io.io,
    async close() {
      await io.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await realtime.close();
      for (const one of Object.values(redis)) one.disconnect();
      await db.close();
    },
  };
}

export interface TestWriter {
  readonly db: Db;
  readonly publisher: Publisher;
  /** Commits `count` events to the stream; announces them unless told not to. */
  write(ref: StreamRef, count: number, options?: { readonly silent?: boolean }): Promise<StoredEvent[]>;
  close(): Promise<void>;
}

/** A process that changes the store and announces it: a hub or a worker, as far as streams are concerned. */
export function startTestWriter(databaseUrl: string, redisUrls: string, arrivals?: Arrivals): TestWriter {
  const db = connectDb(databaseUrl, { max: 4, name: "test-writer" });
  const events = connectRedis(redisUrls, "events", "test-writer", noMatter);
  const positions = connectRedis(redisUrls, "positions", "test-writer", noMatter);
  const publisher = makePublisher({ events, positions, onLost: noMatter, ...(arrivals ? { arrivals } : {}) });
  return {
    db,
    publisher,
    async write(ref, count, options = {}) {
      const draft: EventDraft = {
        marketId: ref.marketId,
        type: "order.preparing",
        payload: {},
        actorRole: "support",
        actorId: null,
        atMs: Date.now(),
        in: { [ref.kind]: ref.id },
      };
      const written: StoredEvent[] = [];
      for (let i = 0; i < count; i += 1) {
        const committed = await db.orm.transaction((tx) => appendEvents(tx, [draft]));
        written.push(...committed);
        if (!options.silent) void publisher.publish(committed);
      }
      return written;
    },
    async close() {
      events.disconnect();
      positions.disconnect();
      await db.close();
    },
  };
}

/** A client with the log of what its handlers got. */
export interface Follower {
  readonly client: HubClient;
  readonly watch: Watch;
  /** Seqs as the handler got them. */
  readonly seqs: number[];
  readonly snapshots: StreamPosition[];
  readonly closings: Problem[];
  readonly events: SeenEvent[];
}

export function follow(url: string, ref: StreamRef, namespace: Namespace = "ops", token = tokenOf()): Follower {
  const client = connectHub({ url, namespace, token: () => token });
  return followWith(client, ref);
}

export function followWith(client: HubClient, ref: StreamRef): Follower {
  const seqs: number[] = [];
  const snapshots: StreamPosition[] = [];
  const closings: Problem[] = [];
  const events: SeenEvent[] = [];
  const watch = client.watch(ref, {
    onSnapshot: (_, position) => void snapshots.push(position),
    onEvent: (event) => {
      seqs.push(event.seq);
      events.push(event);
    },
    onClosed: (problem) => void closings.push(problem),
  });
  return { client, watch, seqs, snapshots, closings, events };
}

/** 1 … n after a start: what a log must be. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
