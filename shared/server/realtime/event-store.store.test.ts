import { randomUUID } from "node:crypto";

import { afterAll, expect, test } from "vitest";

import type { StreamRef } from "#shared/contracts/streams.ts";
import { testServices } from "#shared/testing/services.ts";

import { connectDb, type Db } from "../db/connect.ts";
import { makeEventStore } from "./event-store.ts";

const { databaseUrl } = await testServices();
const db = connectDb(databaseUrl, { max: 1, name: "test-event-store" });
afterAll(() => db.close());

class Undone extends Error {}

test("[RTM53] [RTM38] where many orders stand and who carries them is looked up for those alone, in one statement each", async () => {
  const refs = Array.from({ length: 400 }, (): StreamRef => ({ marketId: "rows", kind: "order", id: randomUUID() }));
  const trying = db.sql.begin(async (tx) => {
    await tx`insert into stream_heads (market_id, kind, owner_id, seq)
      select 'rows', 'order', gen_random_uuid(), n from generate_series(1, 20000) as n
      union all select 'rows', 'order', id, 7 from unnest(${refs.map(({ id }) => id)}::uuid[]) as id`;
    await tx`analyze stream_heads`;
    const rowsRead = async (): Promise<number> => {
      // Of this transaction alone: other tests read the same tables.
      const [row] = await tx<{ rows: number }[]>`select sum(seq_tup_read + idx_tup_fetch)::int as rows
        from pg_stat_xact_user_tables where relname in ('stream_heads', 'deliveries')`;
      return row?.rows ?? Number.NaN;
    };
    // Cast: a transaction asks as the pool does.
    const store = makeEventStore({ ...db, sql: tx as unknown as Db["sql"] });
    const before = await rowsRead();
    expect(await Promise.all(refs.map((ref) => store.headOf(ref)))).toEqual(refs.map(() => 7));
    expect((await rowsRead()) - before).toBeLessThanOrEqual(refs.length);
    const carried = await Promise.all(refs.map(({ marketId, id }) => store.carriageOf(marketId, id)));
    expect(carried.map(({ seq, courierId }) => [seq, courierId])).toEqual(refs.map(() => [7, null]));
    expect((await rowsRead()) - before).toBeLessThanOrEqual(2 * refs.length);
    expect(await store.headOf({ marketId: "rows", kind: "order", id: randomUUID() })).toBe(0);
    throw new Undone();
  });
  await expect(trying).rejects.toThrow(Undone);
});
