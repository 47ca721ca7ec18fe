import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";

import { testServices } from "#shared/testing/services.ts";

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
