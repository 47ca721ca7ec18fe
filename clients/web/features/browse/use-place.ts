import { useSearchParams } from "react-router";

import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import type { Point } from "#shared/contracts/geo.ts";

import { useMarketsQuery } from "../../app/data.ts";
import { useAppSelector } from "../../app/store.ts";

export type Market = CommandOutput<"markets.list">["markets"][number];

/** The market that the customer looks at: named by the address, chosen before, or the first there is. */
export function useMarket() {
  const [search] = useSearchParams();
  const chosen = useAppSelector((state) => state.place.marketId);
  const { data, error, isLoading, refetch } = useMarketsQuery({});
  const wanted = search.get("market") ?? chosen;
  const markets = data?.markets ?? [];
  const market = markets.find((each) => each.id === wanted) ?? markets[0];
  return { market, markets, error, isLoading, refetch };
}

/** Where food is brought to in that market; its centre until the customer has said where. */
export function usePoint(market: Market | undefined): { readonly point: Point | null; readonly chosen: boolean } {
  const place = useAppSelector((state) => state.place);
  if (place.point && (place.marketId === null || place.marketId === market?.id))
    return { point: place.point, chosen: true };
  return { point: market?.center ?? null, chosen: false };
}
