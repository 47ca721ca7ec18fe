import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

export type Orm = PostgresJsDatabase;
/** What a repository needs: the pool, or one transaction of it. */
export type Tx = Orm | Parameters<Parameters<Orm["transaction"]>[0]>[0];

export interface Db {
  readonly sql: postgres.Sql;
  readonly orm: Orm;
  close(): Promise<void>;
}

/**
 * A pool of connections. `synchronous_commit` stays on: what is acknowledged is on disk.
 *
 * @param max most connections; statements beyond wait in the process
 */
export function connectDb(url: string, options: { readonly max: number; readonly name: string }): Db {
  const sql = postgres(url, {
    max: options.max,
    onnotice: () => {},
    connect_timeout: 10,
    // A dead pool connection is replaced quickly: the store may restart under us.
    backoff: (attempt) => Math.min(0.1 * 2 ** attempt, 2),
    connection: { application_name: options.name },
  });
  return { sql, orm: drizzle(sql), close: () => sql.end({ timeout: 5 }) };
}
