import { type Problem, problemOf } from "#shared/contracts/errors.ts";
import { seqIn, type SeenEvent, type StoredEvent, type StreamRef } from "#shared/contracts/streams.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";

/** Somebody on this hub who watches the stream. `cursor` is what has been sent. */
export interface RoomWatcher {
  readonly viewer: Viewer;
  cursor: number;
  /** The last seq that the right covers; undefined while it is open. */
  readonly toSeq: number | undefined;
  send(event: SeenEvent): void;
  /** The right has ended; the room has already let the watcher go. */
  closed(seq: number, problem: Problem): void;
}

/** One for all rooms of a hub, of which there are tens of thousands. */
export interface StreamRoomPort {
  /** Events after a seq, ascending and without a gap, from the store. */
  readAfter(ref: StreamRef, afterSeq: number, limit: number): Promise<StoredEvent[]>;
  project(viewer: Viewer, ref: StreamRef, event: StoredEvent): SeenEvent | undefined;
  /** Whether the viewer's right to the stream ends with this event. */
  closesAt(viewer: Viewer, event: StoredEvent): boolean;
  /** Calls back shortly: two publishers often only disagree on the order, and the missing one is under way. */
  soon(task: () => void): void;
  /** Called for every event, once and in order, before the watchers hear it. */
  accepted(ref: StreamRef, event: StoredEvent): void;
  readonly counts: RoomCounts;
}

export interface RoomCounts {
  /** Events that had come before. */
  repeats: number;
  /** Events or heads beyond the next one. */
  gaps: number;
  /** Reads of the store to fill a gap. */
  fetches: number;
}

/** Events kept for those who come back. */
const RING_SIZE = 128;
/** Most events read at a time. */
const FETCH_LIMIT = 500;

/**
 * One stream on one hub: holds its head, orders what arrives, drops repeats, fills gaps from the store, and gives every
 * watcher each event of its right once and in order. No I/O but its port; nothing that it is told may be believed to be
 * complete, or in order, or the first time. [RTM5-RTM8]
 */
export class StreamRoom {
  readonly ref: StreamRef;
  readonly #port: StreamRoomPort;
  readonly #watchers = new Set<RoomWatcher>();
  /** Events beyond the next one, by seq; most rooms never hold any. */
  #ahead: Map<number, StoredEvent> | undefined;
  /** The newest events, contiguous, the last one at the head. */
  #ring: StoredEvent[] = [];
  #head: number | undefined;
  /** The highest seq that is known to exist. */
  #known = 0;
  #fetching = false;
  #closed = false;

  constructor(ref: StreamRef, port: StreamRoomPort) {
    this.ref = ref;
    this.#port = port;
  }

  /** The last event held; undefined until the start. */
  get head(): number | undefined {
    return this.#head;
  }

  get size(): number {
    return this.#watchers.size;
  }

  get behind(): boolean {
    return this.#head !== undefined && this.#head < this.#known;
  }

  /** Begins at a head that was read after the subscription was confirmed; what arrived since then has been kept. */
  start(head: number): void {
    this.#head = head;
    this.#drain();
    this.#fillSoon();
  }

