import { randomUUID } from "node:crypto";

import { sql } from "drizzle-orm";
import { afterAll, beforeEach, expect, test } from "vitest";

import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { Told } from "#shared/domain/order/change.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { testServices } from "#shared/testing/services.ts";
import { swallowingWay } from "#shared/testing/swallowing-way.ts";

import { connectDb } from "./connect.ts";
import { Statement } from "./statement.ts";
import { makeUnitOfWork, type JobHint, type Work } from "./unit-of-work.ts";

const services = await testServices();
const way = await swallowingWay(services.databaseUrl);
const texts: string[] = [];
const db = connectDb(way.url, { max: 1, name: "test-uow", onStatement: (text) => void texts.push(text.trim()) });
afterAll(async () => {
  await db.close();
  way.close();
});
const announced: StoredEvent[] = [];
const hinted: JobHint[] = [];
const uow = makeUnitOfWork({
  db,
  clock: new FakeClock(),
  announce: (events) => void announced.push(...events),
  hint: (job) => void hinted.push(job),
});
beforeEach(() => {
  announced.length = 0;
  hinted.length = 0;
});

const told = (orderId: string): Told => ({
  marketId: "town",
  type: "order.delayed",
  payload: { order: { id: orderId } },
  actorRole: "kitchen",
  actorId: null,
  in: { order: orderId },
});
const job = (orderId: string) => ({
  marketId: "town",
  name: "payment.settle" as const,
  payload: { marketId: "town", orderId },
  dedupeKey: `settle/${orderId}`,
});
/** Says something, tells of it and owes something. */
const says = (orderId: string, statement: string, value: unknown) => async (w: Work) => {
  await w.tx.execute(sql`select 1`);
  w.send(w.tx.execute(new Statement(statement, [value])));
  w.append(told(orderId));
  w.owe(job(orderId));
  return orderId;
};
const command = (work: (w: Work) => Promise<unknown>, key: string = randomUUID()) =>
  uow.command({ personId: randomUUID(), key, name: "order.delay", input: {} }, work);
/** What the store holds of an order: events, jobs and answers kept. */
async function kept(orderId: string): Promise<number> {
  const [row] = await db.sql<{ count: number }[]>`
    select (select count(*) from order_events where order_id = ${orderId})::int
      + (select count(*) from stream_heads where owner_id = ${orderId})::int
      + (select count(*) from jobs where dedupe_key = ${`settle/${orderId}`})::int
      + (select count(*) from idempotency_keys where answer = to_jsonb(${orderId}::text))::int as count`;
  return row?.count ?? -1;
}

test("[RTM43] a command is said in two writes, the commit last", async () => {
  const work = says(randomUUID(), "select $1::int", 1);
  await command(work);
  const orderId = randomUUID();
  const before = way.heard();
  texts.length = 0;
  await command(says(orderId, "select $1::int", 1));
  expect(texts.map((text) => text.split(/\s/u, 2).join(" "))).toEqual([
    "begin",
    "select 1",
    "select $1::int",
    "insert into",
    "with beside",
    "commit",
  ]);
  expect(way.heard() - before).toBeLessThanOrEqual(2);
  expect(await kept(orderId)).toBe(4);
  expect(announced.map(({ orderSeq }) => orderSeq)).toEqual([1, 1]);
  expect(hinted).toHaveLength(2);
});

test.each([
  ["the store refuses", "select 1 / $1::int", 0, /division by zero/u],
  ["the store refuses, known to the connection", "select 1 / $1::int", 0, /division by zero/u],
  ["the store cannot read", "select no_such_thing + $1::int", 1, /no_such_thing/u],
  ["cannot be written down", "select 2 * $1::int", wordless(), /no words/u],
])("[RTM44] of a command nothing is kept or told when it ends with what %s", async (_, statement, value, why) => {
  const orderId = randomUUID();
  const failed = await command(says(orderId, statement, value)).catch((error: unknown) => error);
  // Drizzle's error names the statement, and has the reason as its cause.
  expect(String(failed instanceof Error ? (failed.cause ?? failed) : failed)).toMatch(why);
  expect([announced, hinted]).toEqual([[], []]);
  expect(await kept(orderId)).toBe(0);
  // The connection goes on.
  await command(says(orderId, "select $1::int", 1));
  expect(await kept(orderId)).toBe(4);
});

/** Has no text: it fails where the values of a statement are written, in this process. */
function wordless(): object {
  return {
    toString: () => {
      throw new Error("no words");
    },
  };
}
