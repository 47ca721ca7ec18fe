import { Redis } from "ioredis";
import postgres from "postgres";
import { afterAll, expect, test } from "vitest";

import { testServices } from "./services.ts";

const [ours, others] = [await testServices(), await testServices()];
const sql = postgres(ours.databaseUrl, { max: 1 });
const [live, queue] = [new Redis(ours.redisLiveUrl), new Redis(ours.redisQueueUrl)];

afterAll(async () => {
  live.disconnect();
  queue.disconnect();
  await sql.end();
});

test("[LOC10] a test file has a migrated database to itself", async () => {
  const tables = await sql`select 1 from information_schema.tables where table_name = 'orders'`;
  expect(tables).toHaveLength(1);
  expect(ours.databaseUrl).not.toBe(others.databaseUrl);
});

test("[LOC10] a test file has a Redis to itself, with live data and queues apart", async () => {
  await live.set("mark", "live");
  expect(await queue.get("mark")).toBeNull();
  const other = new Redis(others.redisLiveUrl);
  expect(await other.get("mark")).toBeNull();
  other.disconnect();
});

test("[LOC3] Postgres writes through to the disk before it says that it committed", async () => {
  const [row] = await sql`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`;
  expect(row).toEqual({ fsync: "on", commit: "on" });
});