  /** An event arrived, from wherever. */
  offer(event: StoredEvent): void {
    const seq = seqIn(event, this.ref);
    if (seq === undefined || this.#closed) return;
    if (this.#head !== undefined && seq <= this.#head) {
      this.#port.counts.repeats += 1;
      return;
    }
    this.#known = Math.max(this.#known, seq);
    if (this.#head !== undefined && seq === this.#head + 1) this.#accept(event);
    else (this.#ahead ??= new Map()).set(seq, event);
    this.#drain();
    if (this.behind) this.#fillSoon();
  }

  /** The stream is known to stand at `seq`. */
  told(seq: number): void {
    this.#known = Math.max(this.#known, seq);
    if (this.behind) this.#fillSoon();
  }

  /** Tries again what a fetch could not do; called once in a while. */
  repair(): void {
    if (this.behind) void this.#fetch();
  }

  /** The events from `seq` to the head, or undefined when they are not all held. */
  held(seq: number): readonly StoredEvent[] | undefined {
    if (this.#head === undefined || seq > this.#head + 1) return undefined;
    const wanted = this.#head - seq + 1;
    return wanted <= this.#ring.length ? this.#ring.slice(this.#ring.length - wanted) : undefined;
  }

  /**
   * Lets a watcher in and sends it what it lacks up to the head.
   *
   * @returns false when that is no longer held; the watcher is then not in
   */
  attach(watcher: RoomWatcher): boolean {
    if (this.#head === undefined || this.#closed) return false;
    // A snapshot may be newer than our head: then the next events are skipped for this one, and the head is now known.
    const missing = watcher.cursor > this.#head ? [] : this.held(watcher.cursor + 1);
    if (!missing) return false;
    this.#watchers.add(watcher);
    this.told(watcher.cursor);
    for (const event of missing) this.#give(watcher, event);
    return true;
  }

  detach(watcher: RoomWatcher): void {
    this.#watchers.delete(watcher);
  }

  watchers(): Iterable<RoomWatcher> {
    return this.#watchers;
  }

  close(): void {
    this.#closed = true;
    this.#watchers.clear();
    this.#ahead = undefined;
  }

  /** Accepts what came ahead as far as it follows. */
  #drain(): void {
    const ahead = this.#ahead;
    if (this.#head === undefined || !ahead) return;
    for (const seq of ahead.keys()) if (seq <= this.#head) ahead.delete(seq);
    for (let next = ahead.get(this.#head + 1); next; next = ahead.get(this.#head + 1)) {
      ahead.delete(this.#head + 1);
      this.#accept(next);
    }
    if (ahead.size === 0) this.#ahead = undefined;
  }

  #accept(event: StoredEvent): void {
    this.#head = (this.#head ?? 0) + 1;
    this.#ring.push(event);
    if (this.#ring.length > 2 * RING_SIZE) this.#ring = this.#ring.slice(-RING_SIZE);
    this.#port.accepted(this.ref, event);
    for (const watcher of this.#watchers) this.#give(watcher, event);
  }

  #give(watcher: RoomWatcher, event: StoredEvent): void {
    const seq = seqIn(event, this.ref);
    if (seq !== watcher.cursor + 1 || !this.#watchers.has(watcher)) return;
    watcher.cursor = seq;
    const seen = this.#port.project(watcher.viewer, this.ref, event);
    if (seen) watcher.send(seen);
    const problem = endOfRight(this.#port, watcher, event, seq);
    if (!problem) return;
    this.#watchers.delete(watcher);
    watcher.closed(seq, problem);
  }

  #fillSoon(): void {
    if (this.#fetching || !this.behind) return;
    this.#port.counts.gaps += 1;
    this.#fetching = true;
    this.#port.soon(() => {
      this.#fetching = false;
      this.repair();
    });
  }

  /** Fills the gap before what is known. A failure is left to the next {@link repair}. */
  async #fetch(): Promise<void> {
    if (this.#fetching || this.#closed) return;
    this.#fetching = true;
    try {
      // A read that brings nothing new ends it: what is known may be ahead of what this connection sees.
      while (this.behind && (await this.#fetchOnce()));
    } catch {
      // The store is away: the follower calls repair() as soon as it answers again.
    } finally {
      this.#fetching = false;
    }
  }

  async #fetchOnce(): Promise<boolean> {
    const from = this.#head ?? 0;
    this.#port.counts.fetches += 1;
    const events = await this.#port.readAfter(this.ref, from, FETCH_LIMIT);
    // Some may have arrived meanwhile; they are no repeats on the wire.
    const missing = events.filter((event) => (seqIn(event, this.ref) ?? 0) > (this.#head ?? 0));
    for (const event of missing) this.offer(event);
    return this.#head !== from;
  }
}

/** Why a watcher gets nothing after this event: its right closes with it, or was granted only so far. */
export function endOfRight(
  port: Pick<StreamRoomPort, "closesAt">,
  watcher: Pick<RoomWatcher, "viewer" | "toSeq">,
  event: StoredEvent,
  seq: number,
): Problem | undefined {
  const over = (watcher.toSeq !== undefined && seq >= watcher.toSeq) || port.closesAt(watcher.viewer, event);
  return over ? RIGHT_ENDED : undefined;
}

const RIGHT_ENDED = problemOf("right.missing", "your right to this stream has ended");
