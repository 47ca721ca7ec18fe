import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

import { atMs, id, marketId, minor } from "./columns.ts";
import { markets } from "./people.ts";

export const restaurants = pgTable(
  "restaurants",
  {
    marketId: marketId().references(() => markets.id),
    id: id(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    cuisine: text("cuisine").notNull(),
    addressLine: text("address_line").notNull(),
    lat: doublePrecision("lat").notNull(),
    lng: doublePrecision("lng").notNull(),
    /** H3 cell at resolution 7, the zone in which operators see it. */
    zone: text("zone").notNull(),
    /** Delivers to drop-offs within this distance. */
    deliveryRadiusM: integer("delivery_radius_m").notNull(),
    minimumMinor: minor("minimum_minor").notNull(),
    /** Delivery price: base plus so much a started kilometre. */
    deliveryBaseMinor: minor("delivery_base_minor").notNull(),
    deliveryPerKmMinor: minor("delivery_per_km_minor").notNull(),
    serviceFeeBasisPoints: integer("service_fee_basis_points").notNull(),
    /** Typical confirmed -> ready, until it is learned. */
    prepMinutes: integer("prep_minutes").notNull(),
    paused: boolean("paused").notNull().default(false),
    active: boolean("active").notNull().default(true),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    index("restaurants_zone").on(t.marketId, t.zone),
    index("restaurants_place")
      .using("gist", sql`point(${t.lng}, ${t.lat})`)
      .where(sql`${t.active}`),
    index("restaurants_name_search").using(
      "gin",
      sql`to_tsvector('simple', ${t.name} || ' ' || ${t.cuisine} || ' ' || ${t.description})`,
    ),
    check("restaurants_place", sql`${t.lat} between -90 and 90 and ${t.lng} between -180 and 180`),
    check(
      "restaurants_money",
      sql`${t.minimumMinor} >= 0 and ${t.deliveryBaseMinor} >= 0 and ${t.deliveryPerKmMinor} >= 0 and ${t.serviceFeeBasisPoints} between 0 and 10000`,
    ),
    check("restaurants_radius", sql`${t.deliveryRadiusM} between 100 and 100000`),
    check("restaurants_prep", sql`${t.prepMinutes} between 1 and 240`),
  ],
);

/** Opening hours in the market's time zone; a closing past midnight counts on from 1440. */
export const openingHours = pgTable(
  "opening_hours",
  {
    marketId: marketId(),
    restaurantId: id("restaurant_id"),
    /** 0 = Sunday. */
    weekday: smallint("weekday").notNull(),
    opensMinute: smallint("opens_minute").notNull(),
    closesMinute: smallint("closes_minute").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.restaurantId, t.weekday, t.opensMinute] }),
    foreignKey({
      columns: [t.marketId, t.restaurantId],
      foreignColumns: [restaurants.marketId, restaurants.id],
    }).onDelete("cascade"),
    check(
      "opening_hours_sane",
      sql`${t.weekday} between 0 and 6 and ${t.opensMinute} between 0 and 1439 and ${t.closesMinute} between ${t.opensMinute} + 1 and 2880`,
    ),
  ],
);

export const menuCategories = pgTable(
  "menu_categories",
  {
    marketId: marketId(),
    id: id(),
    restaurantId: id("restaurant_id"),
    name: text("name").notNull(),
    position: integer("position").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    index("menu_categories_restaurant").on(t.marketId, t.restaurantId),
    foreignKey({
      columns: [t.marketId, t.restaurantId],
      foreignColumns: [restaurants.marketId, restaurants.id],
    }).onDelete("cascade"),
  ],
);

