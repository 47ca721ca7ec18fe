import type { HubClient, Watch } from "#shared/client/hub-client.ts";
import { streamKey, type StreamPosition } from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";

import { type LoggedWatch, makeRecorder, type Recorder, watchRecorded } from "../actors/recorder.ts";
import type { Line } from "./fake-network.ts";
import type { Core } from "./load-core.ts";
import type { Person } from "./people.ts";
import type { Trace } from "./trace.ts";

/** A watcher whose right has ended asks again after so long, ms: the right may have opened anew. */
const ASK_AGAIN_MS = 400;

/** One watch of the log, with what the checker's own log does not tell. */
export interface WatchedOnce {
  readonly entry: LoggedWatch;
  readonly openedAtMs: number;
  /** The hub refused the watch when it was asked again; otherwise it ended with an event. */
  refused: boolean;
}

export interface WatcherDeps {
  readonly core: Core;
  readonly clock: Clock;
  readonly random: Rng;
  readonly trace: Trace | undefined;
}

/** A person with the client library, who writes down all that its handlers are given. */
export class Watcher {
  readonly person: Person;
  readonly line: Line;
  readonly log: WatchedOnce[] = [];
  readonly #deps: WatcherDeps;
  readonly #recorder: Recorder = makeRecorder();
  readonly #hub: HubClient;
  #watch: Watch | undefined;
  /** The hub has said that there is nothing to watch, and nothing has come since. */
  shut = false;

  constructor(person: Person, line: Line, deps: WatcherDeps) {
    this.person = person;
    this.line = line;
    this.#deps = deps;
    const { clock, random } = deps;
    this.#hub = deps.core.makeHubClient({ token: () => "", clock, random }, line.open);
    this.#begin();
  }

  get position(): StreamPosition | undefined {
    return this.#watch?.position;
  }

  get rawGaps(): number {
    return this.#hub.stats.rawGaps;
  }

  /** Goes away for a while, and comes back with nothing. */
  leave(forMs: number): void {
    if (!this.#watch) return;
    this.#watch.close();
    this.#watch = undefined;
    this.#deps.clock.after(forMs, () => this.#begin());
  }

  #begin(): void {
    if (this.#watch) return;
    const { clock, trace } = this.#deps;
    const { person } = this;
    let once: WatchedOnce | undefined;
    const watch = watchRecorded(
      this.#hub,
      person.watches,
      {
        onSnapshot: (_, position) => {
          const entry = this.#recorder.log.at(-1);
          if (!entry) return;
          this.shut = false;
          once = { entry, openedAtMs: clock.nowMs(), refused: false };
          this.log.push(once);
          trace?.(`${person.name} gets a snapshot of ${position.epoch} at ${position.seq}`);
        },
        onEvent: (_, position) => trace?.(`${person.name} gets ${person.watches.kind} ${position.seq}`),
        onClosed: (problem) => {
          trace?.(`${person.name} is told: ${problem.code}`);
          if (once && problem.code === "stream.not-found") once.refused = true;
          this.shut = true;
          if (this.#watch !== watch) return;
          this.#watch = undefined;
          clock.after(ASK_AGAIN_MS, () => this.#begin());
        },
      },
      { viewer: { as: person.as, personId: person.personId }, clock, recorder: this.#recorder },
    );
    this.#watch = watch;
    trace?.(`${person.name} watches ${streamKey(person.watches)}`);
  }
}
