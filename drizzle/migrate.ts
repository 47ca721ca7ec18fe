import { fileURLToPath } from "node:url";

import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as apply } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

import { whenUnlocked } from "#shared/server/db/when-unlocked.ts";

const MIGRATIONS = fileURLToPath(new URL("migrations", import.meta.url));

/**
 * Brings a database to the newest schema. Safe to run twice, and while hubs and workers use it; two at once wait for each
 * other. [ROL6]
 */
export async function migrate(databaseUrl: string, migrationsFolder = MIGRATIONS): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(7460)`;
    await whenUnlocked(sql, () => apply(drizzle(sql), { migrationsFolder }));
  } finally {
    await sql.end();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env["DATABASE_URL"];
  if (!url) throw new Error("DATABASE_URL says which database to migrate; it is not set");
  await migrate(url);
}
