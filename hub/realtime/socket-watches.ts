import { problemOf, Refusal, type Problem } from "#shared/contracts/errors.ts";
import {
  seqIn,
  streamKey,
  type SeenEvent,
  type StoredEvent,
  type StreamPosition,
  type StreamRef,
  type WatchAnswer,
} from "#shared/contracts/streams.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";

import type { Carriage } from "#shared/domain/tracking/carriage.ts";
import type { Granting } from "./granting.ts";
import type { Grant, Listener, Project, SnapshotOf, StreamRights } from "./ports.ts";
import { endOfRight, type RoomCounts, type RoomWatcher, type StreamRoom } from "./stream-room.ts";

/** A change is told by so many heartbeats, and after that by every so-manieth: most streams stand still most of the time. */
const BEATS_AFTER_CHANGE = 3;
const QUIET_BEATS = 16;
/** A resume over more events than this gets a snapshot. */
const RESUME_LIMIT = 500;

/** A stream that is open on this hub. */
export interface OpenRoom {
  readonly ref: StreamRef;
  readonly stream: StreamRoom;
  readonly opened: Promise<void>;
  carriage: Carriage | undefined;
  /** What is published comes here. */
  subscribed: boolean;
  cancelLinger: () => void;
  closed: boolean;
}

/** What one socket's watches need of all. */
export interface RoomsPort {
  readonly counts: RoomCounts & { watches: number; snapshots: number };
  /** The history that seqs belong to here; `known` is that of whoever asks. */
  epoch(known?: string): Promise<string>;
  open(ref: StreamRef): Promise<OpenRoom>;
  left(room: OpenRoom): void;
  gone(watches: WatchesOfSocket): void;
}

export interface WatchDeps {
  readonly store: EventStore;
  readonly rights: StreamRights;
  readonly grant: Granting;
  readonly snapshotOf: SnapshotOf;
  readonly project: Project;
}

/** One socket's watches. */
export interface SocketWatches {
  /**
   * The watch protocol: authorise, join, await our own subscription, read what came after `since`, answer, live. `answer`
   * is called in the same turn in which the watcher is let in, so that nothing overtakes it.
   *
   * @throws Refusal; the watch is then not there
   */
  watch(ref: StreamRef, since: StreamPosition | undefined, answer: (answer: WatchAnswer) => void): Promise<void>;
  unwatch(ref: StreamRef): void;
  /** Asks again for the right to every watch: the identity has changed. */
  reauthorise(): Promise<void>;
  close(): void;
}

/** A socket in one room. */
export class SocketWatcher implements RoomWatcher {
  readonly room: OpenRoom;
  readonly listener: Listener;
  readonly viewer: Grant["viewer"];
  readonly toSeq: number | undefined;
  cursor: number;
  readonly #epoch: string;
  readonly #owner: { over(watcher: SocketWatcher): void };

  constructor(
    room: OpenRoom,
    listener: Listener,
    grant: Grant,
    at: StreamPosition,
    owner: { over(watcher: SocketWatcher): void },
  ) {
    this.room = room;
    this.listener = listener;
    this.viewer = grant.viewer;
    this.toSeq = grant.toSeq;
    this.cursor = at.seq;
    this.#epoch = at.epoch;
    this.#owner = owner;
  }

  send(event: SeenEvent): void {
    this.listener.event(streamKey(this.room.ref), this.#epoch, event);
  }

  closed(seq: number, problem: Problem): void {
    this.#owner.over(this);
    this.listener.closed(streamKey(this.room.ref), seq, problem);
  }
}

export class WatchesOfSocket implements SocketWatches {
  readonly #rooms: RoomsPort;
  readonly #deps: WatchDeps;
  readonly #listener: Listener;
  readonly #watchers = new Map<string, SocketWatcher>();
  /** Streams whose room has gone with its epoch. */
  #lapsed: Set<string> | undefined;
  /** The newest watch or unwatch of a stream; an older one that is still under way is void. */
  #turns: Map<string, number> | undefined;
  #turn = 0;
  #closed = false;
  /** What the last heartbeat told, as one number, and how many have told the same. */
  #toldOf = -1;
  #beats = 0;

