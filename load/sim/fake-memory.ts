import { streamKey } from "#shared/contracts/streams.ts";
import type { Rng } from "#shared/lib/rng.ts";
import { fieldsOf, rememberedOf, type MemoryPort } from "#shared/server/realtime/memory-in-redis.ts";

/** Carries a command there and its answer back. */
interface Connection {
  run(task: () => unknown): Promise<unknown>;
}

interface Content {
  mark: { epoch: string; generation: string; watermark: string } | undefined;
  /** Hashes by generation and stream. */
  hashes: Map<string, ReadonlyMap<string, string>>;
}

/** One command in so many is followed by a copy to the disk or the replica. */
const SAVED_ONE_IN = 8;

/** What Redis holds of the hubs' memory, and what of it is still there after it was away. */
export class FakeMemory {
  #now: Content = { mark: undefined, hashes: new Map() };
  #saved: Content = this.#now;
  readonly #random: Rng;
  #generations = 0;

  constructor(random: Rng) {
    this.#random = random;
  }

  /** The process ends: it comes back with all, with what it had some time ago, or with nothing. */
  restart(): void {
    const drawn = this.#random();
    if (drawn < 0.3) this.#now = { mark: undefined, hashes: new Map() };
    else if (drawn < 0.8) this.#now = copyOf(this.#saved);
  }

  /** As `memoryInRedis` does it, over a connection of the process. */
  port(connection: Connection): MemoryPort {
    const run = <T>(task: () => T): Promise<T> =>
      // Cast: the command's own answer.
      connection.run(() => {
        const answer = task();
        if (this.#random() * SAVED_ONE_IN < 1) this.#saved = copyOf(this.#now);
        return answer;
      }) as Promise<T>;
    return {
      mark: () => run(() => this.#now.mark),
      follow: (change, from) =>
        run(() => {
          const { mark } = this.#now;
          const { epoch, watermark } = change;
          if (mark?.epoch !== epoch) {
            this.#generations += 1;
            this.#now.mark = { epoch, generation: `${this.#generations}`, watermark };
          } else if (Number(mark.watermark) < Number(from)) return { ...mark };
          else if (Number(mark.watermark) < Number(watermark)) this.#now.mark = { ...mark, watermark };
          const now = this.#now.mark ?? { epoch, generation: "", watermark };
          for (const { ref, seq } of change.heads) {
            this.#set(now.generation, streamKey(ref), seq, [], (known) => known < seq);
          }
          return { ...now };
        }),
      read: (generation, refs) =>
        run(() =>
          refs.map((ref) => {
            const hash = this.#now.hashes.get(`${generation}/${streamKey(ref)}`);
            return hash && this.#now.mark?.generation === generation ? rememberedOf([...hash].flat()) : undefined;
          }),
        ),
      keep: (generation, some) =>
        run(() => {
          if (this.#now.mark?.generation !== generation) return;
          for (const one of some) {
            this.#set(generation, streamKey(one.ref), one.seq, fieldsOf(one), (known) => known <= one.seq);
          }
        }),
    };
  }

  #set(generation: string, stream: string, seq: number, fields: string[], may: (known: number) => boolean): void {
    const key = `${generation}/${stream}`;
    const hash = new Map(this.#now.hashes.get(key));
    if (!may(Number(hash.get("seq") ?? -1))) return;
    hash.set("seq", `${seq}`);
    for (let at = 0; at < fields.length; at += 2) hash.set(fields[at] ?? "", fields[at + 1] ?? "");
    this.#now.hashes.set(key, hash);
  }
}

function copyOf({ mark, hashes }: Content): Content {
  return { mark, hashes: new Map(hashes) };
}
