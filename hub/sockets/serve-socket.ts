import type { Socket } from "socket.io";

import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import { problemOf, Refusal, type Problem } from "#shared/contracts/errors.ts";
import {
  streamCommands,
  type Ack,
  type PackedZoneFrame,
  type PositionFrame,
  type SeenEvent,
  type StreamFrames,
} from "#shared/contracts/streams.ts";
import { holds, type Identity } from "#shared/domain/rights/identity.ts";
import type { Clock } from "#shared/lib/clock.ts";

import type { Gate } from "../gate.ts";
import type { PositionHub } from "../realtime/positions.ts";
import type { Listener, RealtimeLog } from "../realtime/ports.ts";
import type { SocketWatches } from "../realtime/socket-watches.ts";
import type { StreamRooms } from "../realtime/stream-rooms.ts";
import type { UseCases } from "../services/use-cases.ts";
import type { Alarms, Sleeper } from "./alarms.ts";
import { bindCommands, parsed } from "./commands.ts";
import { requestIn, takesDirectly, type Taker } from "./direct-requests.ts";
import { backlogOf, sendAlone, sendFrame, sendTrain } from "./frame-train.ts";
import { answerTo } from "./lean.ts";

export interface ServeDeps {
  readonly useCases: UseCases;
  readonly rooms: StreamRooms;
  readonly positions: PositionHub;
  readonly clock: Clock;
  readonly log: RealtimeLog;
  readonly limits?: { readonly perSecond: number; readonly burst: number };
  /** Watches pass it; commands have passed it with their use cases. */
  readonly gate: Gate;
  readonly draining: () => boolean;
  readonly admit: (token: unknown) => Promise<Identity>;
  /** Of the hub, for all its sockets. */
  readonly alarms: Alarms;
  /** Where sockets stand on no TCP. */
  readonly send?: typeof sendAlone;
}

export interface ServedSocket {
  /** Requests under way. */
  readonly busy: number;
  /** Resolves when none is. */
  idle(): Promise<void>;
  close(): void;
}

/** Before a token ends the socket is told, wall ms; at its end the socket is closed. */
const EXPIRING_MS = 60_000;
/** An operator who comes back watches hundreds of streams at once. */
const LIMITS = { perSecond: 50, burst: 300 };
/** Bytes that the kernel has not taken yet; beyond these a socket is too slow for positions. */
const BACKLOG_BYTES = 32 * 1024;
/** Beyond these it is closed: its client comes back, and gets what it lacks at its own pace. */
const MOST_BACKLOG_BYTES = 1024 * 1024;

type Reply = (ack: Ack<unknown>) => void;
type Handler = (served: Served, payload: unknown, reply: (data: unknown) => void) => Promise<void>;
type Handlers = Readonly<Record<string, Handler>>;

/** One namespace of a hub: what its sockets may ask is bound once, and not anew for each of them. */
export function makeServing(name: Namespace, deps: ServeDeps): (socket: Socket, first: Identity) => ServedSocket {
  const all: Serving = { ...deps, handlers: handlersOf(name, deps) };
  return (socket, first) => new Served(socket, name, first, all);
}

interface Serving extends ServeDeps {
  readonly handlers: Handlers;
}

/**
 * One socket: every request is parsed, handled and acknowledged; what is not in the catalogue is refused. A request
 * without an acknowledgement is not carried out: nobody would learn what became of it. [RTM15, RTM16]
 *
 * There are tens of thousands: what they have in common is in the namespace, and what a socket may never need is made when
 * it does. [RTM33]
 */
class Served implements ServedSocket, Listener, Sleeper, Taker {
  identity: Identity;
  /** The market whose zones are watched. */
  zonesOf: string | undefined;
  busy = 0;
  readonly name: Namespace;
  readonly #socket: Socket;
  readonly #all: Serving;
  #watches: SocketWatches | undefined;
  #waiting: (() => void)[] | undefined;
  #alarm = 0;
  #told = false;
  #tokens: number;
  #tokensAtMs: number;
  #closed = false;

