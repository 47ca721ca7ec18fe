import { and, sql, type Placeholder, type SQL } from "drizzle-orm";

import { restaurants } from "#drizzle/schema/restaurants.ts";
import { boundsAround } from "#shared/domain/geo/bounds.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { LocalTime } from "#shared/domain/restaurant/opening-hours.ts";

import { compiled } from "./statement.ts";
import type { Db } from "./connect.ts";
import { distanceTo } from "./distance.ts";

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

/** Where a restaurant stands in the list; what it is, is read by its id. */
export interface NearRow {
  readonly id: string;
  readonly name: string;
  readonly distanceM: number | null;
}

/** No restaurant delivers farther: `restaurants_radius`. */
const FARTHEST_M = 100_000;
/**
 * So far around the point they are looked for, until a page is full. In a dense city the first ring holds a page; where even the
 * second holds none, a market has so few that all may be looked at.
 */
const RINGS_M = [1_000, 4_000, FARTHEST_M];
/** Distances are whole metres. */
const ROUNDED_BY_M = 1;

/**
 * One page of restaurants in business. Near a point rings are searched outwards by the index `restaurants_place`:
 * a full page of what lies within a ring is the page of all, as nothing outside is nearer. [BRW8]
 */
export async function restaurantsNear(db: Db, query: NearQuery): Promise<readonly NearRow[]> {
  const { point, after } = query;
  if (!point) return await pageOf(db, query, {});
  const beginsM = typeof after?.rank === "number" ? after.rank : 0;
  for (const withinM of RINGS_M.filter((ring) => ring >= beginsM)) {
    const where = { ...point, ...boundsAround(point, withinM + ROUNDED_BY_M), withinM };
    // oxlint-disable-next-line no-await-in-loop -- the next ring only when this one is not enough
    const rows = await pageOf(db, query, where);
    if (rows.length === query.limit || withinM === FARTHEST_M) return rows;
  }
  return [];
}

async function pageOf(db: Db, query: NearQuery, where: object): Promise<readonly NearRow[]> {
  const { marketId, words, openAt, after, limit } = query;
  const key = [query.point, words.length > 0, openAt, after].map(Boolean).join();
  const statement = statements.get(key) ?? compiled<NearRow>(statementFor(query));
  statements.set(key, statement);
  return await statement(db, {
    marketId,
    limit,
    ...where,
    words: words.map((word) => `${word}:*`).join(" & "),
    weekMinute: openAt && weekMinuteOf(openAt),
    afterRank: after?.rank,
    afterId: after?.id,
  });
}

/** One for each set of conditions that a list can have. */
const statements = new Map<
  string,
  (db: Db, values: Readonly<Record<string, unknown>>) => Promise<readonly NearRow[]>
>();
const value = sql.placeholder;

function statementFor({ point, words, openAt, after }: NearQuery): SQL {
  const rank = point ? distanceTo(restaurants, PLACE) : sql`lower(${restaurants.name})`;
  const conditions = [
    sql`${restaurants.marketId} = ${value("marketId")}`,
    sql`${restaurants.active}`,
    ...(point ? [WITHIN, sql`${rank} <= least(${restaurants.deliveryRadiusM}, ${value("withinM")}::integer)`] : []),
    ...(words.length > 0 ? [MATCHES] : []),
    ...(openAt ? [opensAt(value("weekMinute"))] : []),
    ...(after
      ? [
          sql`(${rank}, ${restaurants.id}) > (${value("afterRank")}${point ? AS_METRES : AS_NAME}, ${value("afterId")}::uuid)`,
        ]
      : []),
  ];
  return sql`
    select ${restaurants.id}, ${restaurants.name}, ${point ? rank : sql`null::integer`} as "distanceM" from ${restaurants}
    where ${and(...conditions)} order by ${rank}, ${restaurants.id} limit ${value("limit")}::integer`;
}

const AS_METRES = sql`::integer`;
const AS_NAME = sql`::text`;
const PLACE = { lat: value("lat"), lng: value("lng") };
/** The same expression as the index `restaurants_place`. */
const WITHIN = sql`point(${restaurants.lng}, ${restaurants.lat}) <@ box(
  point(${value("west")}::float8, ${value("south")}::float8), point(${value("east")}::float8, ${value("north")}::float8))`;

/** The same expression as the index `restaurants_name_search`. */
const WANTED = sql`to_tsquery('simple', ${value("words")})`;
const MATCHES = sql`(
  to_tsvector('simple', ${restaurants.name} || ' ' || ${restaurants.cuisine} || ' ' || ${restaurants.description}) @@ ${WANTED} or exists (
    select 1 from menu_items as dish
    where dish.market_id = ${restaurants.marketId} and dish.restaurant_id = ${restaurants.id}
      and not dish.archived and to_tsvector('simple', dish.name) @@ ${WANTED}))`;

export function weekMinuteOf({ weekday, minute }: LocalTime): number {
  return weekday * 1440 + minute;
}

/** Takes orders at this minute of the week. The same arithmetic as `isOpen` in shared/domain/restaurant/opening-hours.ts. */
export function opensAt(weekMinute: number | Placeholder): SQL {
  return sql`not ${restaurants.paused} and exists (
    select 1 from opening_hours as span
    where span.market_id = ${restaurants.marketId} and span.restaurant_id = ${restaurants.id}
      and mod(${weekMinute}::integer - span.weekday * 1440 - span.opens_minute + 10080, 10080) < span.closes_minute - span.opens_minute)`;
}
