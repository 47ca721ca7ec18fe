import { eq } from "drizzle-orm";

import { markets } from "#drizzle/schema/people.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { makeOrderEta } from "#shared/domain/eta/order-eta.ts";
import type { EtaBeliefs } from "#shared/domain/eta/parts.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { MarketFacts } from "#shared/domain/pricing/price-order.ts";
import { makeLocalClock } from "#shared/domain/restaurant/opening-hours.ts";
import type { Router } from "#shared/domain/router/router.ts";

import type { Tx } from "../db/connect.ts";

export type MarketReader = (tx: Tx, marketId: string) => Promise<MarketFacts>;

/**
 * Reads markets, keeping what was read: name, place, tax and currency are set at the start of a market's life.
 *
 * @param believedOf what is believed of a market's times just now: that may change at any moment
 * @throws {Refusal} `market.not-found`
 */
export function makeMarketReader(
  routerOf: (center: Point) => Router,
  believedOf: (marketId: string) => EtaBeliefs,
): MarketReader {
  const known = new Map<string, MarketFacts>();
  return async (tx, marketId) => {
    const kept = known.get(marketId);
    if (kept) return kept;
    const [row] = await tx.select().from(markets).where(eq(markets.id, marketId));
    if (!row) throw new Refusal("market.not-found", `no market ${marketId}`);
    const center = { lat: row.centerLat, lng: row.centerLng };
    const facts: MarketFacts = {
      id: row.id,
      currency: row.currency,
      taxBasisPoints: row.taxBasisPoints,
      timeZone: row.timeZone,
      localClock: makeLocalClock(row.timeZone),
      center,
      router: routerOf(center),
      eta: makeOrderEta(routerOf, center, () => believedOf(marketId)),
    };
    known.set(marketId, facts);
    return facts;
  };
}