  constructor(rooms: RoomsPort, deps: WatchDeps, listener: Listener) {
    this.#rooms = rooms;
    this.#deps = deps;
    this.#listener = listener;
  }

  async watch(ref: StreamRef, since: StreamPosition | undefined, answer: (answer: WatchAnswer) => void): Promise<void> {
    const key = streamKey(ref);
    const turn = this.#newTurn(key);
    this.#rooms.counts.watches += 1;
    try {
      await this.#watch(key, turn, ref, since, answer);
    } finally {
      // Turns of watches under way are remembered, not those of every stream that was ever asked for.
      if (this.#turns?.get(key) === turn) this.#endTurn(key);
    }
  }

  async #watch(
    key: string,
    turn: number,
    ref: StreamRef,
    since: StreamPosition | undefined,
    answer: (answer: WatchAnswer) => void,
  ): Promise<void> {
    const grant = await this.#deps.grant(this.#listener.identity, ref, since?.seq ?? 0);
    const epoch = await this.#rooms.epoch(since?.epoch);
    const room = await this.#rooms.open(ref);
    try {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const resumed = attempt === 0 ? await this.#eventsAfter(room, epoch, since, grant) : undefined;
        const found = resumed ?? (await this.#snapshot(room, epoch, grant));
        if (this.#closed || this.#turns?.get(key) !== turn)
          throw new Refusal("hub.overloaded", "this watch was replaced");
        if (this.#letIn(key, room, grant, found, answer)) return;
      }
      throw new Refusal("hub.overloaded", "the stream moves faster than it can be read");
    } finally {
      this.#rooms.left(room);
    }
  }

  unwatch(ref: StreamRef): void {
    const key = streamKey(ref);
    // Without its turn a watch that is under way is void.
    this.#endTurn(key);
    this.#drop(key);
  }

  async reauthorise(): Promise<void> {
    for (const [key, watcher] of this.#watchers) {
      try {
        const { viewer } = await this.#deps.rights.authorise(this.#listener.identity, watcher.room.ref);
        // Who may still watch, but sees less than before, begins anew.
        if (viewer.as !== watcher.viewer.as) throw new Refusal("right.missing", "you watch this in another role now");
      } catch (error) {
        if (!(error instanceof Refusal) || this.#watchers.get(key) !== watcher) continue;
        this.#drop(key);
        this.#listener.closed(key, watcher.cursor, problemOf(error.code, error.message));
      }
    }
  }

  close(): void {
    this.#closed = true;
    for (const key of this.#watchers.keys()) this.#drop(key);
    this.#rooms.gone(this);
  }

  /** A right has ended, and its room has let the watcher go. */
  over(watcher: SocketWatcher): void {
    this.#watchers.delete(streamKey(watcher.room.ref));
  }

  /** Every room has gone; each stream stays on the heartbeat until the socket has watched it anew. */
  epochChanged(epoch: string): void {
    if (this.#watchers.size > 0) {
      this.#lapsed = new Set([...(this.#lapsed ?? []), ...this.#watchers.keys()]);
    }
    this.#watchers.clear();
    this.sendHeads(epoch);
  }

  /** The heartbeat: tells the heads when one has moved a while ago at most, and every sixteenth time in any case. [RTM25] */
  beat(epoch: string): void {
    let now = this.#watchers.size;
    for (const { cursor } of this.#watchers.values()) now += cursor;
    this.#beats = now === this.#toldOf ? this.#beats + 1 : 0;
    this.#toldOf = now;
    const due = this.#beats < BEATS_AFTER_CHANGE || this.#beats % QUIET_BEATS === 0;
    if (due || this.#lapsed) this.sendHeads(epoch);
  }

  sendHeads(epoch: string): void {
    if (this.#watchers.size === 0 && !this.#lapsed) return;
    const heads: Record<string, number> = {};
    for (const key of this.#lapsed ?? []) heads[key] = 0;
    for (const [key, watcher] of this.#watchers) heads[key] = watcher.cursor;
    this.#listener.heads(epoch, heads);
  }

  /** What came after `since`, from the ring or the store; undefined when only a snapshot will do. */
  async #eventsAfter(
    room: OpenRoom,
    epoch: string,
    since: StreamPosition | undefined,
    grant: Grant,
  ): Promise<Found | undefined> {
    if (!since || since.epoch !== epoch || (grant.fromSeq ?? 0) > since.seq + 1) return undefined;
    const held = room.stream.held(since.seq + 1);
    if (held) return { epoch, seq: since.seq + held.length, fromSeq: since.seq + 1, events: held };
    const events = await this.#deps.store.readAfter(room.ref, since.seq, RESUME_LIMIT + 1);
    if (events.length > RESUME_LIMIT) return undefined;
    const seq = seqOfLast(events, room.ref) ?? since.seq;
    // Somebody who stands beyond the store's own head knows another history.
    if (events.length === 0 && (await this.#deps.store.headOf(room.ref)) < since.seq) return undefined;
    return { epoch, seq, fromSeq: since.seq + 1, events };
  }

  async #snapshot(room: OpenRoom, epoch: string, grant: Grant): Promise<Found> {
    if (grant.toSeq !== undefined) throw new Refusal("stream.not-found", "your right to this stream has ended");
    this.#rooms.counts.snapshots += 1;
    const { seq, snapshot, mayWatch } = await this.#deps.snapshotOf(room.ref, grant.viewer);
    // The right may have ended since it was asked for; from here on the events tell it.
    if (!mayWatch) throw new Refusal("stream.not-found", "your right to this stream has ended");
    return { epoch, seq, snapshot };
  }

  /** Answers and goes live in one turn; false when the room no longer holds what lies between. */
  #letIn(key: string, room: OpenRoom, grant: Grant, found: Found, answer: (answer: WatchAnswer) => void): boolean {
    const { ref, stream } = room;
    if ("events" in found) for (const event of found.events) stream.offer(event);
    if (room.closed || (found.seq < (stream.head ?? 0) && !stream.held(found.seq + 1))) return false;
    this.#drop(key);
    const watcher = new SocketWatcher(room, this.#listener, grant, found, this);
    let end: Problem | undefined;
    if ("events" in found) {
      const seen: SeenEvent[] = [];
      for (const [index, event] of found.events.entries()) {
        watcher.cursor = found.fromSeq + index;
        const shown = this.#deps.project(grant.viewer, ref, event);
        if (shown) seen.push(shown);
        end = endOfRight(this.#deps.rights, watcher, event, watcher.cursor);
        if (end) break;
      }
      answer({ epoch: found.epoch, seq: watcher.cursor, fromSeq: found.fromSeq, events: seen });
    } else {
      answer(found);
    }
    if (end) {
      this.#listener.closed(key, watcher.cursor, end);
      return true;
    }
    this.#watchers.set(key, watcher);
    return stream.attach(watcher);
  }

  #newTurn(key: string): number {
    this.#turn += 1;
    (this.#turns ??= new Map()).set(key, this.#turn);
    return this.#turn;
  }

  #endTurn(key: string): void {
    this.#turns?.delete(key);
    if (this.#turns?.size === 0) this.#turns = undefined;
  }

  #drop(key: string): void {
    this.#lapsed?.delete(key);
    if (this.#lapsed?.size === 0) this.#lapsed = undefined;
    const watcher = this.#watchers.get(key);
    if (!watcher) return;
    this.#watchers.delete(key);
    watcher.room.stream.detach(watcher);
    this.#rooms.left(watcher.room);
  }
}

type Found =
  | { readonly epoch: string; readonly seq: number; readonly snapshot: unknown }
  | { readonly epoch: string; readonly seq: number; readonly fromSeq: number; readonly events: readonly StoredEvent[] };

function seqOfLast(events: readonly StoredEvent[], ref: StreamRef): number | undefined {
  const last = events.at(-1);
  return last && seqIn(last, ref);
}
