import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, inject } from "vitest";

import { startRedis } from "../../deploy/local/redis.ts";

/** The real parts that one test file has to itself. */
export interface TestServices {
  /** A fresh clone of the migrated template. */
  readonly databaseUrl: string;
  /** Rooms and positions. A whole Redis of its own, because pub/sub does not know database numbers. */
  readonly redisLiveUrl: string;
  /** Queues: the same Redis, another database number. */
  readonly redisQueueUrl: string;
}

/**
 * Postgres and Redis for this test file alone. Call it at the top of the file (`const services = await
 * testServices()`), in the store tier only: it ends its Redis after the file's last test.
 */
export async function testServices(): Promise<TestServices> {
  const [adminUrl, prefix] = [inject("adminUrl"), inject("databasePrefix")];
  const database = `${prefix}_${randomBytes(4).toString("hex")}`;
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create database ${database} template ${prefix}`);
  await sql.end();
  const databaseUrl = Object.assign(new URL(adminUrl), { pathname: database }).href;
  const redisUrl = await ownRedis();
  return { databaseUrl, redisLiveUrl: `${redisUrl}/0`, redisQueueUrl: `${redisUrl}/1` };
}

async function ownRedis(): Promise<string> {
  const given = inject("givenRedisUrl");
  if (given !== "") return given.replace(/\/\d+$/u, "");
  const folder = mkdtempSync(join(tmpdir(), "tiffin-redis-"));
  const redis = await startRedis({ dataDir: folder });
  afterAll(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return redis.url;
}
