import type { AddressInfo } from "node:net";

import fastify from "fastify";
import postgres from "postgres";

import { isOpen, makeLocalClock, nextOpening, type OpeningSpan } from "#shared/domain/restaurant/opening-hours.ts";

/**
 * Browsing as anybody would write it: Fastify, postgres.js, the plain SQL and JSON.stringify, without accounts, rights, limits,
 * forms, headers or measures. What `bench:browse` holds the hub against; its answers are the hub's.
 */
const env = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

interface Near {
  readonly lat: string;
  readonly lng: string;
  readonly limit: string;
}
interface Params {
  readonly market: string;
  readonly id: string;
}
type Row = Readonly<Record<string, unknown>>;

const EARTH_RADIUS_M = 6_371_008.8;
const sql = postgres(env("DATABASE_URL"), { max: Number(env("DATABASE_POOL")), onnotice: () => {} });
const [market] = await sql`select currency, time_zone from markets where id = ${env("MARKET")}`;
const currency = String(market?.["currency"]);
const clock = makeLocalClock(String(market?.["time_zone"]));
const app = fastify();

const columns = sql`r.id, r.market_id as "marketId", r.name, r.description, r.cuisine, r.address_line as "addressLine", r.lat, r.lng, r.zone,
  r.delivery_radius_m as "deliveryRadiusM", r.minimum_minor::int as "minimumMinor", r.delivery_base_minor::int as "deliveryBaseMinor",
  r.delivery_per_km_minor::int as "deliveryPerKmMinor", r.service_fee_basis_points as "serviceFeeBasisPoints",
  r.prep_minutes as "prepMinutes", r.paused, r.active`;

async function hoursOf(marketId: string, ids: readonly string[]): Promise<Map<unknown, OpeningSpan[]>> {
  const rows = await sql`
    select restaurant_id, weekday, opens_minute, closes_minute from opening_hours
    where market_id = ${marketId} and restaurant_id in ${sql([...ids])} order by weekday, opens_minute`;
  const hours = new Map<unknown, OpeningSpan[]>();
  for (const { restaurant_id: id, weekday, opens_minute: opensMinute, closes_minute: closesMinute } of rows) {
    hours.set(id, [...(hours.get(id) ?? []), { weekday, opensMinute, closesMinute }]);
  }
  return hours;
}

function viewOf({ lat, lng, ...rest }: Row, hours: readonly OpeningSpan[] = []): object {
  const nowMs = Date.now();
  const open = isOpen(hours, clock(nowMs));
  const opensAtMs = open ? null : nextOpening(hours, clock, nowMs);
  return { ...rest, point: { lat, lng }, currency, open: open && rest["paused"] === false, opensAtMs, hours };
}

app.get<{ Params: Params; Querystring: Near }>("/v1/markets/:market/restaurants", async ({ params, query }) => {
  const limit = Number(query.limit);
  const rows = await sql`
    select * from (
      select ${columns}, round(2 * ${EARTH_RADIUS_M}::float8 * asin(least(1, sqrt(
        sin(radians(r.lat - ${query.lat}::float8) / 2) ^ 2
        + cos(radians(${query.lat}::float8)) * cos(radians(r.lat)) * sin(radians(r.lng - ${query.lng}::float8) / 2) ^ 2))))::int as "distanceM"
      from restaurants r where r.market_id = ${params.market} and r.active) near
    where "distanceM" <= "deliveryRadiusM" order by "distanceM", id limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const hours = await hoursOf(
    params.market,
    page.map(({ id }) => String(id)),
  );
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    restaurants: page.map((row) => viewOf(row, hours.get(row["id"]))),
    nextCursor: last ? `${last["distanceM"]}/${last["id"]}` : null,
  };
});

app.get<{ Params: Params }>("/v1/markets/:market/restaurants/:id", async ({ params, ...request }, reply) => {
  const [[row], hours] = await Promise.all([
    sql`select ${columns} from restaurants r where r.market_id = ${params.market} and r.id = ${params.id} and r.active`,
    hoursOf(params.market, [params.id]),
  ]);
  return row ? viewOf(row, hours.get(params.id)) : reply.status(404).send({ missing: request.url });
});

app.get<{ Params: Params }>("/v1/markets/:market/restaurants/:id/menu", async ({ params }, reply) => {
  const { market: of, id: restaurantId } = params;
  const [[row], categories, items, groups] = await Promise.all([
    sql`select 1 from restaurants where market_id = ${of} and id = ${restaurantId} and active`,
    sql`select id, name from menu_categories where market_id = ${of} and restaurant_id = ${restaurantId} order by position, id`,
    sql`select id, category_id as "categoryId", name, description, price_minor::int as "priceMinor", available, stock
      from menu_items where market_id = ${of} and restaurant_id = ${restaurantId} and not archived order by position, id`,
    sql`select g.item_id, g.id, g.name, g.min_choices as "minChoices", g.max_choices as "maxChoices", g.options
      from modifier_groups g join menu_items i on i.market_id = g.market_id and i.id = g.item_id
      where i.market_id = ${of} and i.restaurant_id = ${restaurantId} and not i.archived order by g.position, g.id`,
  ]);
  if (!row) return reply.status(404).send({ missing: restaurantId });
  const withGroups = items.map((item) => ({
    ...item,
    categoryId: item["categoryId"],
    modifierGroups: groups
      .filter((each) => each["item_id"] === item["id"])
      .map(({ id, name, minChoices, maxChoices, options }) => ({ id, name, minChoices, maxChoices, options })),
  }));
  return {
    restaurantId,
    currency,
    categories: categories.map((each) => ({
      ...each,
      items: withGroups.filter(({ categoryId }) => categoryId === each["id"]),
    })),
  };
});

await app.listen({ host: "127.0.0.1", port: Number(env("PLAIN_PORT")) });
// Cast: a listening TCP server has an address of this form.
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
process.once("SIGTERM", () => void app.close().then(() => sql.end({ timeout: 5 })));
