import { and, eq, sql, type SQL } from "drizzle-orm";

import { restaurants } from "#drizzle/schema/restaurants.ts";
import { DEGREE_M } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { LocalTime } from "#shared/domain/restaurant/opening-hours.ts";

import type { Tx } from "./connect.ts";
import { distanceTo } from "./distance.ts";
import type { RestaurantRow } from "./restaurants.ts";

/** Where a page ended: the last row's place in the order. */
export interface PageEnd {
  /** Distance in metres with a point, the name without one. */
  readonly rank: number | string;
  readonly id: string;
}

export interface NearQuery {
  readonly marketId: string;
  /** With it, only restaurants that deliver there, nearest first; without it, all by name. */
  readonly point?: Point | undefined;
  /** Words that each begin a word of the restaurant, or all of one dish. */
  readonly words: readonly string[];
  /** Only those that take orders at this hour. */
  readonly openAt?: LocalTime | undefined;
  readonly after?: PageEnd | undefined;
  readonly limit: number;
}

export interface NearRow extends RestaurantRow {
  readonly distanceM: number | null;
}

/**
 * One page of restaurants in business. The box is compared before the distance is worked out: a row outside costs one
 * subtraction.
 */
export async function restaurantsNear(tx: Tx, query: NearQuery): Promise<NearRow[]> {
  const { point } = query;
  const distance = point ? distanceTo(restaurants, point) : sql<null>`null::integer`;
  const rank = point ? distance : sql`lower(${restaurants.name})`;
  const conditions = [
    eq(restaurants.marketId, query.marketId),
    eq(restaurants.active, true),
    ...(point ? [deliversTo(point)] : []),
    ...(query.words.length > 0 ? [matches(query.words)] : []),
    ...(query.openAt ? [opensAt(query.openAt)] : []),
    ...(query.after ? [sql`(${rank}, ${restaurants.id}) > (${query.after.rank}, ${query.after.id}::uuid)`] : []),
  ];
  const rows = await tx
    .select({ restaurant: restaurants, distanceM: distance })
    .from(restaurants)
    .where(and(...conditions))
    .orderBy(rank, restaurants.id)
    .limit(query.limit);
  return rows.map(({ restaurant, distanceM }) => ({ ...restaurant, distanceM }));
}

function deliversTo(point: Point): SQL {
  const radius = restaurants.deliveryRadiusM;
  return sql`abs(${restaurants.lat} - ${point.lat}::float8) * ${DEGREE_M}::float8 <= ${radius} + 1 and ${distanceTo(restaurants, point)} <= ${radius}`;
}

/** The same expression as the index `restaurants_name_search`. */
function matches(words: readonly string[]): SQL {
  const wanted = sql`to_tsquery('simple', ${words.map((word) => `${word}:*`).join(" & ")})`;
  const text = sql`to_tsvector('simple', ${restaurants.name} || ' ' || ${restaurants.cuisine} || ' ' || ${restaurants.description})`;
  return sql`(${text} @@ ${wanted} or exists (
    select 1 from menu_items as dish
    where dish.market_id = ${restaurants.marketId} and dish.restaurant_id = ${restaurants.id}
      and not dish.archived and to_tsvector('simple', dish.name) @@ ${wanted}))`;
}

/** Takes orders at this hour. The same arithmetic as `isOpen` in shared/domain/restaurant/opening-hours.ts. */
export function opensAt({ weekday, minute }: LocalTime): SQL {
  const weekMinute = weekday * 1440 + minute;
  return sql`not ${restaurants.paused} and exists (
    select 1 from opening_hours as span
    where span.market_id = ${restaurants.marketId} and span.restaurant_id = ${restaurants.id}
      and mod(${weekMinute}::integer - span.weekday * 1440 - span.opens_minute + 10080, 10080) < span.closes_minute - span.opens_minute)`;
}
