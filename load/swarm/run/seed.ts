import { zoneOf } from "#shared/domain/geo/cells.ts";

import type { Db } from "#shared/server/db/connect.ts";

import { courierOf, customerOf, idOf, idPrefix, kitchenOf, placeOf, type IdKind, type SwarmPlan } from "../plan.ts";

/** The market that the swarm fills. */
export const SWARM_MARKET = {
  id: "swarm",
  name: "Swarm",
  timeZone: "America/Montevideo",
  currency: "UYU",
  locale: "es-UY",
  taxBasisPoints: 1000,
} as const;

const ITEMS_A_MENU = 8;
const PRICE = {
  itemsMinor: 40_000,
  deliveryMinor: 8_000,
  serviceFeeMinor: 0,
  tipMinor: 0,
  totalMinor: 48_000,
  taxMinor: 4_000,
  distanceM: 2_000,
};
/** Orders in the store at a time of one statement. */
const PIECE = 5_000;

/**
 * Writes everybody and everything that the plan wants, in bulk: accounts by the API would take a password hash each. What is
 * measured afterwards goes through the hubs alone. Nobody has a stream yet, so that every event is one of the run.
 */
export async function seedSwarm(db: Db, plan: SwarmPlan, nowMs: number): Promise<void> {
  await seedPeople(db, plan, nowMs);
  await seedRestaurants(db, plan, nowMs);
  await seedCouriers(db, plan, nowMs);
  for (let from = 0; from < plan.orders; from += PIECE) {
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    await seedOrders(db, plan, { from, until: Math.min(plan.orders, from + PIECE) }, nowMs);
  }
  await db.sql`analyze`;
}

async function seedPeople({ sql }: Db, plan: SwarmPlan, nowMs: number): Promise<void> {
  const kinds = [
    ["customer", plan.customers],
    ["courier", plan.couriers],
    ["kitchen", plan.kitchens],
    ["operator", plan.operators],
  ] as const;
  for (const [kind, count] of kinds) {
    // oxlint-disable-next-line no-await-in-loop -- four statements
    await sql`
      insert into people (id, email, name, password_hash, created_at_ms)
      select ${madeId(sql, kind)}, ${kind}::text || '-' || n || '@swarm.example', ${kind}::text || ' ' || n, '-', ${nowMs}
      from generate_series(0, ${count - 1}::int) as n`;
  }
  await sql`
    insert into person_roles (id, person_id, role, market_id, restaurant_id, created_at_ms)
    select gen_random_uuid(), ${madeId(sql, "kitchen")}, 'kitchen', ${SWARM_MARKET.id}::text, ${madeId(sql, "restaurant")}, ${nowMs}::bigint
    from generate_series(0, ${plan.kitchens - 1}::int) as n
    union all
    select gen_random_uuid(), ${madeId(sql, "operator")}, 'support', ${SWARM_MARKET.id}, null, ${nowMs}::bigint
    from generate_series(0, ${plan.operators - 1}::int) as n`;
}

async function seedRestaurants({ sql }: Db, plan: SwarmPlan, nowMs: number): Promise<void> {
  const places = Array.from({ length: plan.kitchens }, (_, index) => placeOf(index, plan.kitchens));
  const market = SWARM_MARKET.id;
  await sql`
    insert into restaurants (market_id, id, name, cuisine, address_line, lat, lng, zone, delivery_radius_m, minimum_minor,
      delivery_base_minor, delivery_per_km_minor, service_fee_basis_points, prep_minutes, created_at_ms)
    select ${market}, id::uuid, 'Kitchen ' || nth, 'everything', nth || ' Swarm Street', lat, lng, zone, 4000, 0, 5900, 1500, 0, 15,
      ${nowMs}
    from unnest(${places.map((_, n) => idOf("restaurant", n))}::text[], ${places.map((p) => p.lat)}::float8[],
      ${places.map((p) => p.lng)}::float8[], ${places.map((p) => zoneOf(p))}::text[])
      with ordinality as place (id, lat, lng, zone, nth)`;
  await sql`
    insert into opening_hours (market_id, restaurant_id, weekday, opens_minute, closes_minute)
    select ${market}, ${madeId(sql, "restaurant")}, weekday, 0, 1440
    from generate_series(0, ${plan.kitchens - 1}::int) as n, generate_series(0, 6) as weekday`;
  await sql`
    insert into menu_categories (market_id, id, restaurant_id, name, position)
    select ${market}, ${madeId(sql, "menu")}, ${madeId(sql, "restaurant")}, 'Dishes', 0
    from generate_series(0, ${plan.kitchens - 1}::int) as n`;
  await sql`
    insert into menu_items (market_id, id, restaurant_id, category_id, name, price_minor, position)
    select ${market}, (${idPrefix("item")} || lpad(to_hex(n * ${ITEMS_A_MENU}::int + dish), 12, '0'))::uuid,
      ${madeId(sql, "restaurant")}, ${madeId(sql, "menu")}, 'Dish ' || dish, 20000 + 1000 * dish, dish
    from generate_series(0, ${plan.kitchens - 1}::int) as n, generate_series(0, ${ITEMS_A_MENU - 1}::int) as dish`;
}

