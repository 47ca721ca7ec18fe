import { roomOf } from "#shared/contracts/rooms.ts";
import { seqIn, streamKey, type StoredEvent, type StreamRef } from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";

import type { Viewer } from "#shared/domain/rights/viewer.ts";
import { carriageAfter, carriageOfRow, type Carriage } from "#shared/domain/tracking/carriage.ts";
import { makeGranting } from "./granting.ts";
import { joinUntil } from "./join-until.ts";
import { MovedRooms } from "./moved-rooms.ts";
import type { Listener, Project, RealtimeLog, SnapshotOf, StreamRights } from "./ports.ts";
import type { RoomBus } from "./room-bus.ts";
import { SocketWatcher, WatchesOfSocket, type OpenRoom, type SocketWatches, type WatchDeps } from "./socket-watches.ts";
import type { StreamMemory } from "./stream-memory.ts";
import { StreamRoom, type RoomCounts, type StreamRoomPort } from "./stream-room.ts";

/** Wall ms that a watch waits for its subscription; after that the follower alone brings what is published. */
const SUBSCRIBE_WAIT_MS = 2_000;
/** Wall ms before a gap is filled from the store: disorder of two publishers settles sooner. */
const GAP_WAIT_MS = 30;
/** Sockets that are told their heads in one turn, and wall ms until the next: nothing else waits for thousands of them. */
const HEADS_AT_A_TIME = 250;
const HEADS_PAUSE_MS = 40;
/** Wall ms that a room without watchers is kept, so that a reconnect storm is served from its ring. */
const LINGER_MS = 30_000;
/**
 * Wall ms after Redis was away, or another history began, in which an event from the bus is a hint alone and is read from the store:
 * a writer's client may still hold one of the old history, and sends it when it is connected again.
 */
const DOUBT_MS = 5_000;
/** Wall ms after a look at the store for which nothing older than it can be missing unnoticed. */
const LOOKED_MS = 2_000;
const doNothing = (): void => {};
const NOBODY: ReadonlyMap<string, Viewer["as"]> = new Map();

export interface StreamRoomsDeps {
  readonly bus: Pick<RoomBus, "join" | "leave">;
  readonly store: EventStore;
  readonly rights: StreamRights;
  readonly snapshotOf: SnapshotOf;
  readonly project: Project;
  /** Of all hubs; without it everything is asked of the store. */
  readonly memory?: StreamMemory | undefined;
  /** Wall time. */
  readonly clock: Clock;
  readonly log: RealtimeLog;
  /** Who carries an order that is watched here is known, or has changed; false: it is watched here no more. */
  readonly onOrder?: (marketId: string, orderId: string, watched: boolean) => void;
}

/** All streams that somebody on this hub watches. */
export class StreamRooms {
  readonly counts: RoomCounts & { watches: number; snapshots: number } = {
    repeats: 0,
    gaps: 0,
    fetches: 0,
    watches: 0,
    snapshots: 0,
  };
  readonly #deps: StreamRoomsDeps;
  readonly #rooms = new Map<string, OpenRoom>();
  /** Rooms on the bus, back to streams. */
  readonly #byBusRoom = new Map<string, OpenRoom>();
  readonly #sockets = new Set<WatchesOfSocket>();
  #epoch: string | undefined;
  #askingEpoch: Promise<void> | undefined;
  #cancelHeads = () => {};
  #doubtUntilMs = -Infinity;
  #lookedAtMs = -Infinity;
  readonly #moved: MovedRooms;
  readonly #watchDeps: WatchDeps;
  readonly #port: StreamRoomPort;

