import type { Problem } from "../contracts/errors.ts";
import type { Ack, SeenEvent, StreamPosition, WatchAnswer } from "../contracts/streams.ts";

export interface WatchHandlers {
  /** The whole state at a position; replaces whatever was there. */
  onSnapshot(snapshot: unknown, position: StreamPosition): void;
  /** The event after the position so far: none is left out, repeated or out of order. */
  onEvent(event: SeenEvent, position: StreamPosition): void;
  /** The watch is over: the right has ended, or was never there. Nothing follows. */
  onClosed?(problem: Problem): void;
}

/** What was seen on the wire beside the log that the handlers got. */
export interface WireStats {
  /** Events or heads beyond the next one. */
  rawGaps: number;
  /** Events that were there already. */
  repeats: number;
  /** Watches asked, the first ones too. */
  watches: number;
}

export interface FollowerPort {
  /** Sends `stream:watch`. Called with the position so far, so that the answer can be what came after it. */
  ask(since: StreamPosition | undefined, done: (ack: Ack<WatchAnswer> | undefined) => void): void;
  /** Calls back after `attempt` failed attempts' worth of waiting; the answer cancels it. */
  wait(attempt: number, task: () => void): () => void;
  readonly stats: WireStats;
}

/**
 * The client's half of the no-loss protocol for one watch: keeps (epoch, seq), applies only seq + 1, and asks again on a
 * gap, a head beyond its own, another epoch and a new connection. Knows no network and no time.
 */
export class StreamFollower {
  readonly #port: FollowerPort;
  readonly #handlers: WatchHandlers;
  #position: StreamPosition | undefined;
  #state: "idle" | "asking" | "waiting" | "live" | "closed" = "idle";
  /** Counts asks, so that the answer to an older one is not believed. */
  #asked = 0;
  #failed = 0;
  #cancelWait = () => {};

  constructor(port: FollowerPort, handlers: WatchHandlers) {
    this.#port = port;
    this.#handlers = handlers;
  }

  get position(): StreamPosition | undefined {
    return this.#position;
  }

  /** A connection is there (again): ask for what came after the position so far. */
  connected(): void {
    if (this.#state === "closed") return;
    this.#failed = 0;
    this.#ask();
  }

  /** The connection is gone; answers under way do not count any more. */
  disconnected(): void {
    if (this.#state === "closed") return;
    this.#asked += 1;
    this.#cancelWait();
    this.#state = "idle";
  }

  event(epoch: string, event: SeenEvent): void {
    if (this.#state === "closed" || this.#position === undefined) return;
    if (epoch !== this.#position.epoch) return this.#behind();
    if (event.seq <= this.#position.seq) {
      this.#port.stats.repeats += 1;
      return;
    }
    if (event.seq > this.#position.seq + 1) return this.#behind();
    this.#apply(event);
  }

  /** Where the hub says that this stream stands: a lost last event shows no other gap. */
  head(epoch: string, seq: number): void {
    if (this.#state !== "live" || this.#position === undefined) return;
    if (epoch !== this.#position.epoch || seq > this.#position.seq) this.#behind();
  }

  /** Ends the watch from the hub's side. */
  ended(problem: Problem): void {
    if (this.#state === "closed") return;
    this.close();
    this.#handlers.onClosed?.(problem);
  }

  close(): void {
    this.#asked += 1;
    this.#cancelWait();
    this.#state = "closed";
  }

  #behind(): void {
    // While an answer is under way it will hold what is missing; it is not asked for twice.
    if (this.#state !== "live") return;
    this.#port.stats.rawGaps += 1;
    this.#ask();
  }

  #ask(): void {
    this.#cancelWait();
    this.#state = "asking";
    this.#asked += 1;
    this.#port.stats.watches += 1;
    const mine = this.#asked;
    this.#port.ask(this.#position, (ack) => {
      if (mine === this.#asked && this.#state === "asking") this.#answered(ack);
    });
  }

  #answered(ack: Ack<WatchAnswer> | undefined): void {
    if (ack === undefined || (!ack.ok && ack.problem.status >= 500)) return this.#later();
    if (!ack.ok) {
      // 401 and 429 pass: the session is being renewed, or the hub wants us slower.
      if (ack.problem.status === 401 || ack.problem.status === 429) return this.#later();
      return this.ended(ack.problem);
    }
    this.#failed = 0;
    this.#state = "live";
    this.#take(ack.data);
  }

  #take(answer: WatchAnswer): void {
    const { epoch, seq } = answer;
    if ("snapshot" in answer) {
      // Live events of an earlier watch may have brought us further than this snapshot: then there is nothing to replace.
      if (this.#position?.epoch === epoch && this.#position.seq > seq) return;
      this.#position = { epoch, seq };
      this.#handlers.onSnapshot(answer.snapshot, this.#position);
      return;
    }
    if (this.#position?.epoch !== epoch || answer.fromSeq > this.#position.seq + 1) {
      this.#position = undefined;
      return this.#later();
    }
    for (const event of answer.events) if (event.seq === this.#position.seq + 1) this.#apply(event);
    if (this.#state === "live" && this.#position.seq < seq) this.#later();
  }

  #apply(event: SeenEvent): void {
    if (this.#position === undefined || this.#state === "closed") return;
    this.#position = { epoch: this.#position.epoch, seq: event.seq };
    this.#handlers.onEvent(event, this.#position);
  }

  #later(): void {
    this.#state = "waiting";
    this.#failed += 1;
    this.#cancelWait = this.#port.wait(this.#failed, () => {
      if (this.#state === "waiting") this.#ask();
    });
  }
}
