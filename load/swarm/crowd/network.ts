import { createHash, randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

import type { OpenTransport, Transport, TransportEvents } from "#shared/client/transport.ts";
import { FRAME_NAMES } from "#shared/client/transport.ts";
import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import type { Problem } from "#shared/contracts/errors.ts";
import type { Ack, StreamFrames } from "#shared/contracts/streams.ts";

import {
  CLOSE,
  clientFrame,
  enterPacket,
  FrameReader,
  packetOf,
  PING,
  PONG,
  PONG_PACKET,
  requestPacket,
  TEXT,
  WireError,
  type Packet,
} from "./wire.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionOptions {
  readonly hub: Address;
  /** Where the connection comes from: one of 127.0.0.0/8, as an address pair has 28,000 ports. */
  readonly from: string;
  readonly namespace: Namespace;
  readonly token: () => string;
}

/** Since the start of the process, over all connections. */
export interface NetworkCounts {
  live: number;
  /** Live connections that ended although nobody meant them to. */
  unplanned: number;
  /** Attempts that came to nothing. */
  failed: number;
  reads: number;
  readonly frames: Record<keyof StreamFrames, number>;
}

/** A connection as those who play people see it. */
export interface Connection {
  readonly isLive: boolean;
  /** Watches that the hub has granted since the connection is there. */
  readonly granted: number;
}

type Frame = keyof StreamFrames;
type Done = (ack: Ack<unknown> | undefined) => void;

/** Wall ms; the stock client's own. */
const ANSWER_WITHIN_MS = 10_000;
const CONNECT_WITHIN_MS = 20_000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 4_000;
const AFTER_REFUSAL_MS = 1_000;
const SWEEP_EVERY_MS = 1_000;
const MOST_FRAME_BYTES = 8 * 1024 * 1024;
const HEAD_END = "\r\n\r\n";
const MOST_HEAD_BYTES = 16 * 1024;
/** What a server adds to the key before it hashes it (RFC 6455, section 1.3). */
const HANDSHAKE_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * Thousands of Socket.IO connections of one process: Engine.IO 4 and Socket.IO 5 over WebSocket over TCP, without a timer or a
 * buffer of their own. Comes back by itself as the stock client does. [SWM1, SWM4]
 */
export class Network {
  readonly counts: NetworkCounts = {
    live: 0,
    unplanned: 0,
    failed: 0,
    reads: 0,
    // Cast: one for each name.
    frames: Object.fromEntries(FRAME_NAMES.map((name) => [name, 0])) as Record<Frame, number>,
  };
  /** While true, connections end because somebody ends the hubs. */
  endsExpected = false;
  /** Why attempts failed, by reason. */
  readonly reasons = new Map<string, number>();
  readonly mask = randomBytes(4);
  readonly key = randomBytes(16).toString("base64");
  readonly accept = createHash("sha1")
    .update(this.key + HANDSHAKE_GUID)
    .digest("base64");
  readonly #connections = new Set<RawConnection>();
  readonly #sweep = setInterval(() => this.#lookAtAll(), SWEEP_EVERY_MS);

  /** @param onOpen is given the connection at once */
  transport(options: ConnectionOptions, onOpen: (connection: Connection) => void): OpenTransport {
    return (events) => {
      const connection = new RawConnection(this, options, events);
      this.#connections.add(connection);
      onOpen(connection);
      connection.begin();
      return connection;
    };
  }

