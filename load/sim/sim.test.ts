import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { seededRng } from "#shared/lib/rng.ts";
import { Statement } from "#shared/server/db/statement.ts";
import { SimClock } from "#shared/sim/sim-clock.ts";

import { PROJECT } from "../../deploy/local/folders.ts";
import { readSimArgs } from "./args.ts";
import { play } from "./campaign.ts";
import * as core from "./core.ts";
import { FakePostgres, type Write } from "./fake-postgres.ts";
import { FakeRedis, RedisConnection } from "./fake-redis.ts";
import { CORE } from "./load-core.ts";
import { ORDER_STREAMS } from "./people.ts";
import { planOf } from "./plan.ts";
import { PLANTED_BUGS } from "./planted-bugs.ts";
import { keeping, runSchedule, shrunk } from "./run-schedule.ts";

const SCHEDULES = 120;
const WRITE = {
  do: "write",
  writer: 1,
  order: 0,
  kitchen: true,
  count: 1,
  openMs: 2,
  fate: "answer-lost",
} as const;

/** A core whose writers announce nothing: what is committed comes late, by the heads alone. */
const silent: typeof core = {
  ...core,
  makePublisher: (deps) => ({ ...core.makePublisher(deps), publish: async () => {} }),
};

describe("the simulator", () => {
  test("[SIM3] [SIM4] our core loses, doubles, disorders and leaks nothing, and everybody catches up", async () => {
    const done = await play(core, { fromSeed: 0, schedules: SCHEDULES });
    expect(done).toMatchObject({ schedules: SCHEDULES, violations: 0, first: undefined });
    expect(done.deliveries).toBeGreaterThan(SCHEDULES * 4);
  }, 60_000);

  test.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))(
    "[SIM6] what %s changes stands in its file once, and inside the core",
    (_name, { edits }) => {
      for (const { file, find } of edits) {
        expect(`/${file}`).toMatch(CORE);
        expect(readFileSync(join(PROJECT, file), "utf8").split(find)).toHaveLength(2);
      }
    },
  );

  test("[SIM2] the same seed is the same schedule, step by step", async () => {
    const told = async (seed: number) => {
      const steps: string[] = [];
      const outcome = await runSchedule(core, planOf(seed), (step) => void steps.push(step));
      return { steps, outcome };
    };
    for (const seed of [1, 2, 3, 4, 5]) expect(await told(seed)).toEqual(await told(seed));
    expect((await told(1)).steps).not.toEqual((await told(2)).steps);
  });

  test("[SIM5] a schedule that fails is cut down to what it takes to fail", async () => {
    const done = await play(silent, { fromSeed: 0, schedules: 50, untilFound: true });
    const seed = done.first?.seed ?? -1;
    expect(done.first?.fault).toMatch(/^late: /u);
    const kept = await shrunk(silent, seed);
    expect(kept.length).toBeLessThanOrEqual(planOf(seed).actions.length);
    const { violations } = await runSchedule(silent, keeping(planOf(seed), kept));
    expect(violations).not.toEqual([]);
  });

  test("[SIM4] [RTM31] a subscription that is refused after a reconnection is asked for until it is there", async () => {
    const refused = (atMs: number) => ({
      seed: 1,
      calm: false,
      slowMs: 0,
      fresh: false,
      actions: [
        { do: "subscriber-killed" as const, atMs: 300, hub: 0 },
        { do: "subscriber-killed" as const, atMs: 300, hub: 1 },
        { do: "redis" as const, atMs, how: "refusing" as const, forMs: 800 },
      ],
    });
    for (let atMs = 300; atMs < 500; atMs += 10) {
      expect(await runSchedule(core, refused(atMs))).toMatchObject({ violations: [] });
    }
  });

  test("[SIM3] [RTM32] a hub that has not seen a failover yet learns of it from a watcher who has", async () => {
    const crash = (hub: number, atMs: number) => ({
      seed: atMs,
      calm: false,
      slowMs: 0,
      fresh: false,
      actions: [
        { do: "restore" as const, atMs: 682, lose: 2 },
        { ...WRITE, atMs: 900 },
        { do: "hub-crash" as const, atMs, hub, forMs: 363 },
      ],
    });
    for (let atMs = 700; atMs < 1_400; atMs += 10) {
      expect(await runSchedule(core, crash(0, atMs))).toMatchObject({ violations: [] });
      expect(await runSchedule(core, crash(1, atMs))).toMatchObject({ violations: [] });
    }
  }, 60_000);

  test("asked wrongly it says what there is", () => {
    expect(readSimArgs(["--bug", "none"])).toContain("join-not-awaited");
    expect(readSimArgs(["--seconds", "soon"])).toContain("usage");
    expect(readSimArgs(["--keep", "1,2", "--seed", "9"])).toMatchObject({ keep: [1, 2], seed: 9 });
  });
});

