import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, expect, test } from "vitest";

import { testServices } from "#shared/testing/services.ts";

import { migrate } from "./migrate.ts";

const { databaseUrl } = await testServices();
const folder = mkdtempSync(join(tmpdir(), "tiffin-migrations-"));
const sql = postgres(databaseUrl, { max: 4 });
afterAll(async () => {
  await sql.end();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder with one migration that is newer than all of ours. */
function migrationOf(statement: string): string {
  mkdirSync(join(folder, "meta"), { recursive: true });
  const entry = { idx: 0, version: "7", when: 4_000_000_000_000, tag: "later", breakpoints: true };
  writeFileSync(
    join(folder, "meta/_journal.json"),
    JSON.stringify({ version: "7", dialect: "postgresql", entries: [entry] }),
  );
  writeFileSync(join(folder, "later.sql"), statement);
  return folder;
}

const columns = async () =>
  (await sql`select 1 from information_schema.columns where column_name = 'of_tomorrow'`).length;

test("[ROL6] a migration behind a long query waits for it and lets everybody else pass meanwhile", async () => {
  let finish = (): void => {};
  const finished = new Promise<void>((done) => (finish = done));
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const long = sql.begin(async (tx) => {
    await tx`select count(*) from orders`;
    begin();
    await finished;
  });
  await begun;
  const migrated = migrate(databaseUrl, migrationOf("alter table orders add column of_tomorrow text"));
  const waitsForTheLock = async () =>
    (await sql`select 1 from pg_locks where not granted and relation = 'orders'::regclass`).length;
  await expect.poll(waitsForTheLock, { interval: 5 }).toBe(1);
  // Behind the migration, which is behind the long query: answered as soon as the migration has stepped back.
  await sql`select count(*) from orders`;
  expect(await columns()).toBe(0);
  finish();
  await Promise.all([long, migrated]);
  expect(await columns()).toBe(1);
});
