import { afterAll, expect, test } from "vitest";

import { testServices } from "#shared/testing/services.ts";

import { connectDb } from "./connect.ts";

const services = await testServices();
const db = connectDb(services.databaseUrl, { max: 2, name: "test-flood" });
afterAll(() => db.close());

test("[LIF6] a transaction that begins behind however many statements has its connection for itself", async () => {
  await db.sql`create table flooded (id int primary key)`;
  const outcomes: string[] = [];
  // Two connections that are busy take statements in turn: the transaction comes to stand in every place of one of them.
  for (let before = 185; before <= 215; before += 1) {
    const holding = [db.sql`select pg_sleep(0.03)`.execute(), db.sql`select pg_sleep(0.03)`.execute()];
    const statements = Array.from({ length: before }, (_, at) => db.sql`select ${at}::int as at`.execute());
    const id = before;
    const whole = db.orm.transaction(async (tx) => {
      await tx.execute(`insert into flooded values (${id})`);
    });
    // oxlint-disable-next-line no-await-in-loop -- each flood by itself
    const settled = await Promise.allSettled([whole, ...holding, ...statements]);
    outcomes.push(...settled.flatMap((each) => (each.status === "rejected" ? [`${before}: ${each.reason}`] : [])));
  }
  expect(outcomes).toEqual([]);
  const idle =
    await db.sql`select pid from pg_stat_activity where application_name = 'test-flood' and state like 'idle in%'`;
  expect([...idle]).toEqual([]);
});
