import { expect, test } from "vitest";

import type { StreamRef } from "#shared/contracts/streams.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Change } from "#shared/server/realtime/event-store.ts";
import type { Mark, MemoryPort, Remembered, ToRemember } from "#shared/server/realtime/memory-in-redis.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";

import { makeGranting } from "./granting.ts";
import { StreamMemory } from "./stream-memory.ts";

const KITCHEN: StreamRef = { marketId: "grid", kind: "restaurant", id: "0190a000-0000-7000-8000-000000000001" };
const COOK = "0190a000-0000-7000-8000-000000000002";
const NOBODY = new Map<string, Viewer["as"]>();
const look = (watermark: string, seq?: number): Change => ({
  epoch: "history-1",
  watermark,
  heads: seq === undefined ? [] : [{ ref: KITCHEN, seq }],
});
const remembered = (seq: number, viewers = NOBODY): Remembered => ({ seq, carriage: undefined, viewers });

/** A memory over a port that answers as the test says, and remembers what it was asked. */
function makeMemory(over: Partial<MemoryPort> = {}, other?: Clock) {
  const clock = new FakeClock();
  const kept: { generation: string; some: readonly ToRemember[] }[] = [];
  const follows: string[] = [];
  const port: MemoryPort = {
    mark: async () => undefined,
    follow: async ({ watermark }, from) => {
      follows.push(from);
      return { generation: "g", watermark };
    },
    read: async (_, refs) => refs.map(() => remembered(7)),
    keep: async (generation, some) => void kept.push({ generation, some }),
    ...over,
  };
  return { memory: new StreamMemory({ port, clock: other ?? clock }), clock, kept, follows };
}

/** Lets what is promised come, as far as it needs no time. */
const settled = () => new Promise<void>((done) => void setImmediate(done));

test("[RTM38] a hub that starts begins where the memory is whole; one that finds none begins now", async () => {
  const { memory } = makeMemory({ mark: async () => ({ generation: "g", watermark: "90" }) });
  expect(await memory.beginning(undefined)).toBe("90");
  expect(await makeMemory().memory.beginning(undefined)).toBeUndefined();
  expect(await memory.beginning("95")).toBe("95");
});

test("[RTM38] nothing is believed before a look was remembered, nor long after the last one", async () => {
  const { memory, clock } = makeMemory();
  expect(await memory.recall(KITCHEN)).toBeUndefined();
  memory.followed(look("100"), undefined);
  expect(await memory.recall(KITCHEN)).toEqual(remembered(7));
  await clock.advance(6_000);
  expect(await memory.recall(KITCHEN)).toBeUndefined();
});

test("[RTM38] a look that is being remembered is waited for: what it found must be in what is read", async () => {
  const { promise, resolve } = Promise.withResolvers<Mark>();
  let written = false;
  const { memory } = makeMemory({
    follow: async () => await promise,
    read: async (_, refs) => refs.map(() => remembered(written ? 8 : 7)),
  });
  memory.followed(look("100", 8), "90");
  const recalled = memory.recall(KITCHEN);
  await settled();
  written = true;
  resolve({ generation: "g", watermark: "100" });
  expect(await recalled).toEqual(remembered(8));
});

test("[RTM38] a memory that is whole only up to an earlier watermark is not believed until the look was taken again from there", async () => {
  let whole = false;
  const { memory } = makeMemory({
    follow: async ({ watermark }) => ({ generation: "g", watermark: whole ? watermark : "60" }),
  });
  memory.followed(look("100"), "90");
  await settled();
  expect(await memory.recall(KITCHEN)).toBeUndefined();
  expect(await memory.beginning("100")).toBe("60");
  whole = true;
  memory.followed(look("101"), "60");
  expect(await memory.recall(KITCHEN)).toEqual(remembered(7));
  expect(await memory.beginning("101")).toBe("101");
});

test("[RTM38] a look that may not have been remembered is taken again, and nothing is believed until then", async () => {
  let away = true;
  const { memory, follows } = makeMemory({
    follow: async ({ watermark }, from) => {
      if (away) throw new Error("Redis is away");
      follows.push(from);
      return { generation: "g", watermark };
    },
  });
  memory.followed(look("100", 8), "90");
  await settled();
  expect(await memory.recall(KITCHEN)).toBeUndefined();
  away = false;
  memory.followed(look("110"), await memory.beginning("100"));
  expect(await memory.recall(KITCHEN)).toEqual(remembered(7));
  expect(follows).toEqual(["90"]);
});

test("[RTM38] Redis that does not answer is not waited for, and one that is away is no error", async () => {
  const { memory, clock } = makeMemory({ read: () => new Promise(() => {}) });
  memory.followed(look("100"), undefined);
  await settled();
  const recalled = memory.recall(KITCHEN);
  await clock.advance(1_000);
  expect(await recalled).toBeUndefined();
  const { memory: other } = makeMemory({ read: () => Promise.reject(new Error("away")) });
  other.followed(look("100"), undefined);
  expect(await other.recall(KITCHEN)).toBeUndefined();
});

