import type { Socket } from "socket.io";

import { Refusal } from "#shared/contracts/errors.ts";
import type { StoredEvent, StreamRef } from "#shared/contracts/streams.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";

import type { Served } from "./fake-network.ts";
import type { FakePostgres } from "./fake-postgres.ts";
import type { FakeRedis, RedisConnection } from "./fake-redis.ts";
import type { Core } from "./load-core.ts";
import type { Person } from "./people.ts";

const NO_LOG = { warn: () => {}, error: () => {} };
/** Nobody has sent a position here. */
const NO_POSITIONS = { keep: async () => {}, read: async () => [] };

/** A process that can be killed: its timers die with it. */
export interface Process {
  readonly clock: Clock;
  alive: boolean;
}

export function makeProcess(clock: Clock): Process {
  const made: Process = {
    alive: true,
    clock: {
      nowMs: () => clock.nowMs(),
      rate: 1,
      after: (delayMs, task) =>
        clock.after(delayMs, () => {
          if (made.alive) task();
        }),
    },
  };
  return made;
}

export interface HubDeps {
  readonly core: Core;
  readonly clock: Clock;
  readonly random: Rng;
  readonly postgres: FakePostgres;
  readonly redis: FakeRedis;
  readonly personOf: (identity: Identity) => Person;
}

/** The real-time side of one hub, as hub/main.ts wires it, over stand-ins. */
export interface HubProcess {
  readonly subscriber: RedisConnection;
  serve(identity: Identity, socket: Socket): Served;
  /** What a writer of this process has committed. */
  committed(events: readonly StoredEvent[]): void;
  kill(): void;
}

export function startHub(deps: HubDeps): HubProcess {
  const { core, postgres, redis } = deps;
  const process = makeProcess(deps.clock);
  const connections = [1, 2, 3, 4].map(() => new core.RedisConnection(redis));
  const [events, subscriber, positions, positionsSubscriber] = connections as [
    RedisConnection,
    RedisConnection,
    RedisConnection,
    RedisConnection,
  ];
  const authorise = async (identity: Identity, ref: StreamRef) => ({
    viewer: await postgres.read(() => viewerOf(postgres, deps.personOf(identity), ref)),
  });
  const realtime = core.startRealtime({
    store: postgres.store(),
    last: NO_POSITIONS,
    rights: { authorise, closesAt: core.closesAt },
    snapshotOf: (ref, viewer) =>
      postgres.read(() => {
        const seq = postgres.head(ref);
        const mayWatch = viewer.as !== "kitchen" || postgres.isStaff(viewer.personId);
        return { seq, snapshot: { seq }, mayWatch };
      }),
    project: projectEvent,
    memory: redis.memory.port(positions),
    redis: {
      events: events.client,
      eventsSubscriber: subscriber.client,
      positions: positions.client,
      positionsSubscriber: positionsSubscriber.client,
    },
    clock: process.clock,
    log: NO_LOG,
    random: deps.random,
  });
  const serve = core.makeServing("ops", {
    // Cast: no command is sent here.
    useCases: {} as never,
    rooms: realtime.rooms,
    positions: realtime.positions,
    clock: process.clock,
    log: NO_LOG,
    gate: core.makeGate(64),
    alarms: core.makeAlarms(process.clock),
    draining: () => false,
    // Cast: the stand-in of a connection hands on what is emitted.
    send: (socket, event, frame) => void (socket as Socket).emit(event, frame),
    admit: async () => {
      throw new Refusal("auth.expired", "no session is renewed here");
    },
  });
  return {
    subscriber,
    serve: (identity, socket) => serve(socket, identity),
    committed: (done) => realtime.committed(done),
    kill() {
      process.alive = false;
      for (const one of connections) one.end();
    },
  };
}

/** Who may watch what, as `makeAuthoriseWatch` asks it of the real store. */
function viewerOf(postgres: FakePostgres, person: Person, ref: StreamRef): Viewer {
  const { as, personId, orderId } = person;
  const may =
    as === "ops" ||
    (as === "customer" && ref.kind === "order" && ref.id === orderId) ||
    (as === "kitchen" && ref.kind === "restaurant" && postgres.isStaff(personId));
  if (!may) throw new Refusal("stream.not-found", "no such stream for you");
  return { as, personId };
}
