import { and, asc, eq, inArray, sql } from "drizzle-orm";

import { menuCategories, menuItems, modifierGroups, restaurants } from "#drizzle/schema/restaurants.ts";
import type { MenuItem, MenuView, ModifierGroup } from "#shared/contracts/views.ts";

import { compiled } from "./statement.ts";
import type { Db, Tx } from "./connect.ts";

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

const menuOf = compiled<{
  readonly categories: readonly { readonly id: string; readonly name: string }[];
  readonly items: readonly MenuItem[];
}>(sql`
  select
    (select coalesce(json_agg(json_build_object('id', category.id, 'name', category.name) order by position, id), '[]')
      from menu_categories as category
      where category.market_id = ${restaurants.marketId} and category.restaurant_id = ${restaurants.id}) as categories,
    (select coalesce(json_agg(json_build_object('id', item.id, 'categoryId', item.category_id, 'name', item.name,
        'description', item.description, 'priceMinor', item.price_minor, 'available', item.available, 'stock', item.stock,
        'modifierGroups', (
          select coalesce(json_agg(json_build_object('id', choice.id, 'name', choice.name, 'minChoices', choice.min_choices,
            'maxChoices', choice.max_choices, 'options', choice.options) order by choice.position, choice.id), '[]')
          from modifier_groups as choice where choice.market_id = item.market_id and choice.item_id = item.id)
        ) order by item.position, item.id), '[]')
      from menu_items as item
      where item.market_id = ${restaurants.marketId} and item.restaurant_id = ${restaurants.id} and not item.archived) as items
  from ${restaurants}
  where ${restaurants.marketId} = ${sql.placeholder("marketId")} and ${restaurants.id} = ${sql.placeholder("restaurantId")}
    and ${restaurants.active}`);

/**
 * The whole menu in its order, in one round trip; categories without items too. Undefined when no such restaurant is in business.
 */
export async function readMenu(
  db: Db,
  marketId: string,
  restaurantId: string,
): Promise<MenuView["categories"] | undefined> {
  const [row] = await menuOf(db, { marketId, restaurantId });
  if (!row) return undefined;
  const items = Map.groupBy(row.items, ({ categoryId }) => categoryId);
  return row.categories.map(({ id, name }) => ({ id, name, items: items.get(id) ?? [] }));
}

async function readGroups(tx: Tx, marketId: string, itemIds: readonly string[]): Promise<GroupRow[]> {
  if (itemIds.length === 0) return [];
  return tx
    .select()
    .from(modifierGroups)
    .where(and(eq(modifierGroups.marketId, marketId), inArray(modifierGroups.itemId, [...itemIds])))
    .orderBy(asc(modifierGroups.position), asc(modifierGroups.id));
}

/** An item as it is told, with those of the groups that are its own. */
export function menuItemOf(item: ItemRow, groups: readonly GroupRow[]): MenuItem {
  const { id, categoryId, name, description, priceMinor, available, stock } = item;
  return { id, categoryId, name, description, priceMinor, available, stock, modifierGroups: groupsOf(id, groups) };
}

function groupsOf(itemId: string, groups: readonly GroupRow[]): ModifierGroup[] {
  return groups
    .filter((group) => group.itemId === itemId)
    .map(({ id, name, minChoices, maxChoices, options }) => ({ id, name, minChoices, maxChoices, options }));
}

interface ItemPlace {
  readonly marketId: string;
  readonly restaurantId: string;
  readonly id: string;
}

/** Adds or changes a category. @returns false when the id is another restaurant's */
export async function saveCategory(tx: Tx, row: typeof menuCategories.$inferSelect): Promise<boolean> {
  const { name, position } = row;
  const rows = await tx
    .insert(menuCategories)
    .values(row)
    .onConflictDoUpdate({
      target: [menuCategories.marketId, menuCategories.id],
      set: { name, position },
      setWhere: eq(menuCategories.restaurantId, row.restaurantId),
    })
    .returning({ id: menuCategories.id });
  return rows.length > 0;
}

export async function categoryIsOf(
  tx: Tx,
  place: Pick<ItemPlace, "marketId" | "restaurantId">,
  id: string,
): Promise<boolean> {
  const rows = await tx
    .select({ id: menuCategories.id })
    .from(menuCategories)
    .where(
      and(
        eq(menuCategories.marketId, place.marketId),
        eq(menuCategories.id, id),
        eq(menuCategories.restaurantId, place.restaurantId),
      ),
    );
  return rows.length > 0;
}

/** Adds or changes an item. @returns false when the id is another restaurant's, or off the menu for good */
export async function saveItem(tx: Tx, row: ItemRow): Promise<boolean> {
  const { categoryId, name, description, priceMinor, position, available, stock } = row;
  const rows = await tx
    .insert(menuItems)
    .values(row)
    .onConflictDoUpdate({
      target: [menuItems.marketId, menuItems.id],
      set: { categoryId, name, description, priceMinor, position, available, stock },
      setWhere: sql`${menuItems.restaurantId} = ${row.restaurantId} and not ${menuItems.archived}`,
    })
    .returning({ id: menuItems.id });
  return rows.length > 0;
}

/** Gives an item exactly these groups of choices. @returns false when one of the ids is another item's */
export async function replaceGroups(
  tx: Tx,
  marketId: string,
  itemId: string,
  groups: readonly ModifierGroup[],
): Promise<boolean> {
  await tx.delete(modifierGroups).where(and(eq(modifierGroups.marketId, marketId), eq(modifierGroups.itemId, itemId)));
  if (groups.length === 0) return true;
  const rows = await tx
    .insert(modifierGroups)
    .values(groups.map((group, position) => ({ ...group, marketId, itemId, position })))
    .onConflictDoNothing()
    .returning({ id: modifierGroups.id });
  return rows.length === groups.length;
}

/** Marks an item out or in; `stock` undefined stays. @returns false when there is no such item on the menu */
export async function setAvailability(
  tx: Tx,
  {
    available,
    stock,
    ...place
  }: ItemPlace & { readonly available: boolean; readonly stock?: number | null | undefined },
): Promise<boolean> {
  return changeItem(tx, place, { available, ...(stock === undefined ? {} : { stock }) });
}

/** @returns false when there is no such item on the menu */
export async function archiveItem(tx: Tx, place: ItemPlace): Promise<boolean> {
  return changeItem(tx, place, { archived: true });
}

async function changeItem(
  tx: Tx,
  { marketId, restaurantId, id }: ItemPlace,
  change: Partial<ItemRow>,
): Promise<boolean> {
  const rows = await tx
    .update(menuItems)
    .set(change)
    .where(
      and(
        eq(menuItems.marketId, marketId),
        eq(menuItems.id, id),
        eq(menuItems.restaurantId, restaurantId),
        eq(menuItems.archived, false),
      ),
    )
    .returning({ id: menuItems.id });
  return rows.length > 0;
}