async function seedCouriers({ sql }: Db, plan: SwarmPlan, nowMs: number): Promise<void> {
  await sql`
    insert into couriers (market_id, id, person_id, name, vehicle, created_at_ms)
    select ${SWARM_MARKET.id}, ${madeId(sql, "courier-file")}, ${madeId(sql, "courier")}, 'Courier ' || n, 'motorbike', ${nowMs}
    from generate_series(0, ${plan.couriers - 1}::int) as n`;
}

/** Those that are carried are deliveries under way; those in a kitchen are fetched by their customers, so nobody dispatches them. */
async function seedOrders(
  { sql }: Db,
  plan: SwarmPlan,
  piece: { from: number; until: number },
  nowMs: number,
): Promise<void> {
  const market = SWARM_MARKET.id;
  const rows = Array.from({ length: piece.until - piece.from }, (_, nth) => {
    const order = piece.from + nth;
    const carried = order < plan.carried;
    const drop = placeOf(order, plan.orders);
    return {
      id: idOf("order", order),
      code: String(order),
      customer: idOf("customer", customerOf(order)),
      restaurant: idOf("restaurant", kitchenOf(plan, order)),
      item: idOf("item", kitchenOf(plan, order) * ITEMS_A_MENU),
      carried,
      lat: carried ? drop.lat : null,
      lng: carried ? drop.lng : null,
      zone: zoneOf(drop),
      delivery: idOf("delivery", order),
      courier: idOf("courier-file", courierOf(plan, order)),
      slot: Math.floor(order / plan.couriers),
    };
  });
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as o(id uuid, code text, customer uuid, restaurant uuid,
    item uuid, carried boolean, lat float8, lng float8, zone text, delivery uuid, courier uuid, slot int)`;
  await sql`
    insert into orders (market_id, id, code, customer_id, restaurant_id, status, kind, currency, price, total_minor, drop_line,
      drop_lat, drop_lng, zone, placed_at_ms, created_at_ms, confirmed_at_ms, ready_at_ms, picked_up_at_ms, ready_estimate_at_ms)
    select ${market}, id, code, customer, restaurant, case when carried then 'IN_DELIVERY' else 'CONFIRMED' end,
      case when carried then 'delivery' else 'takeaway' end, 'UYU', ${JSON.stringify(PRICE)}::text::jsonb, ${PRICE.totalMinor},
      case when carried then 'Some street' end, lat, lng, zone, ${nowMs}, ${nowMs}, ${nowMs},
      case when carried then ${nowMs}::bigint end, case when carried then ${nowMs}::bigint end, ${nowMs}
    from ${given}`;
  await sql`
    insert into order_lines (market_id, order_id, position, item_id, name, quantity, unit_minor, total_minor, modifiers)
    select ${market}, id, 0, item, 'Dish 0', 2, 20000, 40000, '[]'::jsonb from ${given}`;
  await sql`
    insert into payments (market_id, order_id, provider, status, amount_minor, captured_minor, currency, updated_at_ms)
    select ${market}, id, 'stripe', 'captured', ${PRICE.totalMinor}, ${PRICE.totalMinor}, 'UYU', ${nowMs} from ${given}`;
  await sql`
    insert into deliveries (market_id, id, order_id, restaurant_id, status, courier_id, slot, version, assigned_at_ms,
      arrived_at_merchant_at_ms, picked_up_at_ms, created_at_ms)
    select ${market}, delivery, id, restaurant, 'DELIVERY_ONGOING', courier, slot, 1, ${nowMs}, ${nowMs}, ${nowMs}, ${nowMs}
    from ${given} where carried`;
}

/** The id of the `n`-th of a kind, as {@link idOf} makes it. */
function madeId(sql: Db["sql"], kind: IdKind) {
  return sql`(${idPrefix(kind)} || lpad(to_hex(n), 12, '0'))::uuid`;
}