describe("[SIM1] the stand-ins do what the real ones may", () => {
  const [ref] = ORDER_STREAMS;
  const plain: Write = { fate: "committed", openMs: 0 };
  const append = (count: number) =>
    new Statement("counts and inserts", [
      JSON.stringify([{ market_id: ref?.marketId, kind: "order", owner_id: ref?.id, added: count }]),
      JSON.stringify(
        Array.from({ length: count }, (_, index) => ({
          market_id: ref?.marketId,
          id: `${index}`,
          type: "order.changed",
          payload: {},
          order_id: ref?.id,
          order_behind: count - 1 - index,
          restaurant_id: null,
          courier_id: null,
        })),
      ),
    ]);
  const write = (postgres: FakePostgres, how: Write, count = 1) =>
    postgres.pool(how).orm.transaction(async (tx) => await tx.execute(append(count)));

  test("writers of one stream wait for each other; what is taken back leaves no gap", async () => {
    const clock = new SimClock();
    const postgres = new FakePostgres(clock, seededRng(1));
    const outcomes = Promise.allSettled([
      write(postgres, { fate: "rolled-back", openMs: 300 }),
      write(postgres, plain, 2),
      write(postgres, { fate: "answer-lost", openMs: 100 }),
    ]);
    await clock.advance(2_000);
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
    expect(postgres.rows.map(({ event }) => event.orderSeq)).toEqual([1, 2, 3]);
  });

  test("a watermark does not pass a transaction that is open, and heads that are visible are told all the same", async () => {
    const clock = new SimClock();
    const postgres = new FakePostgres(clock, seededRng(2));
    const store = postgres.store();
    const look = async (watermark?: string) => {
      const change = store.changedSince(watermark);
      await clock.advance(50);
      return await change;
    };
    const before = await look();
    postgres.occupy(1_000);
    void write(postgres, plain);
    await clock.advance(100);
    const during = await look(before.watermark);
    expect(during).toMatchObject({ watermark: before.watermark, heads: [{ seq: 1 }] });
    await clock.advance(2_000);
    const after = await look(during.watermark);
    expect(after.heads).toHaveLength(1);
    expect(await look(after.watermark)).toMatchObject({ heads: [] });
  });

  test("Redis keeps the order of a connection, forgets who is gone, and a publish without an answer may come twice", async () => {
    const clock = new SimClock();
    const redis = new FakeRedis(clock, seededRng(3));
    const [publisher, subscriber] = [new RedisConnection(redis), new RedisConnection(redis)];
    const heard: string[] = [];
    subscriber.on("smessageBuffer", (_, message) => void heard.push(String(message)));
    void subscriber.ssubscribe("room");
    await clock.advance(50);
    for (const message of ["1", "2", "3"]) void publisher.spublish("room", message);
    await clock.advance(50);
    expect(heard).toEqual(["1", "2", "3"]);
    subscriber.kill();
    void publisher.spublish("room", "lost");
    await clock.advance(1_000);
    expect(heard).toEqual(["1", "2", "3"]);
    // Cut off between a publish and its answer, at every moment at which that can be.
    for (let at = 0; at < 12; at += 1) {
      void publisher.spublish("room", "again").catch(() => {});
      await clock.advance(at);
      publisher.kill();
      await clock.advance(3_000);
    }
    expect(heard.filter((each) => each === "again").length).toBeGreaterThan(12);
  });
});
