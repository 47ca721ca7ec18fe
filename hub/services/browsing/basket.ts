import type { Basket } from "#shared/contracts/catalogue/browsing.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import {
  priceLoaded,
  refuseMixedKinds,
  type LoadedBasket,
  type PricedOrder,
} from "#shared/domain/pricing/price-order.ts";
import { askAlong } from "#shared/domain/dispatch/ask-ahead.ts";
import { readBasketRows } from "#shared/server/db/baskets.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";

export interface PricingDeps {
  readonly tx: Tx;
  readonly nowMs: number;
  readonly market: MarketReader;
  /** Whether a router behind a network may be waited for: not inside a transaction, which takes what is in memory. */
  readonly mayWait?: boolean;
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
  refuseMixedKinds(input);
  const loaded = await loadBasket(deps, input.marketId, input);
  const { router } = loaded.market;
  if (deps.mayWait && input.drop)
    await askAlong(router, { lat: loaded.restaurant.lat, lng: loaded.restaurant.lng }, [input.drop]);
  return priceLoaded(loaded, input, deps.nowMs);
}
