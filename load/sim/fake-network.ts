import type { Socket } from "socket.io";

import type { OpenTransport, TransportEvents } from "#shared/client/transport.ts";
import type { Ack, StreamFrames, WatchAnswer } from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";

import type { Trace } from "./trace.ts";
import type { WireCheck } from "./wire-check.ts";

/** One way, at most, ms. */
const WAY_MS = 6;
const ANSWER_WITHIN_MS = 10_000;

/** The hub's end of a connection, as `makeServing` hands it over. */
export interface Served {
  close(): void;
}

/** Hubs, as the balancer before them sees them. */
export interface Hubs {
  /** A hub that accepts connections now, if there is one. */
  pick(): { readonly process: object; serve(socket: Socket): Served } | undefined;
}

export interface NetworkDeps {
  readonly clock: Clock;
  readonly random: Rng;
  readonly hubs: Hubs;
  readonly wire: WireCheck;
  readonly trace: Trace | undefined;
}

type Handler = (event: string, ...args: unknown[]) => void;
type Frame = { [E in keyof StreamFrames]: { event: E; frame: StreamFrames[E] } }[keyof StreamFrames];

/** What a test of a network does to one client. */
export interface Line {
  readonly open: OpenTransport;
  /** Ends the connection; each side learns of it after so long, and the client then connects anew. */
  sever(clientLearnsMs: number, hubLearnsMs: number): void;
  /** Frames of streams vanish on the way, one in so many; 0: none. */
  lossy: number;
  /** Whether its newest connection leads to this hub. */
  goesTo(process: object): boolean;
}

/** A connection of Socket.IO: both ways in order, answers with the packet, ended with all that is under way. [SIM1] */
export function makeLine(name: string, deps: NetworkDeps): Line {
  const line = new FakeLine(name, deps);
  return line;
}

class FakeLine implements Line {
  readonly #name: string;
  readonly #deps: NetworkDeps;
  #events: TransportEvents | undefined;
  #connection: Connection | undefined;
  #closed = false;
  lossy = 0;
  #hub: object | undefined;

  constructor(name: string, deps: NetworkDeps) {
    this.#name = name;
    this.#deps = deps;
  }

  readonly open: OpenTransport = (events) => {
    this.#events = events;
    this.#connect();
    return {
      request: (event, payload, done) => {
        if (this.#connection?.live !== true) return done(undefined);
        this.#connection.request(event, payload, done);
      },
      close: () => {
        this.#closed = true;
        this.sever(0, 0);
      },
    };
  };

  sever(clientLearnsMs: number, hubLearnsMs: number): void {
    const ended = this.#connection;
    if (!ended) return;
    const { clock, random, trace } = this.#deps;
    ended.cut = true;
    clock.after(hubLearnsMs, () => ended.hubLearns());
    clock.after(clientLearnsMs, () => {
      if (this.#connection !== ended) return;
      this.#connection = undefined;
      trace?.(`${this.#name} learns that its connection has ended`);
      if (ended.live) this.#events?.onStatus("offline");
      ended.clientLearns();
      if (!this.#closed) clock.after(20 + random() * 180, () => this.#connect());
    });
  }

  goesTo(process: object): boolean {
    return this.#connection !== undefined && this.#hub === process;
  }

  #connect(): void {
    const { clock, random, hubs, trace } = this.#deps;
    if (this.#closed || this.#connection) return;
    const hub = hubs.pick();
    if (!hub) return void clock.after(50 + random() * 150, () => this.#connect());
    const mine = new Connection(this.#deps, {
      lossy: () => this.lossy,
      frame: ({ event, frame }) => this.#events?.onFrame(event, frame),
    });
    this.#connection = mine;
    this.#hub = hub.process;
    clock.after(random() * WAY_MS, () => {
      if (mine.cut) return;
      mine.served = hub.serve(mine.socket);
      mine.down(() => {
        trace?.(`${this.#name} is connected`);
        mine.live = true;
        this.#events?.onStatus("live");
      });
    });
  }
}

interface ClientSide {
  lossy(): number;
  frame(frame: Frame): void;
}

class Connection {
  readonly #deps: NetworkDeps;
  readonly #client: ClientSide;
  readonly #waiting = new Set<(ack: undefined) => void>();
  #handler: Handler | undefined;
  #upUntilMs = 0;
  #downUntilMs = 0;
  #hubKnows = false;
  served: Served | undefined;
  live = false;
  cut = false;

  constructor(deps: NetworkDeps, client: ClientSide) {
    this.#deps = deps;
    this.#client = client;
  }

  /** Cast: `makeServing` asks for no more of a Socket.IO socket. */
  get socket(): Socket {
    const isThere = () => !this.#hubKnows;
    return {
      get connected() {
        return isThere();
      },
      emit: (event: keyof StreamFrames, frame: never) => this.#emit({ event, frame }),
      onAny: (handler: Handler) => void (this.#handler = handler),
      disconnect: () => {},
      conn: { readyState: "open", writeBuffer: [], transport: {} },
    } as unknown as Socket;
  }

  request(event: string, payload: object, done: (ack: Ack<unknown> | undefined) => void): void {
    const cancel = this.#deps.clock.after(ANSWER_WITHIN_MS, () => answered(undefined));
    const answered = (ack: Ack<unknown> | undefined) => {
      if (!this.#waiting.delete(answered)) return;
      cancel();
      done(ack);
    };
    this.#waiting.add(answered);
    this.#up(() =>
      this.#handler?.(event, payload, (ack: Ack<unknown>) => {
        if (!this.#hubKnows && event === "stream:watch")
          this.#deps.wire.answered(this, payload, ack as Ack<WatchAnswer>);
        this.down(() => answered(ack));
      }),
    );
  }

  hubLearns(): void {
    this.#hubKnows = true;
    this.served?.close();
  }

  clientLearns(): void {
    this.live = false;
    for (const lost of this.#waiting) lost(undefined);
  }

  /** To the client, in order; nothing arrives once the connection is cut. */
  down(arrive: () => void): void {
    this.#downUntilMs = this.#inOrder(this.#downUntilMs, arrive);
  }

  #up(arrive: () => void): void {
    this.#upUntilMs = this.#inOrder(this.#upUntilMs, () => {
      if (!this.#hubKnows) arrive();
    });
  }

  #emit(frame: Frame): void {
    const { random, wire } = this.#deps;
    if (this.#hubKnows) return;
    wire.sent(this, frame.event, frame.frame);
    const oneIn = this.#client.lossy();
    if (oneIn > 0 && frame.event === "stream:event" && random() * oneIn < 1) return;
    this.down(() => this.#client.frame(frame));
  }

  #inOrder(untilMs: number, arrive: () => void): number {
    const { clock, random } = this.#deps;
    const atMs = Math.max(untilMs, clock.nowMs() + Math.ceil(random() * WAY_MS));
    clock.after(atMs - clock.nowMs(), () => {
      if (!this.cut) arrive();
    });
    return atMs;
  }
}