  constructor(deps: StreamRoomsDeps) {
    const { clock, store, project, rights } = deps;
    this.#port = {
      readAfter: (...asked) => store.readAfter(...asked),
      project,
      closesAt: (viewer, event) => rights.closesAt(viewer, event),
      soon: (task) => void clock.after(GAP_WAIT_MS, task),
      accepted: (ref, event) => this.#accepted(ref, event),
      counts: this.counts,
    };
    this.#deps = deps;
    this.#moved = new MovedRooms(deps, () => this.#epoch);
    this.#watchDeps = { ...deps, grant: makeGranting(deps) };
    // It may have been started because of a failover that it knows nothing of.
    this.doubt();
  }

  get size(): number {
    return this.#rooms.size;
  }

  forSocket(listener: Listener): SocketWatches {
    const watches = new WatchesOfSocket(this, this.#watchDeps, listener);
    this.#sockets.add(watches);
    return watches;
  }

  gone(watches: WatchesOfSocket): void {
    this.#sockets.delete(watches);
  }

  /** An event from the bus, or one that this hub has just committed: whoever is here need not wait for Redis to hear of it. */
  arrived(busRoom: string, event: StoredEvent): void {
    const room = this.#byBusRoom.get(busRoom);
    if (!room) return;
    if (this.#deps.clock.nowMs() < this.#doubtUntilMs) room.stream.told(seqIn(event, room.ref) ?? 0);
    else room.stream.offer(event);
  }

  /** What comes from the bus may be of another history. [RTM40] */
  doubt(): void {
    this.#doubtUntilMs = this.#deps.clock.nowMs() + DOUBT_MS;
  }

  /** A stream is known to stand at `seq`. */
  told(ref: StreamRef, seq: number): void {
    this.#rooms.get(streamKey(ref))?.stream.told(seq);
  }

  /** Rooms that lack something try again; called after every look at the store that succeeded, with the wall ms at which it began. */
  repair(lookedAtMs: number): void {
    this.#lookedAtMs = lookedAtMs;
    for (const room of this.#rooms.values()) room.stream.repair();
  }

  /** Compares every head here with the store: after Redis has been away. */
  async verify(): Promise<void> {
    const refs = [...this.#rooms.values()].map((room) => room.ref);
    const heads = await this.#deps.store.headsOf(refs);
    for (const [key, seq] of heads) this.#rooms.get(key)?.stream.told(seq);
  }

  /** The history that the seqs belong to. Another one ends every room: each watcher is told, and watches anew. */
  setEpoch(epoch: string): void {
    if (epoch === this.#epoch) return;
    const before = this.#epoch;
    this.#epoch = epoch;
    if (before === undefined) return;
    this.doubt();
    for (const room of this.#rooms.values()) this.#close(room);
    for (const socket of this.#sockets) socket.epochChanged(epoch);
  }

  /** Tells every socket where its streams stand, unless it knows. */
  sendHeads(): void {
    this.#cancelHeads();
    this.#tellHeads([...this.#sockets]);
  }

  #tellHeads(sockets: WatchesOfSocket[]): void {
    const epoch = this.#epoch;
    if (epoch !== undefined) for (const socket of sockets.splice(-HEADS_AT_A_TIME)) socket.beat(epoch);
    if (epoch === undefined || sockets.length === 0) return;
    this.#cancelHeads = this.#deps.clock.after(HEADS_PAUSE_MS, () => this.#tellHeads(sockets));
  }

  /**
   * Where a stream that is open here stands, and in which history, as long as this hub hears at once of what comes next: it is subscribed, lacks nothing and
   * has looked at the store just now. Undefined when that cannot be said. [RTM42]
   */
  headNow(ref: StreamRef): string | undefined {
    const room = this.#rooms.get(streamKey(ref));
    const nowMs = this.#deps.clock.nowMs();
    if (!room?.subscribed || room.stream.behind) return undefined;
    if (nowMs < this.#doubtUntilMs || nowMs > this.#lookedAtMs + LOOKED_MS) return undefined;
    return this.#epoch === undefined || room.stream.head === undefined
      ? undefined
      : `${this.#epoch}/${room.stream.head}`;
  }

  /** The carriage of a watched order. */
  carriageOf(marketId: string, orderId: string): Carriage | undefined {
    return this.#rooms.get(streamKey({ marketId, kind: "order", id: orderId }))?.carriage;
  }

  /** Those who watch an order and may see who carries it: its customer and the office. */
  *positionListeners(marketId: string, orderId: string): Iterable<Listener> {
    const room = this.#rooms.get(streamKey({ marketId, kind: "order", id: orderId }));
    for (const watcher of room?.stream.watchers() ?? []) {
      if (watcher instanceof SocketWatcher && (watcher.viewer.as === "customer" || watcher.viewer.as === "ops")) {
        yield watcher.listener;
      }
    }
  }

  /**
   * The history; asked of the store where it is not known, and when somebody comes who knows another one: after a failover
   * another hub may have seen it first. Once for all who ask meanwhile.
   */
  async epoch(known?: string): Promise<string> {
    if (this.#epoch === undefined || (known !== undefined && known !== this.#epoch)) {
      this.#askingEpoch ??= this.#askEpoch().finally(() => (this.#askingEpoch = undefined));
      await this.#askingEpoch;
    }
    return this.#epoch ?? "";
  }

  async #askEpoch(): Promise<void> {
    this.setEpoch((await this.#deps.store.changedSince(undefined)).epoch);
  }

  /** The room of a stream, subscribed and with a head. */
  async open(ref: StreamRef): Promise<OpenRoom> {
    const key = streamKey(ref);
    const room = this.#rooms.get(key) ?? this.#make(key, ref);
    room.cancelLinger();
    try {
      await room.opened;
    } catch (error) {
      this.#close(room);
      throw error;
    }
    return room;
  }

  /** Nobody may be left: the room goes after a while. */
  left(room: OpenRoom): void {
    if (room.closed || room.stream.size > 0) return;
    room.cancelLinger();
    room.cancelLinger = this.#deps.clock.after(LINGER_MS, () => {
      if (room.stream.size === 0) this.#close(room);
    });
  }

  closeAll(): void {
    this.#cancelHeads();
    this.#moved.stop();
    for (const room of this.#rooms.values()) this.#close(room);
  }

  #make(key: string, ref: StreamRef): OpenRoom {
    const room: OpenRoom = {
      ref,
      stream: new StreamRoom(ref, this.#port),
      opened: Promise.resolve().then(() => this.#start(room)),
      carriage: undefined,
      subscribed: false,
      cancelLinger: doNothing,
      closed: false,
    };
    this.#rooms.set(key, room);
    this.#byBusRoom.set(roomOf.stream(ref), room);
    return room;
  }

  #accepted(ref: StreamRef, event: StoredEvent): void {
    const room = this.#rooms.get(streamKey(ref));
    if (!room) return;
    this.#moved.add(room);
    const before = room.carriage;
    if (!before) return;
    room.carriage = carriageAfter(before, event);
    if (room.carriage !== before) this.#deps.onOrder?.(ref.marketId, ref.id, true);
  }

  async #start(room: OpenRoom): Promise<void> {
    const { store, memory } = this.#deps;
    const { ref } = room;
    await this.#joined(room);
    const known = await memory?.recall(ref);
    if (known && (ref.kind !== "order" || known.carriage)) {
      room.carriage = known.carriage;
      this.#carriageKnown(room);
      return room.stream.start(known.seq);
    }
    if (ref.kind !== "order") return room.stream.start(await store.headOf(ref));
    const generation = memory?.generation;
    // The carriage is read together with the seq that it stands at, so that no older event is applied to it.
    const row = await store.carriageOf(ref.marketId, ref.id);
    room.carriage = carriageOfRow(row);
    memory?.keep(generation, { ref, seq: row.seq, carriage: room.carriage, viewers: NOBODY });
    this.#carriageKnown(room);
    room.stream.start(row.seq);
  }

  #carriageKnown({ ref, closed }: OpenRoom): void {
    if (!closed && ref.kind === "order") this.#deps.onOrder?.(ref.marketId, ref.id, true);
  }

  /** Waits for our own subscription, but not for ever: without Redis the follower brings what the store has. */
  #joined(room: OpenRoom): Promise<void> {
    const { bus, clock, log } = this.#deps;
    const busRoom = roomOf.stream(room.ref);
    const refused = (error: unknown) => log.warn({ error, room: busRoom }, "a subscription failed; it is tried again");
    return new Promise((done) => {
      const cancel = clock.after(SUBSCRIBE_WAIT_MS, done);
      void joinUntil({ bus, clock }, busRoom, () => !room.closed, refused).then((isThere) => {
        room.subscribed = isThere;
        cancel();
        done();
      });
    });
  }

  #close(room: OpenRoom): void {
    if (room.closed) return;
    room.closed = true;
    room.cancelLinger();
    room.stream.close();
    const key = streamKey(room.ref);
    if (this.#rooms.get(key) === room) this.#rooms.delete(key);
    const busRoom = roomOf.stream(room.ref);
    if (this.#byBusRoom.get(busRoom) === room) this.#byBusRoom.delete(busRoom);
    this.#deps.bus.leave(busRoom);
    if (room.ref.kind === "order") this.#deps.onOrder?.(room.ref.marketId, room.ref.id, false);
  }
}
