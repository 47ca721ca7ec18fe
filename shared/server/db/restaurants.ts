import { and, asc, eq, inArray } from "drizzle-orm";

import { openingHours, restaurants } from "#drizzle/schema/restaurants.ts";
import type { OpeningSpan } from "#shared/domain/restaurant/opening-hours.ts";

import { assert } from "../../lib/assert.ts";
import type { Tx } from "./connect.ts";

export type RestaurantRow = typeof restaurants.$inferSelect;

export async function readRestaurant(tx: Tx, marketId: string, id: string): Promise<RestaurantRow | undefined> {
  const [row] = await tx
    .select()
    .from(restaurants)
    .where(and(eq(restaurants.marketId, marketId), eq(restaurants.id, id)));
  return row;
}

/** Opening hours by restaurant, in the order of the week. */
export async function readHours(tx: Tx, marketId: string, ids: readonly string[]): Promise<Map<string, OpeningSpan[]>> {
  const byRestaurant = new Map<string, OpeningSpan[]>();
  if (ids.length === 0) return byRestaurant;
  const rows = await tx
    .select()
    .from(openingHours)
    .where(and(eq(openingHours.marketId, marketId), inArray(openingHours.restaurantId, [...ids])))
    .orderBy(asc(openingHours.weekday), asc(openingHours.opensMinute));
  for (const { restaurantId, weekday, opensMinute, closesMinute } of rows) {
    const spans = byRestaurant.get(restaurantId) ?? [];
    spans.push({ weekday, opensMinute, closesMinute });
    byRestaurant.set(restaurantId, spans);
  }
  return byRestaurant;
}

export async function insertRestaurant(tx: Tx, row: RestaurantRow): Promise<RestaurantRow> {
  const [written] = await tx.insert(restaurants).values(row).returning();
  assert(written, "an insert answers with its row");
  return written;
}

/** Writes the fields that are given; undefined ones stay. Undefined when no such restaurant is there. */
export async function changeRestaurant(
  tx: Tx,
  marketId: string,
  id: string,
  change: { readonly [F in keyof RestaurantRow]?: RestaurantRow[F] | undefined },
): Promise<RestaurantRow | undefined> {
  if (Object.values(change).every((value) => value === undefined)) return readRestaurant(tx, marketId, id);
  const [row] = await tx
    .update(restaurants)
    .set(change)
    .where(and(eq(restaurants.marketId, marketId), eq(restaurants.id, id)))
    .returning();
  return row;
}

export async function replaceHours(
  tx: Tx,
  { marketId, id }: RestaurantRow,
  hours: readonly OpeningSpan[],
): Promise<void> {
  await tx.delete(openingHours).where(and(eq(openingHours.marketId, marketId), eq(openingHours.restaurantId, id)));
  if (hours.length === 0) return;
  await tx.insert(openingHours).values(hours.map((span) => ({ ...span, marketId, restaurantId: id })));
}
