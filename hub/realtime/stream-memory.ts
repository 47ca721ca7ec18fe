import { streamKey, type StreamRef } from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { gathered } from "#shared/lib/gathered.ts";
import type { Change } from "#shared/server/realtime/event-store.ts";
import type { Mark, MemoryPort, Remembered, ToRemember } from "#shared/server/realtime/memory-in-redis.ts";

/** Wall ms for which nobody waits longer for what is remembered: the store knows it too. */
const PATIENCE_MS = 500;
/** In so many steps: between two of them sockets are read, so that what has come while this process was busy is not too late. */
const PATIENCE_STEPS = 5;
/** Wall ms after the last look that was remembered in which the memory is believed. */
const BELIEVED_MS = 5_000;
/** Wall ms in which what is to be kept is gathered. */
const KEEP_EVERY_MS = 100;
/** Streams kept in one go. */
const KEEP_AT_ONCE = 250;

export interface StreamMemoryDeps {
  readonly port: MemoryPort;
  /** Wall time. */
  readonly clock: Clock;
}

/**
 * What all hubs remember together of the streams that any of them serves, so that a hub that has just started need not ask the
 * store where each of them stands, who carries the order and who may watch. [RTM38, RTM39]
 *
 * It is believed only while this hub's own looks at the store connect to those of the others without a hole: then whatever was
 * committed before this hub's last look is in it, and the follower tells what comes after. Everything else is asked of the store.
 */
export class StreamMemory {
  readonly #port: MemoryPort;
  readonly #clock: Clock;
  /** By generation, then by stream. */
  readonly #toKeep = new Map<string, Map<string, ToRemember>>();
  readonly #read: (ref: StreamRef) => Promise<Remembered | undefined>;
  /** What may be believed. */
  #believed: { readonly generation: string; readonly epoch: string } | undefined;
  #believedUntilMs = -Infinity;
  /** The looks that are being written down. */
  #following: Promise<void> = Promise.resolve();
  /** From where the next look must begin, when that is before its own watermark. */
  #again: string | undefined;
  #cancelKeep: (() => void) | undefined;

  constructor({ port, clock }: StreamMemoryDeps) {
    this.#port = port;
    this.#clock = clock;
    this.#read = gathered((refs) => this.#readMany(refs));
  }

  /** Names what may be believed now; ask before you read what you mean to keep. */
  get generation(): string | undefined {
    return this.#believed?.generation;
  }

  /** The same, when it is of this history. */
  generationOf(epoch: string | undefined): string | undefined {
    return this.#believed?.epoch === epoch ? this.generation : undefined;
  }

  /** Where this look at the store must begin: a watermark of its own, or an earlier one of the memory. Never throws. */
  async beginning(own: string | undefined): Promise<string | undefined> {
    const again = this.#again;
    if (own !== undefined) return again === undefined || BigInt(own) < BigInt(again) ? own : again;
    const mark = await this.#patiently(this.#port.mark());
    return mark?.watermark;
  }

  /** A look at the store has found this; call it in the turn in which rooms are told of it. Nobody needs to wait. */
  followed(change: Change, from: string | undefined): void {
    // Who began nowhere knows what changes from here on.
    const begun = from ?? change.watermark;
    this.#following = this.#following.then(async () => {
      try {
        this.#reached(await this.#port.follow(change, begun), begun, change.epoch);
      } catch {
        // It may have been written down, or not.
        this.#believed = undefined;
        this.#again = begun;
      }
    });
  }

  /** What is remembered, when it may be believed. Never throws. */
  recall(ref: StreamRef): Promise<Remembered | undefined> {
    return this.#read(ref);
  }

  /**
   * Remembers it within a moment. The newest of a stream wins, and what is said of the same event is put together.
   *
   * @param generation which was believed before it was read: what was read in one history must not be kept in another
   */
  keep(generation: string | undefined, one: ToRemember): void {
    if (generation === undefined) return;
    const key = streamKey(one.ref);
    const streams = this.#toKeep.get(generation) ?? new Map<string, ToRemember>();
    this.#toKeep.set(generation, streams);
    const before = streams.get(key);
    if (before && before.seq > one.seq) return;
    const same = before?.seq === one.seq ? before : undefined;
    streams.set(key, {
      ref: one.ref,
      seq: one.seq,
      carriage: one.carriage ?? same?.carriage,
      viewers: new Map([...(same?.viewers ?? []), ...one.viewers]),
    });
    this.#cancelKeep ??= this.#clock.after(KEEP_EVERY_MS, () => this.#flush());
  }

  stop(): void {
    this.#cancelKeep?.();
    this.#toKeep.clear();
  }

  #reached({ generation, watermark }: Mark, begun: string, epoch: string): void {
    const whole = BigInt(watermark) >= BigInt(begun);
    this.#believed = whole ? { generation, epoch } : undefined;
    this.#again = whole ? undefined : watermark;
    this.#believedUntilMs = this.#clock.nowMs() + BELIEVED_MS;
  }

  #flush(): void {
    this.#cancelKeep = undefined;
    for (const [generation, streams] of this.#toKeep) {
      const all = [...streams.values()];
      for (let at = 0; at < all.length; at += KEEP_AT_ONCE) {
        // What is lost here is asked of the store.
        this.#port.keep(generation, all.slice(at, at + KEEP_AT_ONCE)).catch(() => {});
      }
    }
    this.#toKeep.clear();
  }

  /** Of all who ask meanwhile: with one patience, and one look at what is believed. */
  async #readMany(refs: readonly StreamRef[]): Promise<readonly (Remembered | undefined)[]> {
    const nothing = refs.map(() => undefined);
    // What rooms were told before they asked must be in what is read.
    if ((await this.#patiently(this.#following.then(() => true))) !== true) return nothing;
    const { generation } = this;
    if (generation === undefined || this.#clock.nowMs() > this.#believedUntilMs) return nothing;
    return (await this.#patiently(this.#port.read(generation, refs))) ?? nothing;
  }

  /** The answer; undefined when it fails or does not come in time. [RTM52] */
  #patiently<T>(asked: Promise<T>): Promise<T | undefined> {
    return new Promise((done) => {
      let cancel = () => {};
      const wait = (stepsLeft: number): void => {
        if (stepsLeft === 0) return done(undefined);
        cancel = this.#clock.after(PATIENCE_MS / PATIENCE_STEPS, () => wait(stepsLeft - 1));
      };
      wait(PATIENCE_STEPS);
      asked.then(
        (answer) => {
          cancel();
          done(answer);
        },
        () => {
          cancel();
          done(undefined);
        },
      );
    });
  }
}
