import type { Socket } from "socket.io";

import { isBetweenFrames, receive, type RawConnection, type Receiver } from "./pulse.ts";

/** A socket that takes requests as they come. */
export interface Taker {
  /** The text of a whole message; false: it is to go the ordinary way. */
  take(text: string): boolean;
}

/** A request of a socket: an event with one payload, that wants an answer. */
export interface Request {
  readonly id: number;
  readonly event: string;
  readonly payload: unknown;
}

type Taking = Receiver & { readonly taker?: Taker };

/** RFC 6455, 5.2: a whole text message; masked, as all that a client says; the length is in the next two bytes. */
const WHOLE_TEXT = 0x81;
const MASKED = 0x80;
const LENGTH_FOLLOWS = 126;
const MASK_BYTES = 4;
/** Bytes; no request is shorter, and pongs are many. */
const SHORTEST = 16;
/** What a socket may say in one message. */
const unmasked = Buffer.allocUnsafe(64 * 1024);

/**
 * Requests are taken from TCP as they come: a message that comes alone and whole, of ASCII letters. Through `ws`, Engine.IO and Socket.IO's parser a
 * request costs more than most of what is done for it. Everything else goes the ordinary way, and nothing overtakes it: what came before has been
 * handed over by then. [RTM63]
 */
export function takesDirectly({ conn }: Pick<Socket, "conn">, taker: Taker): void {
  // Cast: not public; a test looks that it is so.
  const { _receiver: receiver } = (conn as unknown as RawConnection).transport.socket ?? {};
  // The connection's first namespace; those of the others go the ordinary way.
  if (receiver && !("taker" in receiver)) Object.assign(receiver, { taker, write: writeUnlessRequest });
}

function writeUnlessRequest(this: Taking, chunk: Buffer): boolean {
  const text = isBetweenFrames(this) ? wholeText(chunk) : undefined;
  return text !== undefined && this.taker?.take(text) === true ? true : receive(this, chunk);
}

/** The text of a client's message, when the chunk is that and nothing else, in ASCII. */
function wholeText(chunk: Buffer): string | undefined {
  const second = chunk[1] ?? 0;
  if (chunk[0] !== WHOLE_TEXT || second < MASKED || chunk.length < SHORTEST) return undefined;
  const short = second - MASKED;
  if (short > LENGTH_FOLLOWS || (short === LENGTH_FOLLOWS && chunk.length < 4)) return undefined;
  const maskAt = short === LENGTH_FOLLOWS ? 4 : 2;
  const length = short === LENGTH_FOLLOWS ? chunk.readUInt16BE(2) : short;
  const from = maskAt + MASK_BYTES;
  if (chunk.length !== from + length) return undefined;
  let all = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = (chunk[from + at] ?? 0) ^ (chunk[maskAt + (at & 3)] ?? 0);
    unmasked[at] = byte;
    all |= byte;
  }
  return all < 0x80 ? unmasked.toString("latin1", 0, length) : undefined;
}

/** @returns undefined when the text is anything but a request with one payload in this namespace */
export function requestIn(text: string, namespace: string): Request | undefined {
  const head = `42${namespace},`;
  if (!text.startsWith(head)) return undefined;
  const from = text.indexOf("[", head.length);
  const id = text.slice(head.length, from);
  if (!/^\d{1,15}$/.test(id)) return undefined;
  const [event, payload, ...more] = listIn(text.slice(from));
  return typeof event === "string" && more.length === 0 ? { id: Number(id), event, payload } : undefined;
}

function listIn(json: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
