import type { Namespace, Socket } from "socket.io";

import { sendAck } from "./frame-train.ts";

/** What a socket says of its beginning once it is served: nothing. */
const NO_HANDSHAKE = Object.freeze({ headers: {}, auth: {}, query: {} });

/** Where Engine.IO 6 and Socket.IO 4 keep the request of the connection; a test looks whether it is still so. */
interface Holders {
  handshake: unknown;
  readonly conn: { request: unknown; readonly transport: { req?: unknown } };
}

/**
 * Lets go of the request that opened the connection, and of what was made of it: its headers and the token in them would be
 * held as long as the connection, and nobody looks at them again. [RTM33]
 *
 * @param socket has been admitted: after this `handshake` is empty
 */
export function shed(socket: Socket): void {
  const holders = socket as unknown as Holders; // Cast: the fields are read-only for users; none of them is read any more.
  holders.handshake = NO_HANDSHAKE;
  holders.conn.request = null;
  holders.conn.transport.req = null;
}

/**
 * A middleware of Engine.IO. It makes a response for every upgrade, that middlewares may write headers to, and lets the TCP
 * socket hold it to the end; the response holds the request. [RTM33]
 */
export function forgetsRequest(_request: unknown, response: { req: unknown }, next: () => void): void {
  response.req = null;
  next();
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
