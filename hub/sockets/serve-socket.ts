import type { Socket } from "socket.io";

import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import { problemOf, Refusal } from "#shared/contracts/errors.ts";
import { streamCommands, type Ack, type StreamFrames } from "#shared/contracts/streams.ts";
import { holds, type Identity } from "#shared/domain/rights/identity.ts";
import type { Clock } from "#shared/lib/clock.ts";

import type { Gate } from "../gate.ts";
import type { PositionHub } from "../realtime/positions.ts";
import type { Listener, RealtimeLog } from "../realtime/ports.ts";
import type { StreamRooms } from "../realtime/stream-rooms.ts";
import type { UseCases } from "../services/use-cases.ts";
import { bindCommands, parsed } from "./commands.ts";

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

type Reply = (ack: Ack<unknown>) => void;
type Handler = (payload: unknown, reply: (data: unknown) => void) => Promise<void>;

/**
 * One socket: every request is parsed, handled and acknowledged; what is not in the catalogue is refused. A request
 * without an acknowledgement is not carried out: nobody would learn what became of it. [RTM15, RTM16]
 */
export function serveSocket(socket: Socket, name: Namespace, first: Identity, deps: ServeDeps): ServedSocket {
  let identity = first;
  const listener = listenerOf(socket, () => identity);
  const watches = deps.rooms.forSocket(listener);
  const bucket = makeBucket(deps.limits ?? LIMITS, deps.clock);
  const waiting: (() => void)[] = [];
  let busy = 0;
  let cancelExpiry = () => {};
  let zonesOf: string | undefined;
  const isOffice = (marketId: string) =>
    (["dispatcher", "support", "admin"] as const).some((role) => holds(identity, role, marketId));

  function expire(): void {
    cancelExpiry();
    const leftMs = identity.expiresAtMs - deps.clock.nowMs();
    cancelExpiry = deps.clock.after(Math.max(0, leftMs - EXPIRING_MS), () => {
      socket.emit("session:expiring", { expiresAtMs: identity.expiresAtMs } satisfies StreamFrames["session:expiring"]);
      cancelExpiry = deps.clock.after(identity.expiresAtMs - deps.clock.nowMs(), () => socket.disconnect(true));
    });
  }
  expire();

  const handlers: Readonly<Record<string, Handler>> = {
    ...bindCommands(name, deps.useCases, () => identity),
    "stream:watch": async (payload, reply) => {
      const { stream, since } = parsed(streamCommands["stream:watch"], payload);
      await deps.gate.run("asks", () => watches.watch(stream, since, reply));
      // Without Redis the next position shows it.
      if (stream.kind === "order") deps.positions.showLast(stream.marketId, stream.id, listener).catch(() => undefined);
    },
    "stream:unwatch": async (payload, reply) => {
      watches.unwatch(parsed(streamCommands["stream:unwatch"], payload).stream);
      reply({});
    },
    "session:renew": async (payload, reply) => {
      const renewed = await deps.admit(parsed(streamCommands["session:renew"], payload).accessToken);
      if (renewed.personId !== identity.personId) throw new Refusal("right.missing", "this token is somebody else's");
      const longer = renewed.expiresAtMs > identity.expiresAtMs;
      identity = renewed;
      // The same token again: its timers run already. Telling its holder at once would be asked and answered for ever.
      if (longer) expire();
      if (zonesOf !== undefined && !isOffice(zonesOf)) deps.positions.watchZones(listener, zonesOf, []);
      reply({ expiresAtMs: renewed.expiresAtMs });
      await watches.reauthorise();
    },
    "zones:watch": async (payload, reply) => {
      const { marketId, zones } = parsed(streamCommands["zones:watch"], payload);
      if (name !== "ops" || !isOffice(marketId))
        throw new Refusal("right.missing", "only the market's office watches zones");
      zonesOf = marketId;
      deps.positions.watchZones(listener, marketId, zones);
      reply({});
    },
  };

  async function serve(event: string, payload: unknown, reply: Reply): Promise<void> {
    let answered = false;
    const once: Reply = (ack) => {
      if (answered) return;
      answered = true;
      reply(ack);
    };
    busy += 1;
    try {
      if (deps.draining()) throw new Refusal("hub.overloaded", "this hub is going away; connect anew");
      if (!bucket()) throw new Refusal("rate.limited", "too many requests; slow down");
      if (identity.expiresAtMs <= deps.clock.nowMs())
        throw new Refusal("auth.expired", "the session is over; renew it");
      const handler = Object.hasOwn(handlers, event) ? handlers[event] : undefined;
      if (!handler) throw new Refusal("payload.invalid", `there is no ${event.slice(0, 60)} in /${name}`);
      await handler(payload, (data) => once({ ok: true, data }));
    } catch (error) {
      if (!(error instanceof Refusal)) deps.log.error({ event, error }, "a socket request failed");
      once({ ok: false, problem: problemFor(error) });
    } finally {
      busy -= 1;
      if (busy === 0) for (const done of waiting.splice(0)) done();
    }
  }

  socket.onAny((event: string, ...args: unknown[]) => {
    const reply = args.at(-1);
    // Cast: Socket.IO gives the acknowledgement as the last argument.
    if (typeof reply === "function") void serve(event, args[0], reply as Reply);
  });

  return {
    get busy() {
      return busy;
    },
    idle: () => (busy === 0 ? Promise.resolve() : new Promise((done) => waiting.push(done))),
    close() {
      cancelExpiry();
      watches.close();
      deps.positions.watchZones(listener, "", []);
    },
  };
}

/** A peer sees the refusal that was meant for it, and no internals. */
function problemFor(error: unknown) {
  return error instanceof Refusal ? problemOf(error.code, error.message) : problemOf("internal", "try again");
}

function listenerOf(socket: Socket, identity: () => Identity): Listener {
  const emit = <E extends keyof StreamFrames>(event: E, frame: StreamFrames[E]) => void socket.emit(event, frame);
  // Volatile would keep the oldest of a tick, so what is busy is left out here and gets the newest of the next tick.
  const ifIdle = <E extends keyof StreamFrames>(event: E, frame: StreamFrames[E]) => {
    if (socket.conn.readyState !== "open" || !drained(socket)) return false;
    emit(event, frame);
    return true;
  };
  return {
    get identity() {
      return identity();
    },
    event: (stream, epoch, event) => emit("stream:event", { stream, epoch, event }),
    heads: (epoch, heads) => emit("stream:heads", { epoch, heads }),
    closed: (stream, seq, problem) => emit("stream:closed", { stream, seq, problem }),
    position: (frame) => ifIdle("position", frame),
    zone: (frame) => ifIdle("zone:frame", frame),
  };
}

/** Bytes that the kernel has not taken yet; beyond these a socket is too slow for positions. */
const BACKLOG_BYTES = 32 * 1024;

function drained(socket: Socket): boolean {
  // Cast: engine.io's WebSocket transport holds the `ws` socket; without it nothing is known, and we send.
  const { socket: raw } = socket.conn.transport as unknown as { socket?: { bufferedAmount?: number } };
  return (raw?.bufferedAmount ?? 0) < BACKLOG_BYTES;
}

/** A token bucket: false when this request is one too many. */
function makeBucket(limits: { readonly perSecond: number; readonly burst: number }, clock: Clock): () => boolean {
  let tokens = limits.burst;
  let atMs = clock.nowMs();
  return () => {
    const nowMs = clock.nowMs();
    tokens = Math.min(limits.burst, tokens + ((nowMs - atMs) / 1000) * limits.perSecond);
    atMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