export const menuItems = pgTable(
  "menu_items",
  {
    marketId: marketId(),
    id: id(),
    restaurantId: id("restaurant_id"),
    categoryId: id("category_id"),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    priceMinor: minor("price_minor").notNull(),
    position: integer("position").notNull(),
    /** False: marked out (86). */
    available: boolean("available").notNull().default(true),
    /** Null: not counted. Never below zero: the last one is sold once. */
    stock: integer("stock"),
    archived: boolean("archived").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    index("menu_items_restaurant").on(t.marketId, t.restaurantId),
    foreignKey({
      columns: [t.marketId, t.restaurantId],
      foreignColumns: [restaurants.marketId, restaurants.id],
    }).onDelete("cascade"),
    foreignKey({ columns: [t.marketId, t.categoryId], foreignColumns: [menuCategories.marketId, menuCategories.id] }),
    check("menu_items_price", sql`${t.priceMinor} >= 0`),
    check("menu_items_stock", sql`${t.stock} is null or ${t.stock} >= 0`),
  ],
);

/** "Choose a size", "up to three toppings": options stand in the row, as they are only read and written with it. */
export const modifierGroups = pgTable(
  "modifier_groups",
  {
    marketId: marketId(),
    id: id(),
    itemId: id("item_id"),
    name: text("name").notNull(),
    minChoices: integer("min_choices").notNull(),
    maxChoices: integer("max_choices").notNull(),
    position: integer("position").notNull(),
    options: jsonb("options").$type<{ id: string; name: string; priceMinor: number; available: boolean }[]>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    index("modifier_groups_item").on(t.marketId, t.itemId),
    foreignKey({ columns: [t.marketId, t.itemId], foreignColumns: [menuItems.marketId, menuItems.id] }).onDelete(
      "cascade",
    ),
    check(
      "modifier_groups_choices",
      sql`${t.minChoices} between 0 and ${t.maxChoices} and ${t.maxChoices} between 1 and 50`,
    ),
  ],
);

export const couriers = pgTable(
  "couriers",
  {
    marketId: marketId().references(() => markets.id),
    id: id(),
    personId: uuid("person_id").notNull(),
    name: text("name").notNull(),
    vehicle: text("vehicle", { enum: ["bicycle", "motorbike", "car", "foot"] }).notNull(),
    /** Most deliveries at a time. */
    capacity: integer("capacity").notNull().default(3),
    active: boolean("active").notNull().default(true),
    /** Last place that was written down; the newest is in Redis. */
    lastLat: doublePrecision("last_lat"),
    lastLng: doublePrecision("last_lng"),
    lastFixAtMs: atMs("last_fix_at_ms"),
    createdAtMs: atMs("created_at_ms").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    uniqueIndex("couriers_person").on(t.marketId, t.personId),
    check("couriers_capacity", sql`${t.capacity} between 1 and 10`),
  ],
);

export const shifts = pgTable(
  "shifts",
  {
    marketId: marketId(),
    id: id(),
    courierId: id("courier_id"),
    startedAtMs: atMs("started_at_ms").notNull(),
    /** Planned end: no pickup is planned after it. */
    endsAtMs: atMs("ends_at_ms").notNull(),
    endedAtMs: atMs("ended_at_ms"),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    foreignKey({ columns: [t.marketId, t.courierId], foreignColumns: [couriers.marketId, couriers.id] }),
    uniqueIndex("shifts_one_open")
      .on(t.marketId, t.courierId)
      .where(sql`${t.endedAtMs} is null`),
    index("shifts_courier").on(t.marketId, t.courierId, t.startedAtMs),
    check(
      "shifts_span",
      sql`${t.endsAtMs} > ${t.startedAtMs} and (${t.endedAtMs} is null or ${t.endedAtMs} >= ${t.startedAtMs})`,
    ),
  ],
);

/** One row a courier and minute: fixes as [takenAtMs, lat, lng, accuracyM, speedMps|null, headingDeg|null]. */
export const traces = pgTable(
  "traces",
  {
    marketId: marketId(),
    courierId: id("courier_id"),
    minuteAtMs: atMs("minute_at_ms").notNull(),
    fixes: jsonb("fixes").$type<(number | null)[][]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.marketId, t.courierId, t.minuteAtMs] })],
);
