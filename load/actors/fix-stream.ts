import type { HubClient } from "#shared/client/hub-client.ts";
import type { Fix } from "#shared/contracts/geo.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { fixOn, type Ride } from "./ride.ts";

export interface FixStreamOptions {
  readonly hub: HubClient;
  readonly marketId: string;
  readonly clock: Clock;
  /** Deployment ms between fixes. */
  readonly everyMs: number;
  readonly ride: () => Ride;
}

/** Standing still, one fix in so many is sent. */
const STANDING_EVERY = 6;
/** What the command takes at once; what a phone without a connection keeps at most. */
const BATCH = 120;
const KEEP = 1_200;
/** Wall ms for one batch. */
const DEADLINE_MS = 10_000;

/** Reads a courier's place at even times and sends it; what was not taken is kept and goes with the next. */
export class FixStream {
  readonly #options: FixStreamOptions;
  #queue: Fix[] = [];
  #cancel: (() => void) | undefined;
  #sending = false;
  #count = 0;

  constructor(options: FixStreamOptions) {
    this.#options = options;
  }

  start(): void {
    this.#tick();
  }

  /** One reading more, now: somebody who has just stopped is not where the last one says. */
  readNow(): void {
    const { clock, ride } = this.#options;
    this.#keep(fixOn(ride(), clock.nowMs()));
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tick(): void {
    const { clock, everyMs, ride } = this.#options;
    this.#cancel = clock.after(everyMs, () => this.#tick());
    const fix = fixOn(ride(), clock.nowMs());
    this.#count += 1;
    if (fix.speedMps === 0 && this.#count % STANDING_EVERY !== 1) return;
    this.#keep(fix);
  }

  #keep(fix: Fix): void {
    this.#queue.push(fix);
    if (this.#queue.length > KEEP) this.#queue.shift();
    void this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    const fixes = this.#queue.splice(0, BATCH);
    try {
      await this.#options.hub.command(
        "fix.push",
        { marketId: this.#options.marketId, fixes },
        { deadlineMs: DEADLINE_MS },
      );
    } catch {
      // Kept, in order: a fix that was taken after all is dropped as stale by the one who stores it.
      this.#queue = [...fixes, ...this.#queue];
    } finally {
      this.#sending = false;
    }
  }
}
