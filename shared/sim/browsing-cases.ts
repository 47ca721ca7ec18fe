import type { Basket } from "../contracts/catalogue/browsing.ts";
import type { ParsedInput } from "../contracts/catalogue/catalogue.ts";
import { Refusal } from "../contracts/errors.ts";
import type { MenuItem, RestaurantView } from "../contracts/views.ts";
import { distanceM } from "../domain/geo/distance.ts";
import { priceLoaded, refuseMixedKinds, type PricedOrder } from "../domain/pricing/price-order.ts";
import { restaurantViewOf, takesOrders } from "../domain/restaurant/restaurant-view.ts";
import type { SimCases, SimDeps } from "./cases.ts";
import type { SimRestaurant } from "./store.ts";

/** What anybody may look at. */
export function browsingCases(deps: SimDeps): SimCases {
  const { store, life, nowMs } = deps;
  return {
    "markets.list": () => ({
      markets: [...store.markets.values()].map(({ facts, name, locale }) => {
        const { id, timeZone, currency, center } = facts;
        return { id, name, timeZone, currency, locale, center };
      }),
    }),

    "restaurants.near": (_caller, input) => {
      const point = pointOf(input);
      const facts = life.facts(input.marketId);
      const words = input.search?.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      const found = [...store.restaurants.values()]
        .filter(({ row }) => row.marketId === input.marketId && row.active)
        .map((restaurant) => ({ restaurant, distanceM: point ? Math.round(distanceM(point, restaurant.row)) : null }))
        .filter(({ restaurant: { row, hours }, distanceM: away }) => {
          if (away !== null && away > row.deliveryRadiusM) return false;
          return input.openNow !== "true" || takesOrders(row, hours, facts.localClock, nowMs());
        })
        .filter(({ restaurant }) => words.length === 0 || matches(restaurant, words))
        .toSorted((a, b) => compare(rankOf(a), rankOf(b)) || compare(a.restaurant.row.id, b.restaurant.row.id));
      const from = input.cursor === undefined ? 0 : found.findIndex((each) => cursorOf(each) === input.cursor) + 1;
      if (input.cursor !== undefined && from === 0) {
        throw new Refusal("payload.invalid", "this cursor belongs to another list");
      }
      const page = found.slice(from, from + input.limit);
      const last = found.length > from + input.limit ? page.at(-1) : undefined;
      return {
        restaurants: page.map((each) => ({ ...viewOf(deps, each.restaurant), distanceM: each.distanceM })),
        nextCursor: last ? cursorOf(last) : null,
      };
    },

    "restaurant.read": (_caller, { marketId, restaurantId }) => viewOf(deps, inBusiness(deps, marketId, restaurantId)),

    "menu.read": (_caller, { marketId, restaurantId }) => {
      const restaurant = inBusiness(deps, marketId, restaurantId);
      const items = [...restaurant.items.values()]
        .filter(({ archived }) => !archived)
        .toSorted((a, b) => a.position - b.position || compare(a.item.id, b.item.id));
      const categories = [...restaurant.categories]
        .toSorted(([idA, a], [idB, b]) => a.position - b.position || compare(idA, idB))
        .map(([id, { name }]) => {
          return { id, name, items: items.flatMap(({ item }) => (item.categoryId === id ? [item] : [])) };
        });
      return { restaurantId, currency: life.facts(marketId).currency, categories };
    },

    "quote.make": (_caller, input) => {
      const { market, price, lines, eta } = priceBasketOf(deps, input.marketId, input);
      return { currency: market.currency, price, lines, eta };
    },
  };
}

/**
 * What a basket costs now.
 *
 * @throws {Refusal} every refusal of `quote.make` in the catalogue
 */
export function priceBasketOf(deps: SimDeps, marketId: string, basket: Basket): PricedOrder {
  refuseMixedKinds(basket);
  const market = deps.life.facts(marketId);
  const { row: restaurant, hours, items: all, open } = inBusiness(deps, marketId, basket.restaurantId);
  const items = new Map<string, MenuItem>();
  for (const { itemId } of basket.lines) {
    const found = all.get(itemId);
    if (found && !found.archived) items.set(itemId, found.item);
  }
  let kitchenLoad = 0;
  for (const { order } of deps.store.orders(open))
    if (order.createdAtMs !== null && order.readyAtMs === null) kitchenLoad += 1;
  return priceLoaded({ market, restaurant, hours, items, kitchenLoad }, basket, deps.nowMs());
}

/** A restaurant as anybody may see it now. */
export function viewOf({ life, nowMs }: SimDeps, { row, hours }: SimRestaurant): RestaurantView {
  const { currency, localClock } = life.facts(row.marketId);
  return restaurantViewOf(row, hours, { currency, clock: localClock, nowMs: nowMs() });
}

function inBusiness({ store }: SimDeps, marketId: string, restaurantId: string): SimRestaurant {
  const found = store.restaurants.get(restaurantId);
  if (!found?.row.active || found.row.marketId !== marketId) {
    throw new Refusal("restaurant.not-found", "no such restaurant here");
  }
  return found;
}

function pointOf({ lat, lng }: ParsedInput<"restaurants.near">) {
  if (lat === undefined && lng === undefined) return undefined;
  if (lat === undefined || lng === undefined) throw new Refusal("payload.invalid", "lat and lng come together");
  return { lat, lng };
}

/** Every word begins a word of the restaurant, or every word begins one of a single dish. */
function matches({ row, items }: SimRestaurant, words: readonly string[]): boolean {
  const texts = [
    `${row.name} ${row.cuisine} ${row.description}`,
    ...[...items.values()].flatMap(({ item, archived }) => (archived ? [] : [item.name])),
  ];
  return texts.some((text) => {
    const own = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    return words.every((word) => own.some((each) => each.startsWith(word)));
  });
}

interface Found {
  readonly restaurant: SimRestaurant;
  readonly distanceM: number | null;
}

function rankOf({ restaurant, distanceM: away }: Found): number | string {
  return away ?? restaurant.row.name.toLowerCase();
}

function cursorOf(found: Found): string {
  return `${rankOf(found)}/${found.restaurant.row.id}`;
}

function compare<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
