import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";
import type { MemoryPort } from "#shared/server/realtime/memory-in-redis.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";
import type { RedisClient } from "#shared/server/redis/connect.ts";

import { startHeadFollower, type HeadFollower } from "./head-follower.ts";
import { makePositionHub, type PositionHub } from "./positions.ts";
import type { Project, RealtimeLog, SnapshotOf, StreamRights } from "./ports.ts";
import { makeRoomBus } from "./room-bus.ts";
import { StreamMemory } from "./stream-memory.ts";
import { StreamRooms } from "./stream-rooms.ts";

/** Wall ms between heads on the heartbeat; each beat is moved by a random part of it. */
const HEADS_MIN_MS = 10_000;
const HEADS_MAX_MS = 15_000;

export interface RealtimeDeps {
  readonly store: EventStore;
  readonly last: LastPositions;
  readonly rights: StreamRights;
  readonly snapshotOf: SnapshotOf;
  readonly project: Project;
  /** What hubs remember together; without it a hub that starts asks the store for all of it. */
  readonly memory?: MemoryPort | undefined;
  /** Clients of this hub alone: see `connectRedis` for what each is for. */
  readonly redis: {
    readonly events: RedisClient;
    readonly eventsSubscriber: RedisClient;
    readonly positions: RedisClient;
    readonly positionsSubscriber: RedisClient;
  };
  /** Wall time. */
  readonly clock: Clock;
  readonly log: RealtimeLog;
  readonly followEveryMs?: number;
  readonly random?: () => number;
}

export interface Realtime {
  readonly rooms: StreamRooms;
  readonly positions: PositionHub;
  readonly follower: HeadFollower;
  /** Stops timers and leaves all rooms; the clients are the caller's to close. */
  close(): Promise<void>;
}

/** Streams and positions of one hub, wired. */
export function startRealtime(deps: RealtimeDeps): Realtime {
  const { store, clock, log, redis } = deps;
  const random = deps.random ?? Math.random;
  const events = makeRoomBus("/streams", {
    publisher: redis.events,
    subscriber: redis.eventsSubscriber,
    clock,
    // Cast: written by our own publisher; a contract test holds the format.
    onEvent: (room, payload) => rooms.arrived(room, payload as StoredEvent),
  });
  const places = makeRoomBus("/positions", {
    publisher: redis.positions,
    subscriber: redis.positionsSubscriber,
    clock,
    onEvent: (room, payload) => positions.arrived(room, payload),
  });
  const memory = deps.memory && new StreamMemory({ port: deps.memory, clock });
  const rooms = new StreamRooms({
    ...deps,
    memory,
    bus: events,
    onOrder: (marketId, orderId, watched) => positions.orderWatched(marketId, orderId, watched),
  });
  const positions = makePositionHub({ bus: places, last: deps.last, rooms, clock });
  const follower = startHeadFollower({
    store,
    rooms,
    memory,
    clock,
    log,
    random,
    ...(deps.followEveryMs === undefined ? {} : { everyMs: deps.followEveryMs }),
  });
  events.onReconnect(() => {
    rooms.doubt();
    follower.verify();
  });

  let cancelBeat = () => {};
  const beat = () => {
    rooms.sendHeads();
    cancelBeat = clock.after(HEADS_MIN_MS + random() * (HEADS_MAX_MS - HEADS_MIN_MS), beat);
  };
  beat();

  return {
    rooms,
    positions,
    follower,
    async close() {
      cancelBeat();
      follower.stop();
      memory?.stop();
      positions.stop();
      rooms.closeAll();
      await Promise.all([events.close(), places.close()]);
    },
  };
}
