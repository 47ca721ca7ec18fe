import { sql } from "drizzle-orm";

import { DAY_SO_FAR_MS } from "#shared/domain/dispatch/expected-demand.ts";
import type { LateSettings } from "#shared/domain/dispatch/term-settings.ts";
import type { Tx } from "#shared/server/db/connect.ts";

/** The newest orders that are looked at: an index's end, however long a market has been there. */
const MOST_ORDERS = 5_000;

/**
 * What is usual of a market's orders of the last day, as the domain reckons it from all of them, in one statement. Where a day has
 * more than {@link MOST_ORDERS}, the newest tell. [DSP63]
 *
 * @returns ms from the placing to the door; undefined where too few were handed over
 */
export async function usualClickToDoor(
  tx: Tx,
  marketId: string,
  { usualPercent, fewestOrders }: LateSettings,
  nowMs: number,
): Promise<number | undefined> {
  const [row] = await tx.execute<{ usual_ms: number | null; orders: number }>(sql`
    select (percentile_disc(${usualPercent / 100}::float8) within group (order by delivered_at_ms - placed_at_ms))::float8 as usual_ms,
      count(*)::int as orders
    from (select kind, placed_at_ms, delivered_at_ms from orders
      where market_id = ${marketId} order by id desc limit ${MOST_ORDERS}) newest
    where kind = 'delivery' and delivered_at_ms is not null and placed_at_ms > ${nowMs - DAY_SO_FAR_MS}::bigint`);
  return row && row.orders >= fewestOrders ? (row.usual_ms ?? undefined) : undefined;
}
