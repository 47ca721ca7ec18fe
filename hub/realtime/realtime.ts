import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Arrivals } from "#shared/server/realtime/arrivals.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";
import type { MemoryPort } from "#shared/server/realtime/memory-in-redis.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";
import type { RedisClient } from "#shared/server/redis/connect.ts";

import { roomOf } from "#shared/contracts/rooms.ts";
import { streamsOf } from "#shared/server/realtime/publish.ts";
import { broadcastOf, channelOf } from "#shared/server/realtime/wire.ts";

import { startHeadFollower, type HeadFollower } from "./head-follower.ts";
import { makePositionHub, type PositionHub } from "./positions.ts";
import type { Project, RealtimeLog, SnapshotOf, StreamRights } from "./ports.ts";
import { makeRoomBus } from "./room-bus.ts";
import { StreamMemory } from "./stream-memory.ts";
import { StreamRooms } from "./stream-rooms.ts";

/** Wall ms between heads on the heartbeat; each beat is moved by a random part of it. */
const HEADS_MIN_MS = 10_000;
const HEADS_MAX_MS = 15_000;
/** Wall ms. */
const ASK_AGAIN_MS = 1_000;

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
  /** Of this hub's publisher, where couriers send their places to this hub. */
  readonly arrivals?: Arrivals;
  readonly followEveryMs?: number;
  readonly random?: () => number;
}

export interface Realtime {
  readonly rooms: StreamRooms;
  readonly positions: PositionHub;
  readonly follower: HeadFollower;
  /** Tells those who are here of what this hub has committed; the others hear of it by Redis. Twice, the second changes nothing. [RTM42] */
  committed(events: readonly StoredEvent[]): void;
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
    onEvent: (room, payload) => {
      // Cast: asked by a hub, below.
      if (room === roomOf.zonesAsked) deps.arrivals?.asked(payload as string[]);
      else positions.arrived(payload);
    },
  });
  const memory = deps.memory && new StreamMemory({ port: deps.memory, clock });
  const rooms = new StreamRooms({
    ...deps,
    memory,
    bus: events,
    onOrder: (marketId, orderId, watched) => positions.orderWatched(marketId, orderId, watched),
  });
  const askZones = zoneAsker(redis.positions, clock);
  const positions = makePositionHub({ bus: places, last: deps.last, askZones, rooms, clock });
  const follower = startHeadFollower({
    store,
    rooms,
    memory,
    clock,
    log,
    random,
    ...(deps.followEveryMs === undefined ? {} : { everyMs: deps.followEveryMs }),
  });
  events.onDeaf(() => rooms.doubt());
  events.onReconnect(() => {
    rooms.doubt();
    follower.verify();
  });
  places.onReconnect(() => {
    deps.arrivals?.hears();
    positions.reconnected();
  });
  // Where Redis refuses it, every position is announced in its zone's room.
  if (deps.arrivals)
    places.join(roomOf.zonesAsked).then(
      () => deps.arrivals?.hears(),
      () => {},
    );

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
    committed(done) {
      for (const event of done) for (const ref of streamsOf(event)) rooms.arrived(roomOf.stream(ref), event);
    },
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

/** Asks the hubs who is in zones; again, until Redis has taken it. [RTM41] */
function zoneAsker(redis: RedisClient, clock: Clock): (zoneRooms: readonly string[]) => void {
  const channel = channelOf("/positions", roomOf.zonesAsked);
  const ask = (zoneRooms: readonly string[]): void => {
    const asking = redis.spublish(channel, broadcastOf("/positions", roomOf.zonesAsked, "zones", zoneRooms));
    asking.catch(() => void clock.after(ASK_AGAIN_MS, () => ask(zoneRooms)));
  };
  return ask;
}
