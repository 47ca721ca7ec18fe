import type { HubClient } from "#shared/client/hub-client.ts";
import { makeWhereabouts, type TraceQueue, type Whereabouts } from "#shared/client/whereabouts.ts";
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
  /** As in `WhereaboutsDeps`. */
  readonly phase: number;
}

/** Standing still, one fix in so many is read. */
const STANDING_EVERY = 6;
/** What a phone without a connection keeps at most. */
const KEEP = 1_200;
/** Wall ms for one try. */
const TRY_MS = 10_000;

/** Reads a courier's place at even times; what of it leaves the phone is decided as on a real one. */
export class FixStream {
  readonly #options: FixStreamOptions;
  readonly #phone: Phone;
  readonly #whereabouts: Whereabouts;
  #queue: Fix[] = [];
  #cancel: (() => void) | undefined;
  #count = 0;

  constructor(options: FixStreamOptions) {
    this.#options = options;
    const phone = options.phone ?? GOOD_PHONE;
    this.#phone = phone;
    const nowMs = () => options.clock.nowMs();
    this.#whereabouts = makeWhereabouts({
      hub: options.hub,
      marketId: options.marketId,
      queue: this.#traceQueue(),
      nowMs,
      online: () => phone.onlineFromMs(nowMs()) <= nowMs(),
      tryMs: TRY_MS,
      phase: options.phase,
    });
  }

  start(): void {
    this.#tick();
  }

  /** One reading more, now: somebody who has just stopped is not where the last one says. */
  readNow(): void {
    this.#read();
  }

  /** A step of a delivery was made. */
  stepped(): void {
    this.#whereabouts.stepped();
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
    else void this.#whereabouts.send();
  }

  #read(): void {
    const ride = this.#options.ride();
    const nowMs = this.#options.clock.nowMs();
    const fix = this.#phone.read(fixOn(ride, nowMs), coveredOn(ride, nowMs));
    const last = this.#queue.at(-1);
    if (!fix || (last && fix.takenAtMs <= last.takenAtMs)) return void this.#whereabouts.send();
    this.#queue.push(fix);
    if (this.#queue.length > KEEP) this.#queue.shift();
    this.#whereabouts.took(fix);
  }

  #traceQueue(): TraceQueue {
    const queue = () => this.#queue;
    return {
      get size() {
        return queue().length;
      },
      next: (count) => queue().slice(0, count),
      sent: (fixes) => {
        const newest = fixes.at(-1)?.takenAtMs ?? Number.NEGATIVE_INFINITY;
        this.#queue = queue().filter((fix) => fix.takenAtMs > newest);
      },
    };
  }
}
