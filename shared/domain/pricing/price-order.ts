import type { Basket } from "../../contracts/catalogue/browsing.ts";
import { Refusal } from "../../contracts/errors.ts";
import type { PriceBreakdown } from "../../contracts/money.ts";
import type { MenuItem, OrderLine } from "../../contracts/views.ts";
import type { Estimate, OrderEta } from "../eta/order-eta.ts";
import { distanceM } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";
import type { RestaurantRecord } from "../order/records.ts";
import type { LocalClock, OpeningSpan } from "../restaurant/opening-hours.ts";
import { takesOrders } from "../restaurant/restaurant-view.ts";
import type { Router } from "../router/router.ts";
import { priceBasket } from "./price.ts";

/** A market as its orders need it. */
export interface MarketFacts {
  readonly id: string;
  readonly currency: string;
  readonly taxBasisPoints: number;
  readonly timeZone: string;
  /** The market's wall clock: making one costs more than reading it. */
  readonly localClock: LocalClock;
  readonly center: Point;
  readonly router: Router;
  readonly eta: OrderEta;
}

/** Everything that a basket's price depends on. */
export interface LoadedBasket {
  readonly market: MarketFacts;
  readonly restaurant: RestaurantRecord;
  readonly hours: readonly OpeningSpan[];
  readonly items: ReadonlyMap<string, MenuItem>;
  /** Orders that the kitchen has to make now. */
  readonly kitchenLoad: number;
}

export interface PricedOrder {
  readonly market: MarketFacts;
  readonly restaurant: RestaurantRecord;
  readonly price: PriceBreakdown;
  readonly lines: OrderLine[];
  readonly eta: Estimate;
  /** Dishes in the basket. */
  readonly items: number;
  readonly kitchenLoad: number;
  /** Whether something in it is counted, so that stock is to be taken. */
  readonly countsStock: boolean;
}

/**
 * A basket whose form no schema can hold.
 *
 * @throws {Refusal} `payload.invalid`
 */
export function refuseMixedKinds({ kind, drop }: Pick<Basket, "kind" | "drop">): void {
  if ((kind === "takeaway") !== (drop === null)) {
    throw new Refusal("payload.invalid", "a delivery needs a drop, and take-away has none");
  }
}

/**
 * What a basket costs now and when it would come: the answer of `quote.make`, and what `order.place` charges.
 *
 * @throws {Refusal} every refusal of `quote.make` in the catalogue but `restaurant.not-found`
 */
export function priceLoaded(
  { market, restaurant, hours, items: onMenu, kitchenLoad }: LoadedBasket,
  basket: Basket,
  nowMs: number,
): PricedOrder {
  if (!takesOrders(restaurant, hours, market.localClock, nowMs)) {
    throw new Refusal(
      "restaurant.closed",
      restaurant.paused ? "it has paused taking orders" : "it is closed at this hour",
    );
  }
  const from = { lat: restaurant.lat, lng: restaurant.lng };
  const { price, lines } = priceBasket({
    basket,
    restaurant,
    items: onMenu,
    distanceM: basket.drop === null ? 0 : distanceM(from, basket.drop),
    taxBasisPoints: market.taxBasisPoints,
  });
  const { kind, drop } = basket;
  const items = basket.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const eta = market.eta.quote({
    nowMs,
    kind,
    restaurantId: restaurant.id,
    prepMinutes: restaurant.prepMinutes,
    items,
    load: kitchenLoad,
    from,
    to: drop,
  });
  const countsStock = [...onMenu.values()].some((item) => item.stock !== null);
  return { market, restaurant, price, lines, eta, items, kitchenLoad, countsStock };
}
