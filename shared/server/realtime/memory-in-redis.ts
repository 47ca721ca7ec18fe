import { randomUUID } from "node:crypto";

import { streamKey, type StreamRef } from "#shared/contracts/streams.ts";
import type { Carriage } from "#shared/domain/tracking/carriage.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";

import type { RedisClient } from "../redis/connect.ts";
import type { Change } from "./event-store.ts";

/** What hubs remember of a stream. All of it holds at `seq`, and every event of the stream that any look has seen is within it. */
export interface Remembered {
  readonly seq: number;
  /** Of an order's stream. */
  readonly carriage: Carriage | undefined;
  /** By person: who may watch, and as what. Nobody's absence says anything. */
  readonly viewers: ReadonlyMap<string, Viewer["as"]>;
}

/** What is to be remembered of a stream at `seq`, besides what is known already. */
export interface ToRemember {
  readonly ref: StreamRef;
  readonly seq: number;
  readonly carriage?: Carriage | undefined;
  readonly viewers: ReadonlyMap<string, Viewer["as"]>;
}

/** How far the memory is whole: for every stream in it all events below the watermark are known. */
export interface Mark {
  /** Changes whenever the memory begins anew: another history, or a Redis that has lost it. */
  readonly generation: string;
  readonly watermark: string;
}

/** The memory that all hubs share. Every call may fail, be late, or be carried out without its answer. */
export interface MemoryPort {
  /** Undefined: nothing is remembered. */
  mark(): Promise<Mark | undefined>;
  /**
   * Remembers what a look at the store has found from a watermark on, and how far it went. Where the memory is whole only up to
   * an earlier watermark nothing is changed: the look must be taken again from there.
   */
  follow(change: Change, from: string): Promise<Mark>;
  /** In the order asked; undefined for what is not remembered, and for all when another generation has begun. */
  read(generation: string, refs: readonly StreamRef[]): Promise<(Remembered | undefined)[]>;
  /** Nothing happens when another generation has begun; what is older than what is remembered changes nothing. */
  keep(generation: string, some: readonly ToRemember[]): Promise<void>;
}

/** Wall ms after which a stream that stood still is forgotten. */
const TTL_MS = 6 * 3_600_000;
/** Heads in one script: Redis does nothing else meanwhile. */
const HEADS_AT_ONCE = 1_000;

/** One slot of a cluster, so that a script may touch all of it. */
const MARK = "{streams}/mark";
const PREFIX = "{streams}/";

// Watermarks are 64-bit; a Lua number tells them apart up to 2^53, which is a million transactions a second for 285 years.
const FOLLOW = `
local mark = redis.call('HMGET', KEYS[1], 'epoch', 'generation', 'watermark')
local generation, at = mark[2], mark[3]
if mark[1] ~= ARGV[2] then
  generation, at = ARGV[5], ARGV[4]
  redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'generation', generation, 'watermark', at)
elseif tonumber(at) < tonumber(ARGV[3]) then
  return { generation, at }
elseif tonumber(at) < tonumber(ARGV[4]) then
  at = ARGV[4]
  redis.call('HSET', KEYS[1], 'watermark', at)
end
for i = 7, #ARGV, 2 do
  local key = ARGV[1] .. generation .. '/' .. ARGV[i]
  if (tonumber(redis.call('HGET', key, 'seq') or '-1')) < tonumber(ARGV[i + 1]) then
    redis.call('HSET', key, 'seq', ARGV[i + 1])
    redis.call('PEXPIRE', key, ARGV[6])
  end
end
return { generation, at }`;

const KEEP = `
if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[2] then return 0 end
local i = 4
while i <= #ARGV do
  local key, seq, fields = ARGV[1] .. ARGV[2] .. '/' .. ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  if (tonumber(redis.call('HGET', key, 'seq') or '-1')) <= tonumber(seq) then
    redis.call('HSET', key, 'seq', seq, unpack(ARGV, i + 3, i + 2 + fields))
    redis.call('PEXPIRE', key, ARGV[3])
  end
  i = i + 3 + fields
end
return 1`;

const READ = `
if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[2] then return {} end
local found = {}
for i = 3, #ARGV do
  found[i - 2] = redis.call('HGETALL', ARGV[1] .. ARGV[2] .. '/' .. ARGV[i])
end
return found`;

/** The memory in Redis: a hash for each stream, one for the mark. */
export function memoryInRedis(redis: Pick<RedisClient, "eval" | "hmget">): MemoryPort {
  const run = (script: string, ...args: readonly (string | number)[]) => redis.eval(script, 1, MARK, PREFIX, ...args);
  return {
    async mark() {
      const [generation, watermark] = await redis.hmget(MARK, "generation", "watermark");
      return generation && watermark ? { generation, watermark } : undefined;
    },
    async follow({ epoch, watermark, heads }, from) {
      const fresh = randomUUID();
      const pairs = heads.map(({ ref, seq }) => [streamKey(ref), seq] as const);
      // All but the last leave the mark where it is: it must not be past what is not written yet.
      for (let at = 0; ; at += HEADS_AT_ONCE) {
        const last = at + HEADS_AT_ONCE >= pairs.length;
        const some = pairs.slice(at, at + HEADS_AT_ONCE).flat();
        // oxlint-disable-next-line no-await-in-loop -- in order
        const answer = await run(FOLLOW, epoch, from, last ? watermark : from, fresh, TTL_MS, ...some);
        // Cast: what the script returns.
        const [generation, reached] = answer as [string, string];
        if (last || BigInt(reached) < BigInt(from)) return { generation, watermark: reached };
      }
    },
    async read(generation, refs) {
      // Cast: what the script returns.
      const found = (await run(READ, generation, ...refs.map(streamKey))) as string[][];
      return refs.map((_, index) => rememberedOf(found[index] ?? []));
    },
    async keep(generation, some) {
      const entries = some.flatMap((one) => {
        const fields = fieldsOf(one);
        return [streamKey(one.ref), one.seq, fields.length, ...fields];
      });
      await run(KEEP, generation, TTL_MS, ...entries);
    },
  };
}

/** A stream's fields, each with the seq at which it holds: name, text, name, text. */
export function fieldsOf({ seq, carriage, viewers }: ToRemember): string[] {
  return [
    ...(carriage === undefined ? [] : ["carriage", JSON.stringify([seq, carriage])]),
    ...[...viewers].flatMap(([personId, as]) => [`viewer/${personId}`, JSON.stringify([seq, as])]),
  ];
}

/** What the fields of a stream say; undefined without any. */
export function rememberedOf(flat: readonly string[]): Remembered | undefined {
  const fields = new Map<string, string>();
  for (let at = 0; at + 1 < flat.length; at += 2) fields.set(flat[at] ?? "", flat[at + 1] ?? "");
  const seq = Number(fields.get("seq") ?? Number.NaN);
  if (Number.isNaN(seq)) return undefined;
  /** What was true at an earlier event need not be true any more. */
  const holding = (text: string | undefined): unknown => {
    if (text === undefined) return undefined;
    // Cast: written by `fieldsOf`.
    const [atSeq, value] = JSON.parse(text) as [number, unknown];
    return atSeq === seq ? value : undefined;
  };
  const viewers = new Map<string, Viewer["as"]>();
  for (const [name, text] of fields) {
    const as = name.startsWith("viewer/") ? holding(text) : undefined;
    // Cast: written by `fieldsOf`, by this version or the one before it.
    if (as !== undefined) viewers.set(name.slice("viewer/".length), as as Viewer["as"]);
  }
  // Cast: as above.
  return { seq, carriage: holding(fields.get("carriage")) as Carriage | undefined, viewers };
}
