import { sql } from "drizzle-orm";

import { menuItems, modifierGroups, restaurants } from "#drizzle/schema/restaurants.ts";
import type { MenuItem } from "#shared/contracts/views.ts";
import type { OpeningSpan } from "#shared/domain/restaurant/opening-hours.ts";

import type { Tx } from "./connect.ts";
import { rowOf } from "./json-rows.ts";
import { menuItemOf } from "./menus.ts";
import type { RestaurantRow } from "./restaurants.ts";

type Json = Readonly<Record<string, unknown>>;

export interface BasketRows {
  readonly restaurant: RestaurantRow;
  readonly hours: readonly OpeningSpan[];
  readonly items: ReadonlyMap<string, MenuItem>;
  /** Paid orders that the kitchen has not called ready. */
  readonly kitchenLoad: number;
}

/** A restaurant with its hours and the named items that are on its menu, in one statement; undefined when it is not there. */
export async function readBasketRows(
  tx: Tx,
  marketId: string,
  restaurantId: string,
  itemIds: readonly string[],
): Promise<BasketRows | undefined> {
  const ids = JSON.stringify(itemIds);
  const [row] = await tx.execute<{
    restaurant: Json;
    hours: OpeningSpan[];
    load: number;
    items: Json[];
    groups: Json[];
  }>(sql`
    with wanted as (
      select i.* from menu_items i
      where i.market_id = ${marketId} and i.restaurant_id = ${restaurantId} and not i.archived
        and i.id in (select value::uuid from jsonb_array_elements_text(${ids}::jsonb))
    )
    select to_jsonb(r) as restaurant,
      (select coalesce(jsonb_agg(jsonb_build_object('weekday', h.weekday, 'opensMinute', h.opens_minute,
          'closesMinute', h.closes_minute) order by h.weekday, h.opens_minute), '[]')
        from opening_hours h where h.market_id = r.market_id and h.restaurant_id = r.id) as hours,
      (select count(*)::int from orders o where o.market_id = r.market_id and o.restaurant_id = r.id
        and o.ended_at_ms is null and o.created_at_ms is not null and o.ready_at_ms is null) as load,
      (select coalesce(jsonb_agg(to_jsonb(w)), '[]') from wanted w) as items,
      (select coalesce(jsonb_agg(to_jsonb(g) order by g.position, g.id), '[]') from modifier_groups g
        where g.market_id = r.market_id and g.item_id in (select id from wanted)) as groups
    from restaurants r where r.market_id = ${marketId} and r.id = ${restaurantId}`);
  if (!row) return undefined;
  const groups = row.groups.map((group) => rowOf(modifierGroups, group));
  const items = row.items.map((item) => menuItemOf(rowOf(menuItems, item), groups));
  return {
    restaurant: rowOf(restaurants, row.restaurant),
    hours: row.hours,
    items: new Map(items.map((item) => [item.id, item])),
    kitchenLoad: row.load,
  };
}
