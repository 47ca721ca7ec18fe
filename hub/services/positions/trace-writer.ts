import type { Fix } from "#shared/contracts/geo.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";

import type { Known } from "./marker.ts";

export interface TraceWriterDeps {
  readonly db: Db;
  /** Wall time. */
  readonly clock: Clock;
  /** Wall ms for which traces are gathered before they are written. */
  readonly gatherMs?: number;
}

/** Writes the traces of the couriers who are at this hub, those of many in one statement. */
export interface TraceWriter {
  /**
   * Adds fixes to a courier's trace: one row a courier and minute, each fix once by its time, in the order in which they were
   * taken. Repeated or late, it changes nothing that is there. Resolves when they are stored. [RTM19, RTM45]
   *
   * @returns whether the store knows the courier as one at work, as of after the call; false as well for one of whom no place is known
   *
   * The courier's own row gets the newest place that makes sense, once a minute: for rounds and operators while Redis is empty.
   *
   * @throws the store's error; then nothing of what was gathered with it is stored, and it may be written again
   */
  write(courier: Courier, fixes: readonly Fix[]): Promise<boolean>;
}

type Courier = Pick<Known, "marketId" | "courierId" | "newest">;

type TraceFix = [
  takenAtMs: number,
  lat: number,
  lng: number,
  accuracyM: number,
  speedMps: number | null,
  headingDeg: number | null,
];

/** What one courier said in one minute. */
interface Minute {
  readonly marketId: string;
  readonly courierId: string;
  readonly minuteAtMs: number;
  readonly fixes: Fix[];
}

/** What is gathered, and who waits for it. */
interface Batch {
  readonly minutes: Map<string, Minute>;
  readonly couriers: Map<string, Courier>;
  /** Keys of those who are couriers at work. */
  readonly written: Promise<ReadonlySet<string>>;
}

const MINUTE_MS = 60_000;
/** Phones wait for the answer, people do not; a statement costs a hub more than the traces in it. */
const GATHER_MS = 1_000;

export function makeTraceWriter({ db, clock, gatherMs = GATHER_MS }: TraceWriterDeps): TraceWriter {
  let gathering: Batch | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  /** One after the other: while one is written the next one grows. */
  function begin(): Batch {
    const { promise: written, resolve, reject } = Promise.withResolvers<ReadonlySet<string>>();
    const batch = { minutes: new Map(), couriers: new Map(), written };
    clock.after(gatherMs, () => {
      writing = writing.then(async () => {
        gathering = undefined;
        await writeBatch(db, batch).then(resolve, reject);
      });
    });
    return batch;
  }

  return {
    async write(courier, fixes) {
      const batch = (gathering ??= begin());
      addTo(batch, courier, fixes);
      return (await batch.written).has(keyOf(courier));
    },
  };
}

const keyOf = ({ marketId, courierId }: Pick<Courier, "marketId" | "courierId">) => `${marketId}/${courierId}`;

function addTo({ minutes, couriers }: Batch, courier: Courier, fixes: readonly Fix[]): void {
  const { marketId, courierId } = courier;
  couriers.set(keyOf(courier), courier);
  for (const fix of fixes) {
    const minuteAtMs = Math.floor(fix.takenAtMs / MINUTE_MS) * MINUTE_MS;
    // Sorts as the table's key does: batches that hold the same rows cannot wait for each other in a ring.
    const key = `${marketId}/${courierId}/${String(minuteAtMs).padStart(16, "0")}`;
    const minute = minutes.get(key);
    if (minute) minute.fixes.push(fix);
    else minutes.set(key, { marketId, courierId, minuteAtMs, fixes: [fix] });
  }
}

/** A courier's row that somebody else is changing is passed over, its place is noted with the next trace: nobody waits for it. */
async function writeBatch(db: Db, { minutes, couriers }: Batch): Promise<ReadonlySet<string>> {
  const rows = [...minutes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, minute]) => minute);
  const places = [...couriers.values()].flatMap(({ newest, ...who }) => (newest ? { ...who, newest } : []));
  const atWork = await db.sql<{ market_id: string; id: string }[]>`
    with new as (
      select * from unnest(${places.map((one) => one.marketId)}::text[], ${places.map((one) => one.courierId)}::uuid[],
        ${places.map(({ newest }) => newest.lat)}::float8[], ${places.map(({ newest }) => newest.lng)}::float8[],
        ${places.map(({ newest }) => newest.takenAtMs)}::bigint[]) as new (market_id, id, lat, lng, at_ms)
    ), place as (
      select c.market_id, c.id, new.lat, new.lng, new.at_ms
      from new join couriers c on c.market_id = new.market_id and c.id = new.id
        and coalesce(c.last_fix_at_ms, 0) <= new.at_ms - ${MINUTE_MS}
      for no key update of c skip locked
    ), noted as (
      update couriers c set last_lat = place.lat, last_lng = place.lng, last_fix_at_ms = place.at_ms
      from place where c.market_id = place.market_id and c.id = place.id
    ), written as (
    insert into traces (market_id, courier_id, minute_at_ms, fixes)
    select market_id, courier_id, minute, fixes::jsonb
    from unnest(${rows.map((one) => one.marketId)}::text[], ${rows.map((one) => one.courierId)}::uuid[],
      ${rows.map((one) => one.minuteAtMs)}::bigint[], ${rows.map((one) => JSON.stringify(once(one.fixes)))}::text[])
      as new (market_id, courier_id, minute, fixes)
    on conflict (market_id, courier_id, minute_at_ms) do update set fixes = (
      select jsonb_agg(fix order by (fix->>0)::bigint) from (
        select distinct on ((fix->>0)::bigint) fix
        from (select 0 as age, f as fix from jsonb_array_elements(traces.fixes) f
          union all select 1, f from jsonb_array_elements(excluded.fixes) f) as both_sides
        order by (fix->>0)::bigint, age
      ) as merged
    )
    where not traces.fixes @> excluded.fixes
    )
    select c.market_id, c.id from new join couriers c on c.market_id = new.market_id and c.id = new.id and c.active`;
  return new Set(atWork.map(({ market_id: marketId, id: courierId }) => keyOf({ marketId, courierId })));
}

/** Each fix once, by its time, in the order in which they were taken. */
function once(fixes: readonly Fix[]): TraceFix[] {
  const byTime = new Map(fixes.map((fix) => [fix.takenAtMs, fix]));
  return [...byTime.values()]
    .toSorted((a, b) => a.takenAtMs - b.takenAtMs)
    .map((fix) => [fix.takenAtMs, fix.lat, fix.lng, fix.accuracyM, fix.speedMps, fix.headingDeg]);
}
