import type { EventType } from "#shared/contracts/events.ts";

import type { Db } from "./connect.ts";

/** Events after which a restaurant or its menu looks other than before. */
export const CHANGES_LOOKS: ReadonlySet<string> = new Set<EventType>([
  "restaurant.paused",
  "restaurant.changed",
  "category.changed",
  "item.changed",
  "item.archived",
]);

export interface ShownChanges {
  /** Another one: what was read before holds no more. */
  readonly timeline: string;
  /** From here on the next look must begin: every transaction before it had ended. */
  readonly watermark: string;
  readonly restaurants: readonly (readonly [marketId: string, id: string])[];
}

/**
 * Which restaurants look other since a watermark; without one, only where to begin. As in the look for heads, what a look does not
 * see has a transaction id of at least the watermark that it answers, so a later look tells it. [BRW9]
 */
export async function shownChanges({ sql }: Db, watermark: string | undefined): Promise<ShownChanges> {
  const [row] = await sql<ShownChanges[]>`
    select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) as timeline,
      pg_snapshot_xmin(pg_current_snapshot())::text as watermark,
      coalesce((
        select json_agg(json_build_array(market_id, restaurant_id)) from order_events
        where xid >= ${watermark ?? "18446744073709551615"}::xid8 and type = any(${[...CHANGES_LOOKS]}::text[])
          and restaurant_id is not null), '[]') as restaurants`;
  if (!row) throw new Error("the store answered without a row");
  return row;
}
