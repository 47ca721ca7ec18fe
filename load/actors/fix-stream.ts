import type { HubClient } from "#shared/client/hub-client.ts";
import type { Fix } from "#shared/contracts/geo.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { GOOD_PHONE, type Phone } from "./phone.ts";
import { coveredOn, endOf, fixOn, type Ride } from "./ride.ts";

export interface FixStreamOptions {
  readonly hub: HubClient;
  readonly marketId: string;
  readonly clock: Clock;
  /** Deployment ms between fixes. */
  readonly everyMs: number;
  readonly ride: () => Ride;
  readonly phone?: Phone | undefined;
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
  readonly #phone: Phone;
  #queue: Fix[] = [];
  #cancel: (() => void) | undefined;
  #sending = false;
  #count = 0;

  constructor(options: FixStreamOptions) {
    this.#options = options;
    this.#phone = options.phone ?? GOOD_PHONE;
  }

  start(): void {
    this.#tick();
  }

  /** One reading more, now: somebody who has just stopped is not where the last one says. */
  readNow(): void {
    this.#read();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tick(): void {
    const { clock, everyMs, ride } = this.#options;
    this.#cancel = clock.after(everyMs, () => this.#tick());
    this.#count += 1;
    const standing = clock.nowMs() >= endOf(ride());
    if (!standing || this.#count % STANDING_EVERY === 1) this.#read();
  }

  #read(): void {
    const ride = this.#options.ride();
    const nowMs = this.#options.clock.nowMs();
    const fix = this.#phone.read(fixOn(ride, nowMs), coveredOn(ride, nowMs));
    if (fix) this.#queue.push(fix);
    if (this.#queue.length > KEEP) this.#queue.shift();
    void this.#flush();
  }

  async #flush(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    if (this.#sending || this.#queue.length === 0 || this.#phone.onlineFromMs(nowMs) > nowMs) return;
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
