import { sql } from "drizzle-orm";

import { restaurants } from "#drizzle/schema/restaurants.ts";
import { DAY_SO_FAR_MS, PACE_MS, type DaySoFar } from "#shared/domain/dispatch/expected-demand.ts";
import type { LocalTime } from "#shared/domain/restaurant/opening-hours.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { opensAt, weekMinuteOf } from "#shared/server/db/restaurants-near.ts";

const MINUTE_MS = 60_000;
/** The newest orders that are looked at: an index's end, however long a market has been there. */
const MOST_ORDERS = 5_000;

/**
 * The orders of the last day of every restaurant that takes orders now, in one statement. Where a day has more than
 * {@link MOST_ORDERS}, the newest tell.
 */
export async function daySoFar(tx: Tx, marketId: string, local: LocalTime, nowMs: number): Promise<DaySoFar> {
  const rows = await tx.execute<{
    id: string;
    lat: number;
    lng: number;
    prep_minutes: number;
    orders: number;
    lately: number;
  }>(sql`
    with placed as (
      select restaurant_id, placed_at_ms from (
        select restaurant_id, placed_at_ms, created_at_ms, kind from orders
        where market_id = ${marketId} order by id desc limit ${MOST_ORDERS}) newest
      where kind = 'delivery' and created_at_ms is not null and placed_at_ms > ${nowMs - DAY_SO_FAR_MS}::bigint
    ), counted as (
      select restaurant_id, count(*)::int as orders,
        (count(*) filter (where placed_at_ms > ${nowMs - PACE_MS}::bigint))::int as lately
      from placed group by restaurant_id
    )
    select ${restaurants.id} as id, ${restaurants.lat} as lat, ${restaurants.lng} as lng,
      ${restaurants.prepMinutes} as prep_minutes, coalesce(orders, 0) as orders, coalesce(lately, 0) as lately
    from ${restaurants} left join counted on counted.restaurant_id = ${restaurants.id}
    where ${restaurants.marketId} = ${marketId} and ${restaurants.active} and ${opensAt(weekMinuteOf(local))}
    order by ${restaurants.id}`);
  return {
    kitchens: rows.map(({ id, lat, lng, prep_minutes, orders }) => ({
      restaurantId: id,
      pickup: { lat, lng },
      orders,
      prepMs: prep_minutes * MINUTE_MS,
    })),
    lately: rows.reduce((sum, { lately }) => sum + lately, 0),
  };
}
