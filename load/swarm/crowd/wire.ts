import { z } from "zod";

import type { Problem } from "#shared/contracts/errors.ts";

/** WebSocket opcodes (RFC 6455, section 5.2). */
export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** A whole frame from client to server, masked as RFC 6455 wants it of clients. */
export function clientFrame(opcode: number, payload: Buffer, mask: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + 4 + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (head === 2 ? length : head === 4 ? 126 : 127);
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  mask.copy(frame, head, 0, 4);
  for (let at = 0; at < length; at += 1) frame[head + 4 + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return frame;
}

/** What a server sent does not follow RFC 6455, or goes beyond what we take. */
export class WireError extends Error {}

/** Bytes of a frame's head and of what it holds; nothing while the head is not there. */
function sizesOf(bytes: Buffer): { readonly head: number; readonly length: number } {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return { head: 0, length: 0 };
  if ((first & 0x70) !== 0 || (second & 0x80) !== 0) throw new WireError("a frame is compressed or masked");
  if (second < 126) return { head: 2, length: second };
  const head = second === 126 ? 4 : 10;
  if (bytes.length < head) return { head: 0, length: 0 };
  return { head, length: head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)) };
}

/** Cuts what a server sends into frames, however the network has sliced it. [SWM1] */
export class FrameReader {
  readonly #mostBytes: number;
  #rest: Buffer | undefined;
  /** Fragments of a message that has not ended. */
  #parts: Buffer[] | undefined;

  /** @param mostBytes a longer frame is an error */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** @throws {WireError} */
  read(chunk: Buffer, take: (opcode: number, payload: Buffer) => void): void {
    let bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (let end = this.#one(bytes, take); end > 0; end = this.#one(bytes, take)) bytes = bytes.subarray(end);
    // Copied, so that a few bytes do not keep the whole read alive.
    this.#rest = bytes.length > 0 ? Buffer.from(bytes) : undefined;
  }

  /** @returns where the first frame ends; 0 while it is not whole */
  #one(bytes: Buffer, take: (opcode: number, payload: Buffer) => void): number {
    const { head, length } = sizesOf(bytes);
    if (length > this.#mostBytes) throw new WireError(`a frame has ${length} bytes`);
    if (head === 0 || bytes.length < head + length) return 0;
    this.#whole(bytes[0] ?? 0, bytes.subarray(head, head + length), take);
    return head + length;
  }

  #whole(first: number, payload: Buffer, take: (opcode: number, payload: Buffer) => void): void {
    const opcode = first & 0x0f;
    if (opcode >= CLOSE) return take(opcode, payload);
    if ((first & 0x80) !== 0 && !this.#parts) return take(opcode, payload);
    this.#parts = [...(this.#parts ?? []), Buffer.from(payload)];
    if ((first & 0x80) === 0) return;
    const whole = Buffer.concat(this.#parts);
    this.#parts = undefined;
    take(TEXT, whole);
  }
}

const opened = z.object({ pingInterval: z.number().positive(), pingTimeout: z.number().positive() });

const refused = z.looseObject({ data: z.looseObject({ code: z.string() }).optional() });

/** What a hub says: a packet of Engine.IO 4 that may hold one of Socket.IO 5. */
export type Packet =
  | { readonly kind: "opened"; readonly silentMs: number }
  | { readonly kind: "ping" }
  | { readonly kind: "entered" | "ended" | "other" }
  | { readonly kind: "refused"; readonly problem: Problem | undefined }
  | { readonly kind: "event"; readonly name: string; readonly payload: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly payload: unknown };

/** Engine.IO packet types as their first character, Socket.IO's as the second. */
const KINDS: Readonly<Record<string, Packet["kind"]>> = {
  "0": "opened",
  "1": "ended",
  "2": "ping",
  "40": "entered",
  "41": "ended",
  "42": "event",
  "43": "answer",
  "44": "refused",
};

/**
 * Reads one packet. [SWM1]
 *
 * @throws {WireError} for what claims to be a packet and is none
 */
export function packetOf(text: string): Packet {
  const kind = KINDS[text[0] === "4" ? text.slice(0, 2) : (text[0] ?? "")] ?? "other";
  if (kind === "opened") return openedOf(text);
  if (kind === "refused") return refusedOf(text);
  if (kind === "event") {
    const [name, payload] = list(text, body(text));
    return { kind, name: String(name), payload };
  }
  if (kind === "answer") {
    const at = body(text);
    return { kind, id: Number.parseInt(text.slice(at), 10), payload: list(text, text.indexOf("[", at))[0] };
  }
  return { kind };
}

function openedOf(text: string): Packet {
  const { data } = opened.safeParse(json(text, 1));
  if (!data) throw new WireError("the connection is opened without its times");
  return { kind: "opened", silentMs: data.pingInterval + data.pingTimeout };
}

function refusedOf(text: string): Packet {
  const said = refused.safeParse(json(text, body(text))).data;
  return { kind: "refused", problem: said?.data as Problem | undefined }; // Cast: what the hub puts beside a refusal.
}

/** Where the namespace ends. */
function body(text: string): number {
  return text[2] === "/" ? text.indexOf(",", 2) + 1 : 2;
}

function list(text: string, at: number): unknown[] {
  const values = json(text, at);
  if (!Array.isArray(values)) throw new WireError("a packet has no list of arguments");
  return values;
}

function json(text: string, at: number): unknown {
  try {
    return JSON.parse(text.slice(at));
  } catch {
    throw new WireError(`a packet is no JSON: ${text.slice(0, 40)}`);
  }
}

/** Asks to enter a namespace. */
export function enterPacket(namespace: string, token: string): string {
  return `40/${namespace},${JSON.stringify({ token })}`;
}

/** An event that wants an answer. */
export function requestPacket(namespace: string, id: number, event: string, payload: object): string {
  return `42/${namespace},${id}${JSON.stringify([event, payload])}`;
}

export const PONG_PACKET = "3";
