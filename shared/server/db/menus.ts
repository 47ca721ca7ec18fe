import { and, asc, eq, inArray } from "drizzle-orm";

import { menuCategories, menuItems, modifierGroups } from "#drizzle/schema/restaurants.ts";
import type { MenuItem, MenuView, ModifierGroup } from "#shared/contracts/views.ts";

import type { Tx } from "./connect.ts";

type ItemRow = typeof menuItems.$inferSelect;
type GroupRow = typeof modifierGroups.$inferSelect;

/** Items of one restaurant by id, with their choices; archived and foreign ones are left out. */
export async function readItems(
  tx: Tx,
  marketId: string,
  restaurantId: string,
  ids: readonly string[],
): Promise<Map<string, MenuItem>> {
  if (ids.length === 0) return new Map();
  // Both at once: a transaction's connection answers them in one round trip.
  const [items, groups] = await Promise.all([
    tx
      .select()
      .from(menuItems)
      .where(
        and(
          eq(menuItems.marketId, marketId),
          eq(menuItems.restaurantId, restaurantId),
          eq(menuItems.archived, false),
          inArray(menuItems.id, [...ids]),
        ),
      ),
    readGroups(tx, marketId, ids),
  ]);
  return new Map(items.map((item) => [item.id, menuItemOf(item, groups)]));
}

/** The whole menu in its order; categories without items too. */
export async function readMenu(tx: Tx, marketId: string, restaurantId: string): Promise<MenuView["categories"]> {
  const [categories, items] = await Promise.all([
    tx
      .select()
      .from(menuCategories)
      .where(and(eq(menuCategories.marketId, marketId), eq(menuCategories.restaurantId, restaurantId)))
      .orderBy(asc(menuCategories.position), asc(menuCategories.id)),
    tx
      .select()
      .from(menuItems)
      .where(
        and(eq(menuItems.marketId, marketId), eq(menuItems.restaurantId, restaurantId), eq(menuItems.archived, false)),
      )
      .orderBy(asc(menuItems.position), asc(menuItems.id)),
  ]);
  const groups = await readGroups(
    tx,
    marketId,
    items.map((item) => item.id),
  );
  return categories.map(({ id, name }) => ({
    id,
    name,
    items: items.filter((item) => item.categoryId === id).map((item) => menuItemOf(item, groups)),
  }));
}

async function readGroups(tx: Tx, marketId: string, itemIds: readonly string[]): Promise<GroupRow[]> {
  if (itemIds.length === 0) return [];
  return tx
    .select()
    .from(modifierGroups)
    .where(and(eq(modifierGroups.marketId, marketId), inArray(modifierGroups.itemId, [...itemIds])))
    .orderBy(asc(modifierGroups.position), asc(modifierGroups.id));
}

function menuItemOf(item: ItemRow, groups: readonly GroupRow[]): MenuItem {
  const { id, categoryId, name, description, priceMinor, available, stock } = item;
  return { id, categoryId, name, description, priceMinor, available, stock, modifierGroups: groupsOf(id, groups) };
}

function groupsOf(itemId: string, groups: readonly GroupRow[]): ModifierGroup[] {
  return groups
    .filter((group) => group.itemId === itemId)
    .map(({ id, name, minChoices, maxChoices, options }) => ({ id, name, minChoices, maxChoices, options }));
}
