import { CATALOGUE } from "../contracts/catalogue/catalogue.ts";
import type { Command, Namespace } from "../contracts/catalogue/command.ts";
import { problemOf, Refusal, type Problem } from "../contracts/errors.ts";
import type { Role } from "../contracts/roles.ts";
import {
  STREAM_KINDS,
  streamCommands,
  streamKey,
  type Ack,
  type PositionFrame,
  type StoredEvent,
  type StreamFrames,
  type StreamPosition,
  type StreamRef,
  type WatchAnswer,
  type ZoneFrame,
} from "../contracts/streams.ts";
import type { OpenTransport, TransportEvents } from "../client/transport.ts";
import { projectEvent } from "../domain/rights/projection.ts";
import type { Identity } from "../domain/rights/identity.ts";
import type { Viewer } from "../domain/rights/viewer.ts";
import { packZoneFrame } from "../domain/tracking/zone-frame.ts";
import type { Clock } from "../lib/clock.ts";
import { isCommand, parsed, problemFor, type SimEdge } from "./edge.ts";
import type { SimLife } from "./life.ts";
import type { SimStore } from "./store.ts";
import { authoriseSim, isOffice, snapshotOfSim } from "./watching.ts";

/** One history, from the first event of the run. */
const EPOCH = "simulated-1";
/** A resume over more events than this gets a snapshot. */
const RESUME_LIMIT = 500;
/** How often every socket is told where its streams stand. */
const HEADS_EVERY_MS = 12_000;

const ADMITS: Readonly<Record<Namespace, readonly Role[]>> = {
  customer: ["customer"],
  kitchen: ["kitchen", "restaurant_admin"],
  courier: ["courier"],
  ops: ["dispatcher", "support", "admin"],
};

export interface SimHubDeps {
  readonly store: SimStore;
  readonly life: SimLife;
  readonly edge: SimEdge;
  readonly clock: Clock;
  /** The person of a token; undefined when it is none of ours. */
  readonly identityOf: (token: string | undefined) => Identity | undefined;
  /** A direction of a connection, with its latency. */
  readonly link: () => (arrive: () => void) => void;
  readonly shown: (orderId: string) => PositionFrame | undefined;
}

interface Watcher {
  readonly socket: Socket;
  readonly ref: StreamRef;
  readonly viewer: Viewer;
}

interface Socket {
  readonly watches: Map<string, Watcher>;
  zones: ReadonlySet<string>;
  open: boolean;
  emit<E extends keyof StreamFrames>(event: E, frame: StreamFrames[E]): void;
}

/**
 * One hub that never falls behind its store: it speaks the frames and answers of the real one, over links that are late and
 * lose nothing.
 */
export class SimHub {
  readonly #deps: SimHubDeps;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #sockets = new Set<Socket>();
  /** Sockets that watch zones. */
  readonly #ofZones = new Set<Socket>();

  constructor(deps: SimHubDeps) {
    this.#deps = deps;
    const beat = () => {
      this.#sendHeads();
      deps.clock.after(HEADS_EVERY_MS, beat);
    };
    deps.clock.after(HEADS_EVERY_MS, beat);
  }

  /** Shows committed events to those who watch their streams. */
  announce(events: readonly StoredEvent[]): void {
    for (const event of events) {
      for (const kind of STREAM_KINDS) {
        const id = { order: event.orderId, restaurant: event.restaurantId, courier: event.courierId }[kind];
        if (id === null) continue;
        const stream = streamKey({ marketId: event.marketId, kind, id });
        for (const { socket, ref, viewer } of this.#watchers.get(stream) ?? []) {
          const seen = projectEvent(viewer, ref, event);
          if (seen) socket.emit("stream:event", { stream, epoch: EPOCH, event: seen });
        }
      }
    }
  }

  /** Shows where the courier of an order is to its customer and the office. */
  position(marketId: string, frame: PositionFrame): void {
    const key = streamKey({ marketId, kind: "order", id: frame.orderId });
    for (const { socket, viewer } of this.#watchers.get(key) ?? []) {
      if (viewer.as === "customer" || viewer.as === "ops") socket.emit("position", frame);
    }
  }

  zone(marketId: string, frame: ZoneFrame): void {
    for (const socket of this.#ofZones) {
      if (socket.zones.has(`${marketId}/${frame.zone}`)) socket.emit("zone:frame", packZoneFrame(frame));
    }
  }

