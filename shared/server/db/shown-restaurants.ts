import { getTableColumns, sql, type SQL } from "drizzle-orm";

import { restaurants } from "#drizzle/schema/restaurants.ts";
import type { OpeningSpan } from "#shared/domain/restaurant/opening-hours.ts";

import { compiled } from "./statement.ts";
import type { Db } from "./connect.ts";
import type { RestaurantRow } from "./restaurants.ts";

/** A restaurant with its opening hours, in the order of the week. */
export interface ShownRestaurant extends RestaurantRow {
  readonly hours: readonly OpeningSpan[];
}

/** As the store gives it: a span is `[weekday, opensMinute, closesMinute]`. */
interface ShownRow extends RestaurantRow {
  readonly spans: readonly (readonly [number, number, number])[];
}

/** Of `restaurants`, under the names of a row. Money and times are whole numbers that a double holds. */
const SHOWN_COLUMNS: SQL = sql.join(
  Object.entries(getTableColumns(restaurants)).map(([key, column]) =>
    column.getSQLType() === "bigint"
      ? sql`${column}::float8 as ${sql.identifier(key)}`
      : sql`${column} as ${sql.identifier(key)}`,
  ),
  sql`, `,
);

const SPANS: SQL = sql`(
  select coalesce(json_agg(json_build_array(weekday, opens_minute, closes_minute) order by weekday, opens_minute), '[]')
  from opening_hours as span
  where span.market_id = ${restaurants.marketId} and span.restaurant_id = ${restaurants.id}) as spans`;

function shownOf({ spans, ...row }: ShownRow): ShownRestaurant {
  return {
    ...row,
    hours: spans.map(([weekday, opensMinute, closesMinute]) => ({ weekday, opensMinute, closesMinute })),
  };
}

const some = compiled<ShownRow>(sql`
  select ${SHOWN_COLUMNS}, ${SPANS} from ${restaurants}
  where ${restaurants.marketId} = ${sql.placeholder("marketId")} and ${restaurants.id} = any(${sql.placeholder("ids")}::text::uuid[])
    and ${restaurants.active}`);

/** Those of them that are in business, by id. */
export async function readShown(
  db: Db,
  marketId: string,
  ids: readonly string[],
): Promise<Map<string, ShownRestaurant>> {
  const rows = await some(db, { marketId, ids: `{${ids.join()}}` });
  return new Map(rows.map((row) => [row.id, shownOf(row)]));
}
