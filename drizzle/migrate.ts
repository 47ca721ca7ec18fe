import { fileURLToPath } from "node:url";

import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as apply } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Brings a database to the newest schema. Safe to run twice; two at once wait for each other. */
export async function migrate(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(7460)`;
    await apply(drizzle(sql), { migrationsFolder: fileURLToPath(new URL("migrations", import.meta.url)) });
  } finally {
    await sql.end();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env["DATABASE_URL"];
  if (!url) throw new Error("DATABASE_URL says which database to migrate; it is not set");
  await migrate(url);
}