  constructor(socket: Socket, name: Namespace, identity: Identity, all: Serving) {
    this.#socket = socket;
    this.#all = all;
    this.name = name;
    this.identity = identity;
    this.#tokens = (all.limits ?? LIMITS).burst;
    this.#tokensAtMs = all.clock.nowMs();
    this.#alarm = all.alarms.at(identity.expiresAtMs - EXPIRING_MS, this);
    socket.onAny((event: string, ...args: unknown[]) => {
      // Said in the same breath as leaving: what it would begin, nobody would end.
      if (!socket.connected) return;
      const reply = args.at(-1);
      // Cast: Socket.IO gives the acknowledgement as the last argument.
      if (typeof reply === "function") void this.#serve(event, args[0], reply as Reply);
    });
    takesDirectly(socket, this);
  }

  take(text: string): boolean {
    const socket = this.#socket;
    if (!socket.connected || socket.conn.readyState !== "open") return false;
    const request = requestIn(text, socket.nsp.name);
    // What is in no catalogue may be anything, names that Socket.IO keeps for itself as well.
    if (!request || !Object.hasOwn(this.#all.handlers, request.event)) return false;
    void this.#serve(request.event, request.payload, answerTo(socket, request.id));
    return true;
  }

  get watches(): SocketWatches {
    this.#watches ??= this.#all.rooms.forSocket(this);
    // A request may outlive its socket: what it begins then ends at once.
    if (this.#closed) this.#watches.close();
    return this.#watches;
  }

  /** The token's time comes to its end, or has. */
  ring(): void {
    if (this.#told) return void this.#socket.disconnect(true);
    this.#told = true;
    this.#emit("session:expiring", { expiresAtMs: this.identity.expiresAtMs });
    this.#alarm = this.#all.alarms.at(this.identity.expiresAtMs, this);
  }

  async renew(payload: unknown, reply: (data: unknown) => void): Promise<void> {
    const renewed = await this.#all.admit(parsed(streamCommands["session:renew"], payload).accessToken);
    if (renewed.personId !== this.identity.personId)
      throw new Refusal("right.missing", "this token is somebody else's");
    const longer = renewed.expiresAtMs > this.identity.expiresAtMs;
    this.identity = renewed;
    // The same token again: its alarm is set already. Telling its holder at once would be asked and answered for ever.
    if (longer && !this.#closed) this.#live(renewed.expiresAtMs);
    if (this.zonesOf !== undefined && !this.isOffice(this.zonesOf))
      this.#all.positions.watchZones(this, this.zonesOf, []);
    reply({ expiresAtMs: renewed.expiresAtMs });
    await this.#watches?.reauthorise();
  }

  isOffice(marketId: string): boolean {
    return (["dispatcher", "support", "admin"] as const).some((role) => holds(this.identity, role, marketId));
  }

  idle(): Promise<void> {
    if (this.busy === 0) return Promise.resolve();
    return new Promise((done) => (this.#waiting ??= []).push(done));
  }

  close(): void {
    this.#closed = true;
    this.#all.alarms.cancel(this.#alarm, this);
    this.#watches?.close();
    this.#all.positions.watchZones(this, "", []);
  }

  event(stream: string, epoch: string, event: SeenEvent): void {
    this.#emit("stream:event", { stream, epoch, event });
  }

  heads(epoch: string, heads: Readonly<Record<string, number>>): void {
    this.#emit("stream:heads", { epoch, heads });
  }

  closed(stream: string, seq: number, problem: Problem): void {
    this.#emit("stream:closed", { stream, seq, problem });
  }

  position(frame: PositionFrame): boolean {
    if (!this.#isIdle()) return false;
    sendFrame(this.#socket, "position", frame);
    return true;
  }

  zones(frames: readonly PackedZoneFrame[]): boolean {
    if (!this.#isIdle()) return false;
    sendTrain(this.#socket, "zone:frame", frames);
    return true;
  }

  #live(untilMs: number): void {
    this.#all.alarms.cancel(this.#alarm, this);
    this.#told = false;
    this.#alarm = this.#all.alarms.at(untilMs - EXPIRING_MS, this);
  }

  async #serve(event: string, payload: unknown, reply: Reply): Promise<void> {
    let answered = false;
    const once: Reply = (ack) => {
      if (answered) return;
      answered = true;
      reply(ack);
      this.#endIfStuck();
    };
    this.busy += 1;
    try {
      await this.#handlerOf(event)(this, payload, (data) => once({ ok: true, data }));
    } catch (error) {
      if (!(error instanceof Refusal)) this.#all.log.error({ event, error }, "a socket request failed");
      once({ ok: false, problem: problemFor(error) });
    } finally {
      this.busy -= 1;
      if (this.busy === 0) for (const done of this.#waiting?.splice(0) ?? []) done();
    }
  }

  /** @throws {Refusal} when nothing may be asked now, or not this */
  #handlerOf(event: string): Handler {
    const { draining, clock, handlers } = this.#all;
    if (draining()) throw new Refusal("hub.overloaded", "this hub is going away; connect anew");
    if (!this.#takeToken()) throw new Refusal("rate.limited", "too many requests; slow down");
    if (this.identity.expiresAtMs <= clock.nowMs()) throw new Refusal("auth.expired", "the session is over; renew it");
    const handler = Object.hasOwn(handlers, event) ? handlers[event] : undefined;
    if (!handler) throw new Refusal("payload.invalid", `there is no ${event.slice(0, 60)} in /${this.name}`);
    return handler;
  }

  /** A token bucket: false when this request is one too many. */
  #takeToken(): boolean {
    const { perSecond, burst } = this.#all.limits ?? LIMITS;
    const nowMs = this.#all.clock.nowMs();
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, nowMs - this.#tokensAtMs) / 1000) * perSecond);
    this.#tokensAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #emit<E extends keyof StreamFrames>(event: E, frame: StreamFrames[E]): void {
    (this.#all.send ?? sendAlone)(this.#socket, event, frame);
    this.#endIfStuck();
  }

  // Volatile would keep the oldest of a tick, so what is busy is left out here and gets the newest of the next tick.
  #isIdle(): boolean {
    return this.#socket.conn.readyState === "open" && backlogOf(this.#socket) < BACKLOG_BYTES;
  }

  /** Whoever lets everything wait comes back later, and gets what it lacks at its own pace. */
  #endIfStuck(): void {
    // An end that waits until all is written would never come.
    if (backlogOf(this.#socket) > MOST_BACKLOG_BYTES) this.#socket.conn.close(true);
  }
}

function handlersOf(name: Namespace, { useCases, gate, positions }: ServeDeps): Handlers {
  const commands = Object.entries(bindCommands(name, useCases)).map(([command, handle]): [string, Handler] => [
    command,
    (served, payload, reply) => handle(served.identity, payload, reply),
  ]);
  return {
    ...Object.fromEntries(commands),
    "stream:watch": async (served, payload, reply) => {
      const { stream, since } = parsed(streamCommands["stream:watch"], payload);
      await gate.inTurn(() => served.watches.watch(stream, since, reply));
      // Without Redis the next position shows it.
      if (stream.kind === "order") positions.showLast(stream.marketId, stream.id, served).catch(() => undefined);
    },
    "stream:unwatch": async (served, payload, reply) => {
      served.watches.unwatch(parsed(streamCommands["stream:unwatch"], payload).stream);
      reply({});
    },
    "session:renew": (served, payload, reply) => served.renew(payload, reply),
    "zones:watch": async (served, payload, reply) => {
      const { marketId, zones } = parsed(streamCommands["zones:watch"], payload);
      if (name !== "ops" || !served.isOffice(marketId))
        throw new Refusal("right.missing", "only the market's office watches zones");
      served.zonesOf = marketId;
      positions.watchZones(served, marketId, zones);
      reply({});
    },
  };
}

/** A peer sees the refusal that was meant for it, and no internals. */
function problemFor(error: unknown) {
  return error instanceof Refusal ? problemOf(error.code, error.message) : problemOf("internal", "try again");
}
