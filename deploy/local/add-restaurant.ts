import { createHash } from "node:crypto";

import type { Api } from "#shared/client/rest-client.ts";

import { DEMO_MARKET } from "../demo/market.ts";
import type { DemoItem } from "../demo/menu.ts";
import type { DemoRestaurant } from "../demo/restaurants.ts";

const marketId = DEMO_MARKET.id;

/** A restaurant without a menu yet; its id. */
export async function addRestaurant(admin: Api, restaurant: DemoRestaurant): Promise<string> {
  const { name, cuisine, description, addressLine, point, prepMinutes, hours } = restaurant;
  const { id } = await admin.call("restaurant.create", {
    name,
    cuisine,
    description,
    addressLine,
    point,
    prepMinutes,
    hours: [...hours],
    marketId,
    deliveryRadiusM: 4_000,
    minimumMinor: 20_000,
    deliveryBaseMinor: 5_900,
    deliveryPerKmMinor: 1_500,
    serviceFeeBasisPoints: 500,
  });
  return id;
}

/** Ids follow from names: saving again changes nothing. */
export async function saveMenu(admin: Api, restaurantId: string, { menu }: DemoRestaurant): Promise<void> {
  for (const [position, { name, items }] of menu.entries()) {
    const categoryId = idOf(restaurantId, name);
    // oxlint-disable-next-line no-await-in-loop -- a dish needs its category
    await admin.call("category.save", { marketId, restaurantId, id: categoryId, name, position });
    for (const [index, item] of items.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- other restaurants are filled meanwhile
      await admin.call("item.save", {
        marketId,
        restaurantId,
        categoryId,
        position: index,
        ...itemOf(categoryId, item),
      });
    }
  }
}

function itemOf(categoryId: string, { name, description, priceMinor, choices }: DemoItem) {
  const id = idOf(categoryId, name);
  return {
    id,
    name,
    description,
    priceMinor,
    modifierGroups: choices.map((choice) => ({
      ...choice,
      id: idOf(id, choice.name),
      options: choice.options.map((option) => ({ ...option, id: idOf(id, choice.name, option.name), available: true })),
    })),
  };
}

/** A UUID that follows from texts (RFC 9562, version 8). */
export function idOf(...texts: readonly string[]): string {
  const hex = createHash("sha256").update(texts.join("\n")).digest("hex");
  const variant = (8 + (Number.parseInt(hex.slice(16, 17), 16) % 4)).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
