import type { Viewer } from "#shared/domain/rights/viewer.ts";
import type { Clock } from "#shared/lib/clock.ts";

import type { OpenRoom } from "./socket-watches.ts";
import type { StreamMemory } from "./stream-memory.ts";

/** Wall ms after an event in which it is remembered for hubs that start later. */
const REMEMBER_MS = 200;

export interface MovedRoomsDeps {
  readonly memory?: StreamMemory | undefined;
  /** Wall time. */
  readonly clock: Clock;
}

/** Streams that have moved since they were last remembered. [RTM38] */
export class MovedRooms {
  readonly #deps: MovedRoomsDeps;
  readonly #epoch: () => string | undefined;
  readonly #moved = new Set<OpenRoom>();
  #cancel: (() => void) | undefined;

  /** @param epoch the history that seqs belong to now */
  constructor(deps: MovedRoomsDeps, epoch: () => string | undefined) {
    this.#deps = deps;
    this.#epoch = epoch;
  }

  add(room: OpenRoom): void {
    if (!this.#deps.memory) return;
    this.#moved.add(room);
    this.#cancel ??= this.#deps.clock.after(REMEMBER_MS, () => this.#remember());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Where streams stand now, and who watches them: who has not been let go of by an event may still watch after it. */
  #remember(): void {
    this.#cancel = undefined;
    const { memory } = this.#deps;
    const generation = memory?.generationOf(this.#epoch());
    for (const { ref, stream, carriage, closed } of this.#moved) {
      if (closed || stream.head === undefined) continue;
      const viewers = new Map<string, Viewer["as"]>();
      for (const watcher of stream.watchers()) {
        if (watcher.toSeq === undefined && watcher.viewer.as !== "ops")
          viewers.set(watcher.viewer.personId, watcher.viewer.as);
      }
      memory?.keep(generation, { ref, seq: stream.head, carriage, viewers });
    }
    this.#moved.clear();
  }
}
