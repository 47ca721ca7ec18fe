import { expect } from "vitest";

import type { Db } from "../server/db/connect.ts";

/** Small tables that are read whole: a city has few markets, and Postgres' own catalogues are not ours. */
const READ_WHOLE = / on (markets|pg_)/u;

/**
 * Reads the plan of every statement that a test has sent, as a kept plan that does not know its parameters, and fails for one
 * that can only be answered by reading a table from end to end.
 */
export async function expectIndexed(db: Db, statements: Iterable<string>): Promise<void> {
  const ours = [...statements].filter((text) => /^\s*(select|update|delete|insert|with)\b/iu.test(text));
  expect(ours.length, "the test has asked something").toBeGreaterThan(5);
  await db.sql.begin(async (tx) => {
    await tx`set local enable_seqscan = off`;
    for (const text of ours) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      const plan = await tx.unsafe(`explain (generic_plan) ${text}`);
      const lines = plan.map((row) => String(row["QUERY PLAN"]));
      expect(
        lines.filter((line) => /Seq Scan on/u.test(line) && !READ_WHOLE.test(line)),
        text,
      ).toEqual([]);
    }
  });
}
