import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";

import { testServices } from "#shared/testing/services.ts";
import { swallowingWay } from "#shared/testing/swallowing-way.ts";

import { connectDb } from "./connect.ts";

const services = await testServices();
const frozen = connectDb(services.databaseUrl, { max: 1, name: "test-frozen" });
const living = connectDb(services.databaseUrl, { max: 1, name: "test-living" });
afterAll(() => Promise.all([frozen.close(), living.close()]));

test("[LIF5] a process that stands still in a transaction loses its locks, and goes on when it wakes", async () => {
  await living.sql`create table held (id int primary key)`;
  await living.sql`insert into held values (1)`;
  const [limits] = await frozen.sql<{ idle: string; statement: string }[]>`
    select current_setting('idle_in_transaction_session_timeout') as idle, current_setting('statement_timeout') as statement`;
  expect(limits).toEqual({ idle: "15s", statement: "30s" });
  await frozen.sql.unsafe(`begin; set local idle_in_transaction_session_timeout = 200;
    select * from held where id = 1 for update`);
  expect(await living.sql`update held set id = 2 where id = 1 returning id`).toEqual([{ id: 2 }]);
  // The statement that finds the connection gone fails; the next has a new one.
  const read = () => frozen.sql<{ id: number }[]>`select id from held`.catch(() => []);
  await expect.poll(async () => [...(await read())]).toEqual([{ id: 2 }]);
});

test.each(["asks", "returns", "throws"])(
  "[LIF7] a transaction whose connection is taken away and that then %s ends nothing but itself",
  async (then) => {
    const told = Promise.withResolvers<void>();
    const taken = frozen.orm.transaction(async (tx) => {
      const [backend] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await living.sql`select pg_terminate_backend(${backend?.pid ?? 0})`;
      await told.promise;
      if (then === "asks") await tx.execute(sql`select 1`);
      if (then === "throws") throw new Error("changed its mind");
      return then;
    });
    await expect(taken).rejects.toThrow(/CONNECTION_CLOSED|terminating connection/u);
    told.resolve();
    // What is written to a socket that is no more throws in the next turns, where nobody could catch it.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((next) => setImmediate(next));
    expect([...(await frozen.orm.execute(sql`select 1 as one`))]).toEqual([{ one: 1 }]);
  },
);

test(
  "[LIF10] connections are taken away as soon as they are there: whoever asked is refused, and nothing else fails",
  { timeout: 90_000 },
  async () => {
    const asked: string[] = [];
    const db = connectDb(services.databaseUrl, {
      max: 4,
      name: "test-types",
      onStatement: (text) => void (text.includes("typarray") && asked.push(text)),
    });
    const read = () =>
      db.orm.transaction((tx) => tx.execute(sql`select array['a', 'b'] as of where 2 = any(array[1, 2])`));
    const take = () =>
      living.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-types'`;
    try {
      expect([...(await read())]).toEqual([{ of: ["a", "b"] }]);
      const first = asked.length;
      for (let times = 0; times < 2; times += 1) {
        const reads = [read(), read(), read(), read()].map((one) => one.catch(() => undefined));
        await take();
        await Promise.all(reads);
      }
      // What a connection asks by itself and loses, nobody could catch.
      expect(asked).toHaveLength(first);
      await expect.poll(async () => [...(await read().catch(() => []))]).toEqual([{ of: ["a", "b"] }]);
    } finally {
      await db.close();
    }
  },
);

test("[LIF8] a connection that has fallen silent is given up; one that idles is not", async () => {
  const way = await swallowingWay(services.databaseUrl);
  const db = connectDb(way.url, { max: 1, name: "test-silent", silentMs: 1_000 });
  const pid = async () => (await db.sql<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid;
  try {
    const first = await pid();
    await new Promise((done) => setTimeout(done, 1_500));
    expect(await pid()).toBe(first);
    way.swallow();
    await expect(pid()).rejects.toThrow(/CONNECTION_CLOSED/u);
    expect(await pid()).not.toBe(first);
  } finally {
    way.close();
    await db.close();
  }
});
