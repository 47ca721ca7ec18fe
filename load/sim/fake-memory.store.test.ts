import fc from "fast-check";
import { afterAll, expect, test } from "vitest";

import type { StreamRef } from "#shared/contracts/streams.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";
import type { Change } from "#shared/server/realtime/event-store.ts";
import { memoryInRedis, type Mark, type MemoryPort } from "#shared/server/realtime/memory-in-redis.ts";
import { connectRedis } from "#shared/server/redis/connect.ts";
import { testServices } from "#shared/testing/services.ts";

import { FakeMemory } from "./fake-memory.ts";

const { redisLiveUrl } = await testServices();
const redis = connectRedis(redisLiveUrl, "events", "memory-test", () => {});
afterAll(() => redis.disconnect());

const streams: readonly StreamRef[] = [1, 2, 3].map((n) => ({
  marketId: "memory-test",
  kind: n === 3 ? "restaurant" : "order",
  id: `0190a000-0000-7000-8000-00000000000${n}`,
}));
const CARRIAGE = { courierId: null, version: 1, status: null, sinceMs: null };

type Step =
  | { readonly do: "follow"; readonly change: Change; readonly from: string }
  | {
      readonly do: "keep";
      readonly stream: number;
      readonly seq: number;
      readonly as: Viewer["as"];
      readonly carried: boolean;
    }
  | { readonly do: "keep-old"; readonly stream: number; readonly seq: number };

const stream = fc.integer({ min: 0, max: 2 });
const seq = fc.integer({ min: 0, max: 12 });
const watermark = fc.integer({ min: 1, max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      epoch: fc.constantFrom("a", "a", "a", "b"),
      from: watermark,
      further: watermark,
      heads: fc.array(fc.tuple(stream, seq)),
    })
    .map(({ epoch, from, further, heads }): Step => ({
      do: "follow",
      from: `${from}`,
      change: {
        epoch,
        watermark: `${from + further}`,
        heads: heads.map(([at, head]) => ({ ref: streams[at]!, seq: head })),
      },
    })),
  fc.record({
    do: fc.constant("keep" as const),
    stream,
    seq,
    as: fc.constantFrom<Viewer["as"]>("customer", "kitchen"),
    carried: fc.boolean(),
  }),
  fc.record({ do: fc.constant("keep-old" as const), stream, seq }),
);

/** Everything that a memory says while the steps are taken; generations by the order of their coming. */
async function told(port: MemoryPort, steps: readonly Step[]): Promise<unknown[]> {
  const names: string[] = [];
  const nameOf = (mark: Mark | undefined) => {
    if (mark === undefined) return undefined;
    if (!names.includes(mark.generation)) names.push(mark.generation);
    return { generation: names.indexOf(mark.generation), watermark: mark.watermark };
  };
  const all: unknown[] = [];
  for (const one of steps) {
    if (one.do === "follow") all.push(nameOf(await port.follow(one.change, one.from)));
    else {
      const generation = one.do === "keep" ? names.at(-1) : "gone";
      const viewers = new Map(one.do === "keep" ? [["person", one.as]] : []);
      const carriage = one.do === "keep" && one.carried ? CARRIAGE : undefined;
      await port.keep(generation ?? "none", [{ ref: streams[one.stream]!, seq: one.seq, carriage, viewers }]);
    }
    const mark = await port.mark();
    all.push(nameOf(mark), await port.read(mark?.generation ?? "none", streams), await port.read("gone", streams));
  }
  return all;
}

test("[RTM38] what the simulator's memory says, Redis says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await redis.del("{streams}/mark");
      const fake = new FakeMemory(() => 1).port({ run: async (task) => task() });
      expect(await told(memoryInRedis(redis), steps)).toEqual(await told(fake, steps));
    }),
    { numRuns: 60 },
  );
});

test("[RTM38] more heads than one script takes are all there before the mark says so", async () => {
  await redis.del("{streams}/mark");
  const port = memoryInRedis(redis);
  await port.follow({ epoch: "a", watermark: "5", heads: [] }, "5");
  const heads = Array.from({ length: 2_500 }, (_, n) => ({
    ref: { marketId: "memory-test", kind: "order" as const, id: `${n}` },
    seq: n + 1,
  }));
  const { generation, watermark: reached } = await port.follow({ epoch: "a", watermark: "9", heads }, "5");
  expect(reached).toBe("9");
  const found = await port.read(
    generation,
    heads.map(({ ref }) => ref),
  );
  expect(found.map((one) => one?.seq)).toEqual(heads.map((head) => head.seq));
});
