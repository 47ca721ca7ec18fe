import { createShardedAdapter } from "@socket.io/redis-adapter";

import type { Clock } from "#shared/lib/clock.ts";
import { channelOf, type InternalNamespace } from "#shared/server/realtime/wire.ts";
import type { RedisClient } from "#shared/server/redis/connect.ts";

/** Rooms that hubs hear of each other: a hub joins a room while somebody here needs it. */
export interface RoomBus {
  /**
   * Joins, and waits until Redis has confirmed our own subscription: joining alone loses what is published at once.
   *
   * @throws when the subscription is refused; the room is then not joined
   */
  join(room: string): Promise<void>;
  leave(room: string): void;
  /** Told whenever subscriptions may have been away for a while, and once more when all of them are back. */
  onReconnect(listener: () => void): void;
  /** Told when the connection is gone, and whenever a room could not be subscribed again: what is published may pass by. */
  onDeaf(listener: () => void): void;
  /** Rooms joined now. */
  readonly size: number;
  close(): Promise<void>;
}

export interface RoomBusDeps {
  readonly publisher: RedisClient;
  /** Its own connection, or connections of a cluster. */
  readonly subscriber: RedisClient;
  /** Wall time. */
  readonly clock: Clock;
  /** Called with the payload of every event that arrives for a joined room. It stands where sockets would. */
  readonly onEvent: (room: string, payload: unknown) => void;
}

/** Socket.IO's socket ids have 20 characters; this is none. */
const HUB = "this-hub";
const BROADCAST = 3;
/** `ready` for one server; the others for a cluster's shards. */
const RECONNECTED = ["ready", "+subscriber", "-subscriber", "subscribersReady"];
/** While it is away these come again with each attempt to connect. */
const LOST = ["close", "reconnecting", "-subscriber"];
/** Wall ms before a refused subscription is asked for again after a reconnection. */
const SUBSCRIBE_AGAIN_MS = 500;

/** What we use of the adapter: public, but for the message hook. */
interface Adapter {
  addAll(id: string, rooms: Set<string>): void;
  del(id: string, room: string): void;
  close(): Promise<void> | void;
  onMessage(message: unknown): void;
}

/**
 * The sharded adapter of one internal namespace, with this hub as its only member. [RTM4]
 *
 * The adapter would deliver straight to sockets; its message hook is replaced, so that a StreamRoom stands between. The
 * namespace exists only here: no client can connect to it. Its subscriber is wrapped, because the adapter neither waits
 * for a subscription nor handles its failure.
 */
export function makeRoomBus(namespace: InternalNamespace, deps: RoomBusDeps): RoomBus {
  const { subscriber, onEvent, clock } = deps;
  const confirmed = new Map<string, Promise<unknown>>();
  const rooms = new Set<string>();
  const listeners = new Set<() => void>();
  const deafListeners = new Set<() => void>();
  let closing = false;
  /** Counts reconnections; a newer one takes over what an older one was still asking for. */
  let round = 0;
  const watched = {
    on: (event: string, listener: (...args: unknown[]) => void) => subscriber.on(event, listener),
    ssubscribe(channel: string) {
      const confirmation = subscriber.ssubscribe(channel);
      confirmation.catch(() => {});
      confirmed.set(channel, confirmation);
    },
    sunsubscribe(channels: string | string[]) {
      for (const channel of [channels].flat()) {
        confirmed.delete(channel);
        if (!closing) subscriber.sunsubscribe(channel).catch(() => {});
      }
    },
  };
  const bare = { name: namespace, server: { encoder: undefined, opts: {} } };
  // Cast: the adapter reads no more of a namespace than `bare` has while no socket is in it.
  const adapter = createShardedAdapter(deps.publisher, watched)(bare) as unknown as Adapter;
  adapter.onMessage = (message) => {
    const got = broadcastIn(message);
    if (got && rooms.has(got.room)) onEvent(got.room, got.payload);
  };

  // The client subscribes again by itself, once, and does not look at the answer: a room that was refused would stay deaf.
  async function subscribedAgain(room: string, mine: number): Promise<void> {
    const wanted = () => mine === round && rooms.has(room) && !closing;
    while (wanted()) {
      try {
        await subscriber.ssubscribe(channelOf(namespace, room));
        return;
      } catch {
        deaf();
        await new Promise<void>((done) => void clock.after(SUBSCRIBE_AGAIN_MS, done));
      }
    }
  }

  async function reconnected(): Promise<void> {
    round += 1;
    const mine = round;
    for (const listener of listeners) listener();
    if (rooms.size === 0) return;
    await Promise.all([...rooms].map((room) => subscribedAgain(room, mine)));
    // What was published until just now was heard by nobody here.
    if (mine === round && !closing) for (const listener of listeners) listener();
  }
  const deaf = (): void => {
    for (const listener of deafListeners) listener();
  };
  for (const event of LOST) subscriber.on(event, deaf);
  for (const event of RECONNECTED) subscriber.on(event, () => void reconnected());

  return {
    get size() {
      return rooms.size;
    },
    async join(room) {
      rooms.add(room);
      adapter.addAll(HUB, new Set([room]));
      try {
        await confirmed.get(channelOf(namespace, room));
      } catch (error) {
        this.leave(room);
        throw error;
      }
    },
    leave(room) {
      if (rooms.delete(room)) adapter.del(HUB, room);
    },
    onReconnect(listener) {
      listeners.add(listener);
    },
    onDeaf(listener) {
      deafListeners.add(listener);
    },
    async close() {
      closing = true;
      rooms.clear();
      await adapter.close();
    },
  };
}

/** The room and payload of a broadcast to one room; undefined for anything else that hubs say to each other. */
function broadcastIn(message: unknown): { room: string; payload: unknown } | undefined {
  // Cast: decoded by the adapter; every field is checked before it is used.
  const { type, data } = message as {
    type?: unknown;
    data?: { opts?: { rooms?: unknown }; packet?: { data?: unknown } };
  };
  const rooms = data?.opts?.rooms;
  const args = data?.packet?.data;
  if (type !== BROADCAST || !Array.isArray(rooms) || rooms.length !== 1 || !Array.isArray(args)) return undefined;
  const room: unknown = rooms[0];
  return typeof room === "string" ? { room, payload: args[1] } : undefined;
}
