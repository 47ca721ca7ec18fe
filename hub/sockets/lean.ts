import type { EventEmitter } from "node:events";

import type { Namespace, Socket } from "socket.io";

import { sendAck } from "./frame-train.ts";
import { laidFlat } from "./listeners.ts";

/** What a socket says of its beginning once it is served: nothing. */
const NO_HANDSHAKE = Object.freeze({ headers: {}, auth: {}, query: {} });

/** Nobody asks a client for an answer here; Socket.IO makes each socket a map of such answers. */
const NO_ANSWERS: ReadonlyMap<number, unknown> = new Map<number, unknown>();

/** What Engine.IO 6 and Socket.IO 4 keep of a connection; a test looks whether it is still so. */
interface Holders {
  handshake: unknown;
  acks: unknown;
  _anyListeners: readonly unknown[] | undefined;
  readonly client: { readonly decoder: { readonly _callbacks: Record<string, readonly unknown[]> } };
  readonly conn: {
    request: unknown;
    sentCallbackFn: readonly unknown[];
    cleanupFn: readonly unknown[];
  };
}

/**
 * Lets go of the request that opened the connection, and of what was made of it: its headers and the token in them would be
 * held as long as the connection, and nobody looks at them again. Listeners and lists take as much as they need. [RTM33, RTM49]
 *
 * @param socket has been admitted: after this `handshake` is empty
 */
export function shed(socket: Socket): void {
  const holders = socket as unknown as Holders; // Cast: the fields are read-only for users; none of them is read any more.
  const { conn, client } = holders;
  holders.handshake = NO_HANDSHAKE;
  holders.acks = NO_ANSWERS;
  holders._anyListeners = holders._anyListeners?.slice();
  conn.request = null;
  conn.cleanupFn = conn.cleanupFn.slice();
  const heard = client.decoder._callbacks;
  for (const [event, listeners] of Object.entries(heard)) heard[event] = listeners.slice();
  laidFlat(socket);
  laidFlat(conn);
  // When Socket.IO's own answer has gone out.
  setImmediate(() => {
    if (conn.sentCallbackFn.length === 0) conn.sentCallbackFn = [];
  });
}

/** The TCP socket beneath a connection of Engine.IO, as far as it is looked at here. */
export interface Upgraded {
  readonly transport: {
    readonly socket?: { readonly _socket: (EventEmitter & { _peername?: unknown }) | null };
  };
}

/**
 * Engine.IO makes a response for each upgrade, and lets the TCP socket tell it of its end: with it the socket would hold the response, and that the
 * request. Nothing else listens to it once. Nor is the peer's address asked for again. [RTM33, RTM49]
 */
export function forgetsResponse({ transport }: Upgraded): void {
  const tcp = transport.socket?._socket;
  if (!tcp) return;
  for (const heard of tcp.rawListeners("close") as { readonly listener?: () => void }[])
    // Cast: those that listen once say whom they wrap.
    if (heard.listener) tcp.removeListener("close", heard.listener);
  tcp._peername = undefined;
}

/**
 * Socket.IO gives each socket a room with its own id. Nobody here emits to one, and it is two sets and two entries of maps for
 * every connection; so a socket stands in a room only when somebody lets it join one. [RTM33]
 *
 * After this `fetchSockets` and `disconnectSockets` do not find a socket without a room: go through `namespace.sockets`.
 */
export function joinsRoomsAlone({ adapter }: Namespace): void {
  const addAll = adapter.addAll.bind(adapter);
  adapter.addAll = (id, rooms) => (rooms.size === 1 && rooms.has(id) ? undefined : addAll(id, rooms));
}

/** What a socket calls for each request that wants an answer; a test looks whether it is still so. */
interface Answering {
  ack: (this: Socket, id: number) => (...args: readonly unknown[]) => void;
}

/**
 * Answers go to TCP as whole frames, as frames do: through Socket.IO, Engine.IO and `ws` an answer costs more than most of what is asked.
 */
export function answersDirectly(socket: Socket): void {
  (socket as unknown as Answering).ack = answerOnce; // Cast: private in Socket.IO's types.
}

function answerOnce(this: Socket, id: number): (...args: readonly unknown[]) => void {
  return answerTo(this, id);
}

/** What answers a request of the socket, once. */
export function answerTo(socket: Socket, id: number): (...args: readonly unknown[]) => void {
  let sent = false;
  return (...args) => {
    if (sent) return;
    sent = true;
    sendAck(socket, id, args);
  };
}
