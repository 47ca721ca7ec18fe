import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrate } from "#drizzle/migrate.ts";
import postgres from "postgres";
import type { TestProject } from "vitest/node";

import { CACHE } from "../../deploy/local/folders.ts";
import { startPostgres } from "../../deploy/local/postgres.ts";
import { findRedis } from "../../deploy/local/redis-binary.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the server's own database, from which others are made. */
    adminUrl: string;
    /** Every database of this run begins with it; the template is exactly it. */
    databasePrefix: string;
    /** Given by REDIS_LIVE_URL; empty where each file starts its own Redis. */
    givenRedisUrl: string;
  }
}

/**
 * Once for a run of the store tier: a Postgres (embedded, or that of DATABASE_URL), a migrated template database to
 * clone for each test file, and a Redis program at hand. Answers the clean-up.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "tiffin-store-"));
  const given = process.env["DATABASE_URL"];
  const embedded = given === undefined ? await startPostgres({ dataDir: join(folder, "postgres") }) : undefined;
  const adminUrl = given ?? embedded?.url ?? "";
  const databasePrefix = `tiffin_test_${randomBytes(4).toString("hex")}`;
  const cleanUp = async (): Promise<void> => {
    if (embedded === undefined) await dropDatabases(adminUrl, databasePrefix);
    await embedded?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
    await sql.unsafe(`create database ${databasePrefix}`);
    await sql.end();
    await migrate(Object.assign(new URL(adminUrl), { pathname: databasePrefix }).href);
    const givenRedisUrl = process.env["REDIS_LIVE_URL"] ?? "";
    if (givenRedisUrl === "") await findRedis(CACHE, process.env["PATH"]);
    project.provide("adminUrl", adminUrl);
    project.provide("databasePrefix", databasePrefix);
    project.provide("givenRedisUrl", givenRedisUrl);
  } catch (error) {
    await cleanUp();
    throw error;
  }
  return cleanUp;
}

async function dropDatabases(adminUrl: string, prefix: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const rows = await sql<{ datname: string }[]>`select datname from pg_database where datname like ${`${prefix}%`}`;
  for (const { datname } of rows) {
    await sql.unsafe(`drop database ${datname} with (force)`);
  }
  await sql.end();
}
