import type { Fix } from "#shared/contracts/geo.ts";
import type { Db } from "#shared/server/db/connect.ts";

type TraceFix = [
  takenAtMs: number,
  lat: number,
  lng: number,
  accuracyM: number,
  speedMps: number | null,
  headingDeg: number | null,
];

const MINUTE_MS = 60_000;
/** Between two places in the courier's own row, ms. */
export const NOTE_EVERY_MS = MINUTE_MS;

/**
 * Adds fixes to a courier's trace: one row a courier and minute, each fix once by its time, in the order in which they were
 * taken. Repeated or late, it changes nothing that is there. [RTM19]
 */
export async function writeTraces(db: Db, marketId: string, courierId: string, fixes: readonly Fix[]): Promise<void> {
  const minutes = Map.groupBy(fixes, (fix) => Math.floor(fix.takenAtMs / MINUTE_MS) * MINUTE_MS);
  // In the order of the key, so that two batches of one courier cannot wait for each other in a ring.
  const rows = [...minutes].toSorted(([a], [b]) => a - b);
  await db.sql`
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

/**
 * Writes the newest place that makes sense into the courier's own row, once a minute: for rounds and operators while Redis
 * is empty.
 */
export async function noteLastPlace(db: Db, marketId: string, courierId: string, fix: Fix): Promise<void> {
  await db.sql`
    update couriers set last_lat = ${fix.lat}, last_lng = ${fix.lng}, last_fix_at_ms = ${fix.takenAtMs}
    where market_id = ${marketId} and id = ${courierId}
      and (last_fix_at_ms is null or last_fix_at_ms <= ${fix.takenAtMs - NOTE_EVERY_MS})`;
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
