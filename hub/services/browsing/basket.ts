import type { Basket } from "#shared/contracts/catalogue/browsing.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { PriceBreakdown } from "#shared/contracts/money.ts";
import type { MenuItem, OrderLine } from "#shared/contracts/views.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { priceBasket } from "#shared/domain/pricing/price.ts";
import type { OpeningSpan } from "#shared/domain/restaurant/opening-hours.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { readBasketRows } from "#shared/server/db/baskets.ts";
import { takesOrders, type RestaurantRow } from "#shared/server/db/restaurants.ts";
import type { MarketFacts, MarketReader } from "#shared/server/life/etas.ts";
import type { Estimate } from "#shared/server/life/order-eta.ts";

export interface PricingDeps {
  readonly tx: Tx;
  readonly nowMs: number;
  readonly market: MarketReader;
}

export interface LoadedBasket {
  readonly market: MarketFacts;
  readonly restaurant: RestaurantRow;
  readonly hours: readonly OpeningSpan[];
  readonly items: ReadonlyMap<string, MenuItem>;
}

export interface PricedOrder {
  readonly market: MarketFacts;
  readonly restaurant: RestaurantRow;
  readonly price: PriceBreakdown;
  readonly lines: OrderLine[];
  readonly eta: Estimate;
  /** Whether something in it is counted, so that stock is to be taken. */
  readonly countsStock: boolean;
}

/**
 * Everything that a basket's price depends on, in one round trip.
 *
 * @throws {Refusal} `market.not-found`, `restaurant.not-found`
 */
export async function loadBasket(deps: PricingDeps, marketId: string, basket: Basket): Promise<LoadedBasket> {
  const { tx } = deps;
  const itemIds = [...new Set(basket.lines.map((line) => line.itemId))];
  const [market, rows] = await Promise.all([
    deps.market(tx, marketId),
    readBasketRows(tx, marketId, basket.restaurantId, itemIds),
  ]);
  if (!rows?.restaurant.active) throw new Refusal("restaurant.not-found", "no such restaurant here");
  return { market, ...rows };
}

/**
 * What a basket costs now and when it would come: the answer of `quote.make`, and what `order.place` charges.
 *
 * @throws {Refusal} every refusal of `quote.make` in the catalogue
 */
export async function priceOrder(
  deps: PricingDeps,
  input: Basket & { readonly marketId: string },
): Promise<PricedOrder> {
  if ((input.kind === "takeaway") !== (input.drop === null)) {
    throw new Refusal("payload.invalid", "a delivery needs a drop, and take-away has none");
  }
  const { market, restaurant, hours, items } = await loadBasket(deps, input.marketId, input);
  if (!takesOrders(restaurant, hours, market.localClock, deps.nowMs)) {
    throw new Refusal(
      "restaurant.closed",
      restaurant.paused ? "it has paused taking orders" : "it is closed at this hour",
    );
  }
  const from = { lat: restaurant.lat, lng: restaurant.lng };
  const { price, lines } = priceBasket({
    basket: input,
    restaurant,
    items,
    distanceM: input.drop === null ? 0 : distanceM(from, input.drop),
    taxBasisPoints: market.taxBasisPoints,
  });
  const { nowMs } = deps;
  const eta = market.eta.quote({ nowMs, kind: input.kind, prepMinutes: restaurant.prepMinutes, from, to: input.drop });
  const countsStock = [...items.values()].some((item) => item.stock !== null);
  return { market, restaurant, price, lines, eta, countsStock };
}
