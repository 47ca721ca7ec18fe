import type { Socket } from "socket.io";

import type { StreamFrames } from "#shared/contracts/streams.ts";

interface Written {
  readonly namespace: string;
  readonly bytes: Buffer;
}

/** Bytes of the frames and trains that went out last: many sockets are given the same objects. */
const writtenFrames = new WeakMap<object, Written>();
const writtenTrains = new WeakMap<object, Written>();

/**
 * Several events of one kind to one socket in one write, each as a WebSocket frame of its own: any Socket.IO client reads
 * them as they come. Frames and lists of them are written down once for all sockets of a namespace that are given the same.
 *
 * @param frames plain JSON; neither they nor the list are changed afterwards
 */
export function sendTrain<E extends keyof StreamFrames>(
  socket: Pick<Socket, "conn" | "nsp">,
  event: E,
  frames: readonly (StreamFrames[E] & object)[],
): void {
  const { bytes } = remembered(writtenTrains, frames, socket.nsp.name, (namespace) =>
    Buffer.concat(frames.map((frame) => frameBytes(namespace, event, frame))),
  );
  put(socket, bytes);
}

/** What {@link sendFrame} wrote last. A map of frames would be gone through by the collector for each position. */
let writtenLast: (Written & { readonly frame: object }) | undefined;

/** One event: written down once for all sockets of a namespace that are given the same frame one after the other. */
export function sendFrame<E extends keyof StreamFrames>(
  socket: Pick<Socket, "conn" | "nsp">,
  event: E,
  frame: StreamFrames[E] & object,
): void {
  const { name: namespace } = socket.nsp;
  if (writtenLast?.frame !== frame || writtenLast.namespace !== namespace)
    writtenLast = { frame, namespace, bytes: textFrame(eventPacket(namespace, event, frame)) };
  put(socket, writtenLast.bytes);
}

/** One event to one socket, which no other is given. */
export function sendAlone<E extends keyof StreamFrames>(
  socket: Pick<Socket, "conn" | "nsp">,
  event: E,
  frame: StreamFrames[E] & object,
): void {
  put(socket, textFrame(eventPacket(socket.nsp.name, event, frame)));
}

/** The answer to a request of the socket: as Socket.IO's own `ack`, and like it nothing where the socket has left. */
export function sendAck(socket: Pick<Socket, "conn" | "nsp">, id: number, args: readonly unknown[]): void {
  put(socket, textFrame(`43${socket.nsp.name},${id}${JSON.stringify(args)}`));
}

/** What lies beneath a connection of Engine.IO 6 over a WebSocket. */
interface Beneath {
  readonly readyState: string;
  readonly writeBuffer: readonly {
    readonly data?: unknown;
    readonly options?: { readonly wsPreEncodedFrame?: readonly Buffer[] };
  }[];
  readonly transport: {
    readonly writable: boolean;
    readonly socket?: {
      readonly readyState: number;
      /** Of the WebSocket and of TCP, what the kernel has not taken yet. */
      readonly bufferedAmount: number;
      readonly _socket?: { write(bytes: Buffer): unknown } | null;
    };
  };
}

/** Bytes that wait for a socket: in Engine.IO, in the WebSocket and in TCP, before the kernel. */
export function backlogOf({ conn }: Pick<Socket, "conn">): number {
  const { writeBuffer, transport } = conn as unknown as Beneath; // Cast: as in `put`.
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data, options } of writeBuffer) {
    const [frame] = options?.wsPreEncodedFrame ?? [];
    bytes += frame?.length ?? (typeof data === "string" ? data.length : 0);
  }
  return bytes;
}

/**
 * Frames are whole, so that they may go to TCP as they are, like pings: Engine.IO and `ws` cost more than the
 * kernel. Where something waits in Engine.IO, they stand behind it; to a connection that is ending nothing goes.
 */
function put(socket: Pick<Socket, "conn">, bytes: Buffer): void {
  const { readyState, writeBuffer, transport } = socket.conn as unknown as Beneath; // Cast: not public; a test looks that it is so.
  if (readyState !== "open") return;
  const { _socket: tcp, readyState: web } = transport.socket ?? {};
  if (tcp && web === WebSocket.OPEN && transport.writable && writeBuffer.length === 0) tcp.write(bytes);
  // Cast: the option is not in Engine.IO's types.
  else socket.conn.write("", { wsPreEncodedFrame: [bytes] } as object);
}

function frameBytes(namespace: string, event: string, frame: object): Buffer {
  return remembered(writtenFrames, frame, namespace, () => textFrame(eventPacket(namespace, event, frame))).bytes;
}

function remembered(
  all: WeakMap<object, Written>,
  object: object,
  namespace: string,
  write: (namespace: string) => Buffer,
): Written {
  const known = all.get(object);
  if (known?.namespace === namespace) return known;
  const written = { namespace, bytes: write(namespace) };
  all.set(object, written);
  return written;
}

/** An event without acknowledgement: Engine.IO 4 `message`, Socket.IO 5 `EVENT`. */
function eventPacket(namespace: string, event: string, payload: object): string {
  return `42${namespace},${JSON.stringify([event, payload])}`;
}

/** A whole text message of a server: one frame, not masked, not compressed (RFC 6455, 5.2). */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  frame[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, head);
  return frame;
}
