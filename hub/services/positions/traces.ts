import type { Fix } from "#shared/contracts/geo.ts";
import type { Db } from "#shared/server/db/connect.ts";

import type { Known } from "./marker.ts";

type TraceFix = [
  takenAtMs: number,
  lat: number,
  lng: number,
  accuracyM: number,
  speedMps: number | null,
  headingDeg: number | null,
];

const MINUTE_MS = 60_000;

/**
 * Adds fixes to a courier's trace: one row a courier and minute, each fix once by its time, in the order in which they were
 * taken. Repeated or late, it changes nothing that is there. [RTM19]
 *
 * In the same statement the courier's own row gets the newest place that makes sense, once a minute: for rounds and operators while
 * Redis is empty.
 */
export async function writeTraces(
  db: Db,
  { marketId, courierId, newest }: Pick<Known, "marketId" | "courierId" | "newest">,
  fixes: readonly Fix[],
): Promise<void> {
  const minutes = Map.groupBy(fixes, (fix) => Math.floor(fix.takenAtMs / MINUTE_MS) * MINUTE_MS);
  // In the order of the key, so that two batches of one courier cannot wait for each other in a ring.
  const rows = [...minutes].toSorted(([a], [b]) => a - b);
  const { lat = null, lng = null, takenAtMs = null } = newest ?? {};
  // What only changes beside an insert comes after it, so that here, too, nobody waits in a ring.
  await db.sql`
    with noted as (
      update couriers set last_lat = ${lat}, last_lng = ${lng}, last_fix_at_ms = ${takenAtMs}
      where market_id = ${marketId} and id = ${courierId}
        and coalesce(last_fix_at_ms, 0) <= ${takenAtMs}::bigint - ${MINUTE_MS}
    )
    insert into traces (market_id, courier_id, minute_at_ms, fixes)
    select ${marketId}, ${courierId}::uuid, minute, fixes::jsonb
    from unnest(${rows.map(([minute]) => minute)}::bigint[], ${rows.map(([, some]) => JSON.stringify(once(some)))}::text[])
      as new (minute, fixes)
    on conflict (market_id, courier_id, minute_at_ms) do update set fixes = (
      select jsonb_agg(fix order by (fix->>0)::bigint) from (
        select distinct on ((fix->>0)::bigint) fix
        from (select 0 as age, f as fix from jsonb_array_elements(traces.fixes) f
          union all select 1, f from jsonb_array_elements(excluded.fixes) f) as both_sides
        order by (fix->>0)::bigint, age
      ) as merged
    )
    where not traces.fixes @> excluded.fixes`;
}

/** Each fix once, by its time. */
function once(fixes: readonly Fix[]): TraceFix[] {
  const byTime = new Map(fixes.map((fix) => [fix.takenAtMs, fix]));
  return [...byTime.values()].map((fix) => [
    fix.takenAtMs,
    fix.lat,
    fix.lng,
    fix.accuracyM,
    fix.speedMps,
    fix.headingDeg,
  ]);
}