  failed(reason: string): void {
    this.counts.failed += 1;
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  gone(connection: RawConnection): void {
    this.#connections.delete(connection);
  }

  close(): void {
    clearInterval(this.#sweep);
    this.endsExpected = true;
    for (const connection of this.#connections) connection.close();
  }

  #lookAtAll(): void {
    const nowMs = performance.now();
    for (const connection of this.#connections) connection.look(nowMs);
  }
}

type State = "down" | "shaking-hands" | "entering" | "live" | "closed";

class RawConnection implements Transport, Connection {
  readonly #net: Network;
  readonly #options: ConnectionOptions;
  readonly #events: TransportEvents;
  #state: State = "down";
  #socket: Socket | undefined;
  #reader: FrameReader | undefined;
  #head = "";
  #pending: Map<number, { readonly done: Done; readonly untilMs: number; readonly watch: boolean }> | undefined;
  #nextId = 0;
  #heardAtMs = 0;
  #silentMs = CONNECT_WITHIN_MS;
  #attempt = 0;
  #everLive = false;
  #problem: Problem | undefined;
  granted = 0;

  constructor(net: Network, options: ConnectionOptions, events: TransportEvents) {
    this.#net = net;
    this.#options = options;
    this.#events = events;
  }

  get isLive(): boolean {
    return this.#state === "live";
  }

  begin(): void {
    if (this.#state !== "down") return;
    const { hub, from } = this.#options;
    this.#state = "shaking-hands";
    this.#heardAtMs = performance.now();
    this.#silentMs = CONNECT_WITHIN_MS;
    this.#problem = undefined;
    let failure = "";
    const socket = connect({ host: hub.host, port: hub.port, localAddress: from, noDelay: true });
    this.#socket = socket;
    socket.on("connect", () => this.#shakeHands());
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error: NodeJS.ErrnoException) => (failure = error.code ?? error.message));
    socket.on("close", () => this.#ended(socket, failure));
  }

  request(event: string, payload: object, done: Done): void {
    if (this.#state !== "live") return done(undefined);
    const id = this.#nextId;
    this.#nextId += 1;
    this.#pending ??= new Map();
    this.#pending.set(id, { done, untilMs: performance.now() + ANSWER_WITHIN_MS, watch: event === "stream:watch" });
    this.#say(requestPacket(this.#options.namespace, id, event, payload));
  }

  close(): void {
    if (this.#state === "closed") return;
    const wasLive = this.isLive;
    this.#state = "closed";
    if (wasLive) this.#net.counts.live -= 1;
    this.#net.gone(this);
    this.#socket?.destroy();
    this.#giveUp();
  }

  /** Notices answers that did not come, and a peer that fell silent. */
  look(nowMs: number): void {
    for (const [id, { done, untilMs }] of this.#pending ?? []) {
      if (untilMs > nowMs) continue;
      this.#pending?.delete(id);
      done(undefined);
    }
    const waits = this.#state !== "down" && this.#state !== "closed";
    if (waits && nowMs - this.#heardAtMs > this.#silentMs) this.#socket?.destroy(new Error("silent"));
  }

  #shakeHands(): void {
    const { hub } = this.#options;
    this.#socket?.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hub.host}:${hub.port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Key: ${this.#net.key}\r\nSec-WebSocket-Version: 13${HEAD_END}`,
    );
  }

  #read(chunk: Buffer): void {
    this.#heardAtMs = performance.now();
    this.#net.counts.reads += 1;
    try {
      const frames = this.#reader ? chunk : this.#readHead(chunk);
      if (frames) this.#reader?.read(frames, (opcode, payload) => this.#frame(opcode, payload));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#socket?.destroy(error);
    }
  }

  /** @returns what came after the answer's head, once that is there */
  #readHead(chunk: Buffer): Buffer | undefined {
    const text = this.#head + chunk.toString("latin1");
    const end = text.indexOf(HEAD_END);
    if (end < 0) {
      if (text.length > MOST_HEAD_BYTES) throw new WireError("the answer's head has no end");
      this.#head = text;
      return undefined;
    }
    const head = text.slice(0, end);
    if (!head.startsWith("HTTP/1.1 101")) throw new WireError(head.slice(0, head.indexOf("\r\n")));
    if (!head.includes(this.#net.accept)) throw new WireError("the answer belongs to another key");
    this.#head = "";
    this.#reader = new FrameReader(MOST_FRAME_BYTES);
    return Buffer.from(text.slice(end + HEAD_END.length), "latin1");
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === TEXT) return this.#packet(packetOf(payload.toString("utf8")));
    if (opcode === PING) return void this.#socket?.write(clientFrame(PONG, payload, this.#net.mask));
    if (opcode === CLOSE) this.#socket?.end();
  }

  #packet(packet: Packet): void {
    if (packet.kind === "event") return this.#heard(packet.name as Frame, packet.payload); // Cast: else nobody listens.
    if (packet.kind === "answer") return this.#answered(packet.id, packet.payload as Ack<unknown>); // Cast: a hub's.
    if (packet.kind === "ping") return this.#say(PONG_PACKET);
    return this.#control(packet);
  }

  #control(packet: Exclude<Packet, { kind: "event" | "answer" | "ping" }>): void {
    switch (packet.kind) {
      case "opened":
        this.#silentMs = packet.silentMs;
        this.#state = "entering";
        return this.#say(enterPacket(this.#options.namespace, this.#options.token()));
      case "entered":
        return this.#entered();
      case "ended":
        return void this.#socket?.destroy();
      case "refused":
        this.#problem = packet.problem;
        return void this.#socket?.destroy(new Error(packet.problem?.code ?? "refused"));
      case "other":
    }
  }

  #entered(): void {
    this.#state = "live";
    this.#everLive = true;
    this.#attempt = 0;
    this.granted = 0;
    this.#net.counts.live += 1;
    this.#events.onStatus("live");
  }

  #heard(name: Frame, payload: unknown): void {
    this.#net.counts.frames[name] += 1;
    this.#events.onFrame(name, payload as StreamFrames[typeof name]); // Cast: name and frame belong together.
  }

  #answered(id: number, ack: Ack<unknown>): void {
    const asked = this.#pending?.get(id);
    if (!asked) return;
    this.#pending?.delete(id);
    if (asked.watch && ack.ok) this.granted += 1;
    asked.done(ack);
  }

  #say(text: string): void {
    this.#socket?.write(clientFrame(TEXT, Buffer.from(text), this.#net.mask));
  }

  #ended(socket: Socket, failure: string): void {
    if (socket !== this.#socket || this.#state === "closed") return;
    if (this.isLive) {
      this.#net.counts.live -= 1;
      if (!this.#net.endsExpected) this.#net.counts.unplanned += 1;
      if (!this.#net.endsExpected) this.#net.failed(`ended: ${failure || "by the hub"}`);
    } else {
      this.#net.failed(failure || "ended before it was live");
    }
    this.#state = "down";
    this.#socket = undefined;
    this.#reader = undefined;
    this.#head = "";
    this.#giveUp();
    this.#events.onStatus(this.#everLive ? "offline" : "connecting", this.#problem);
    const fullMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** this.#attempt);
    this.#attempt += 1;
    const waitMs = this.#problem ? AFTER_REFUSAL_MS : fullMs * (0.5 + Math.random());
    setTimeout(() => this.begin(), waitMs);
  }

  /** Nothing that is under way will be answered. */
  #giveUp(): void {
    const lost = this.#pending;
    this.#pending = undefined;
    for (const { done } of lost?.values() ?? []) done(undefined);
  }
}
