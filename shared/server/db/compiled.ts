import { fillPlaceholders, type SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { ParameterOrJSON } from "postgres";

import type { Db } from "./connect.ts";

/**
 * A statement whose text is made once, here, and whose values are given each time: for what is asked so often that putting
 * it together anew would cost more than sending it.
 *
 * @param statement with `sql.placeholder` for each value
 * @returns asks it; its rows are taken as they come, so its columns bear the names and types of `Row`
 */
export function compiled<Row extends object>(
  statement: SQL,
): (db: Db, values: Readonly<Record<string, unknown>>) => Promise<readonly Row[]> {
  const { sql: text, params } = new PgDialect().sqlToQuery(statement);
  return async (db, values) => {
    // Casts: values are what the statement's places take; what postgres.js gives back is what it selects.
    const filled = fillPlaceholders(params, values) as ParameterOrJSON<never>[];
    return (await db.sql.unsafe(text, filled, { prepare: true })) as unknown as readonly Row[];
  };
}