test("[RTM52] what has come from Redis while the hub was busy is not too late: sockets are read before patience is over", async () => {
  const due: (() => void)[] = [];
  const { promise, resolve } = Promise.withResolvers<Remembered[]>();
  const { memory } = makeMemory({ read: () => promise }, { nowMs: () => 0, rate: 1, after: later });
  function later(_ms: number, task: () => void): () => void {
    due.push(task);
    return () => void due.splice(due.indexOf(task), 1);
  }
  memory.followed(look("100"), undefined);
  await settled();
  const recalled = memory.recall(KITCHEN);
  await settled();
  // However late a busy hub's timers come: all that are due run before what lies at its sockets is read.
  for (const task of due.splice(0)) task();
  resolve([remembered(7)]);
  expect(await recalled).toEqual(remembered(7));
  expect(due).toEqual([]);
});

test("[RTM38] what was read before a history began is not kept in it; the newest of a stream wins", async () => {
  const { memory, clock, kept } = makeMemory();
  memory.followed(look("100"), undefined);
  await settled();
  const before = memory.generation;
  const viewers = new Map([[COOK, "kitchen" as const]]);
  memory.keep(before, { ref: KITCHEN, seq: 4, viewers: NOBODY });
  memory.keep(before, { ref: KITCHEN, seq: 5, viewers });
  memory.keep(before, { ref: KITCHEN, seq: 5, viewers: NOBODY });
  memory.keep(undefined, { ref: KITCHEN, seq: 9, viewers: NOBODY });
  expect(memory.generationOf("history-2")).toBeUndefined();
  expect(memory.generationOf("history-1")).toBe("g");
  await clock.advance(1_000);
  expect(kept).toEqual([{ generation: "g", some: [{ ref: KITCHEN, seq: 5, carriage: undefined, viewers }] }]);
});

const cook = (role: "kitchen" | "customer"): Identity => ({
  personId: COOK,
  sessionId: "s",
  roles: [{ role, marketId: "grid", restaurantId: role === "kitchen" ? KITCHEN.id : null }],
  expiresAtMs: 4e12,
});

/** Rights over a memory that says this; how often the store was asked. */
function makeRights(known: Remembered | undefined) {
  const kept: ToRemember[] = [];
  const asked: string[] = [];
  const grant = makeGranting({
    rights: {
      authorise: async ({ personId }) => {
        asked.push("right");
        return { viewer: { as: "kitchen", personId } };
      },
      closesAt: () => false,
    },
    store: {
      headOf: async () => {
        asked.push("head");
        return 9;
      },
    },
    memory: { generation: "g", recall: async () => known, keep: (_, one) => void kept.push(one) },
  });
  return { grant, asked, kept };
}

const holding = remembered(7, new Map([[COOK, "kitchen"]]));

test("[RTM39] a right that is remembered at the stream's head is not asked for again", async () => {
  const { grant, asked } = makeRights(holding);
  expect(await grant(cook("kitchen"), KITCHEN, 7)).toEqual({ viewer: { as: "kitchen", personId: COOK } });
  expect(asked).toEqual([]);
});

test.each([
  ["nothing is remembered", undefined, cook("kitchen"), 0],
  ["somebody else's is remembered", remembered(7), cook("kitchen"), 0],
  ["it is of an earlier event than the watch begins with", holding, cook("kitchen"), 8],
  ["the session holds the role no more", holding, cook("customer"), 0],
])(
  "[RTM39] the store is asked when %s, and what it says is remembered as of before it was asked",
  async (_, known, who, least) => {
    const { grant, asked, kept } = makeRights(known);
    await grant(who, KITCHEN, least);
    expect(asked).toEqual(["head", "right"]);
    expect(kept).toEqual([{ ref: KITCHEN, seq: 9, viewers: new Map([[COOK, "kitchen"]]) }]);
  },
);

test("[RTM39] the office's right is always asked for, and never remembered", async () => {
  const { grant, asked, kept } = makeRights(remembered(7, new Map([[COOK, "ops"]])));
  const office: Identity = {
    ...cook("customer"),
    roles: [{ role: "dispatcher", marketId: "grid", restaurantId: null }],
  };
  await grant(office, KITCHEN, 0);
  expect({ asked, kept }).toEqual({ asked: ["right"], kept: [] });
});

const ORDER: StreamRef = { ...KITCHEN, kind: "order" };
const customer = remembered(7, new Map([["another", "customer"]]));

test("[RTM54] who asks for an order of which another is remembered as its customer is refused without the store", async () => {
  const { grant, asked } = makeRights(customer);
  await expect(grant(cook("customer"), ORDER, 0)).rejects.toThrow("no such stream for you");
  expect(asked).toEqual([]);
});

test.each([
  ["of a kitchen others are remembered: it has several", remembered(7, new Map([["another", "kitchen"]])), KITCHEN],
  ["of an order nobody is remembered", remembered(7), ORDER],
])("[RTM54] the store is asked where %s", async (_, known, ref) => {
  const { grant, asked } = makeRights(known);
  await grant(cook("customer"), ref, 0);
  expect(asked).toEqual(["head", "right"]);
});