  /** A connection to one namespace; who may not in is told why. */
  transport(namespace: Namespace, token: () => string | Promise<string>): OpenTransport {
    return (events) => {
      const [up, down] = [this.#deps.link(), this.#deps.link()];
      const socket = this.#open(events, down);
      let identity: Identity | undefined;
      const admit = (given: string) =>
        up(() => {
          identity = this.#deps.identityOf(given);
          const problem = refusedAt(namespace, identity);
          down(() => {
            if (!socket.open) return;
            if (problem) events.onStatus("connecting", problem);
            else {
              this.#sockets.add(socket);
              events.onStatus("live");
            }
          });
        });
      void Promise.resolve()
        .then(token)
        .then(admit, () => admit(""));
      return {
        request: (event, payload, done) => {
          if (!this.#sockets.has(socket)) return done(undefined);
          up(() => {
            if (!socket.open || !identity) return;
            const ack = this.#serve(namespace, socket, identity, event, payload);
            down(() => done(ack));
          });
        },
        close: () => this.#close(socket),
      };
    };
  }

  #open(events: TransportEvents, down: (arrive: () => void) => void): Socket {
    const socket: Socket = {
      watches: new Map(),
      zones: new Set(),
      open: true,
      emit: (event, frame) => down(() => socket.open && events.onFrame(event, frame)),
    };
    return socket;
  }

  #close(socket: Socket): void {
    socket.open = false;
    this.#sockets.delete(socket);
    this.#ofZones.delete(socket);
    for (const [key, watcher] of socket.watches) this.#watchers.get(key)?.delete(watcher);
    socket.watches.clear();
  }

  #serve(namespace: Namespace, socket: Socket, identity: Identity, event: string, payload: unknown): Ack<unknown> {
    try {
      return { ok: true, data: this.#answer(namespace, socket, identity, event, payload) };
    } catch (error) {
      return { ok: false, problem: problemFor(error) };
    }
  }

  #answer(namespace: Namespace, socket: Socket, identity: Identity, event: string, payload: unknown): unknown {
    switch (event) {
      case "stream:watch": {
        const { stream, since } = parsed(streamCommands["stream:watch"], payload);
        return this.#watch(socket, identity, stream, since);
      }
      case "stream:unwatch":
        this.#unwatch(socket, streamKey(parsed(streamCommands["stream:unwatch"], payload).stream));
        return {};
      case "session:renew":
        return { expiresAtMs: identity.expiresAtMs };
      case "zones:watch": {
        const { marketId, zones } = parsed(streamCommands["zones:watch"], payload);
        if (namespace !== "ops" || !isOffice(identity, marketId)) {
          throw new Refusal("right.missing", "only the market's office watches zones");
        }
        socket.zones = new Set(zones.map((zone) => `${marketId}/${zone}`));
        this.#ofZones.add(socket);
        return {};
      }
      default:
        if (!isIn(namespace, event)) throw new Refusal("payload.invalid", `there is no ${event} in /${namespace}`);
        return this.#deps.edge(event, { identity, key: keyIn(payload) }, payload);
    }
  }

  #watch(socket: Socket, identity: Identity, ref: StreamRef, since: StreamPosition | undefined): WatchAnswer {
    const { store, life, shown } = this.#deps;
    const viewer = authoriseSim(store, identity, ref);
    const key = streamKey(ref);
    const seq = store.headOf(ref);
    const missed = since?.epoch === EPOCH && since.seq <= seq ? store.after(ref, since.seq) : undefined;
    const answer: WatchAnswer =
      since && missed && missed.length <= RESUME_LIMIT
        ? {
            epoch: EPOCH,
            seq,
            fromSeq: since.seq + 1,
            events: missed.flatMap((event) => projectEvent(viewer, ref, event) ?? []),
          }
        : { epoch: EPOCH, ...snapshotOfSim(store, life, ref, viewer) };
    this.#unwatch(socket, key);
    const watcher = { socket, ref, viewer };
    socket.watches.set(key, watcher);
    const mates = this.#watchers.get(key);
    if (mates) mates.add(watcher);
    else this.#watchers.set(key, new Set([watcher]));
    // The answer goes first: both take the same way, one after the other.
    if (ref.kind === "order") {
      void Promise.resolve().then(() => {
        const frame = shown(ref.id);
        if (frame && (viewer.as === "customer" || viewer.as === "ops")) socket.emit("position", frame);
      });
    }
    return answer;
  }

  #unwatch(socket: Socket, key: string): void {
    const watcher = socket.watches.get(key);
    if (!watcher) return;
    socket.watches.delete(key);
    const mates = this.#watchers.get(key);
    mates?.delete(watcher);
    if (mates?.size === 0) this.#watchers.delete(key);
  }

  #sendHeads(): void {
    for (const socket of this.#sockets) {
      if (socket.watches.size === 0) continue;
      const heads: Record<string, number> = {};
      for (const [key, { ref }] of socket.watches) heads[key] = this.#deps.store.headOf(ref);
      socket.emit("stream:heads", { epoch: EPOCH, heads });
    }
  }
}

function refusedAt(namespace: Namespace, identity: Identity | undefined): Problem | undefined {
  if (!identity) return problemOf("auth.missing", "sign in first");
  const admitted = identity.roles.some(({ role }) => ADMITS[namespace].includes(role));
  return admitted ? undefined : problemOf("right.missing", `none of your roles is let into /${namespace}`);
}

function isIn(namespace: Namespace, event: string): boolean {
  const entry: Command | undefined = isCommand(event) ? CATALOGUE[event] : undefined;
  return entry?.sockets.includes(namespace) ?? false;
}

function keyIn(payload: unknown): string | undefined {
  const key = typeof payload === "object" && payload !== null && "commandId" in payload ? payload.commandId : undefined;
  return typeof key === "string" ? key : undefined;
}
