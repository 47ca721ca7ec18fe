/**
 * The sharded adapter's private wire format (@socket.io/redis-adapter 8.3.0): the channel of a room and a broadcast in it.
 * The version is pinned, and a contract test lets an installed adapter decode what is made here. [RTM1]
 */
const PREFIX = "socket.io";
const BROADCAST = 3;
const EVENT_PACKET = 2;

/** Namespaces that hubs speak among themselves; no client can connect to them. */
export type InternalNamespace = "/streams" | "/positions";

export function channelOf(namespace: InternalNamespace, room: string): string {
  return `${PREFIX}#${namespace}#${room}#`;
}

/** One event with one payload to one room, as the adapter of another hub would send it. */
export function broadcastOf(namespace: InternalNamespace, room: string, event: string, payload: unknown): string {
  return JSON.stringify({
    uid: "writer",
    nsp: namespace,
    type: BROADCAST,
    data: {
      opts: { rooms: [room], except: [], flags: {} },
      packet: { type: EVENT_PACKET, data: [event, payload], nsp: namespace },
    },
  });
}
