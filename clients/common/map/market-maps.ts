import { createContext, use, useEffect, useState } from "react";

import type { MarketMap } from "#shared/contracts/map.ts";

import type { Api } from "../api.ts";

export interface MarketMaps {
  /** A market's map, its tiles by whole address; null where no city covers the market. */
  read(marketId: string): Promise<MarketMap | null>;
}

/** Asks once for each market; what failed is asked for again. */
export function makeMarketMaps(api: Api, baseUrl: string): MarketMaps {
  const asked = new Map<string, Promise<MarketMap | null>>();
  return {
    read(marketId) {
      const known = asked.get(marketId);
      if (known) return known;
      const answer = api
        .call("market.map", { marketId })
        // Tiles are fetched by a worker of its own place, which knows no addresses relative to the page.
        .then(({ map }) => map && { ...map, tiles: baseUrl + map.tiles });
      asked.set(marketId, answer);
      answer.catch(() => asked.delete(marketId));
      return answer;
    },
  };
}

export const MarketMapsContext = createContext<MarketMaps | undefined>(undefined);

/** A market's map; undefined while it is being asked for, null where there is none or it cannot be had. */
export function useMarketMap(marketId: string | undefined): MarketMap | null | undefined {
  const maps = use(MarketMapsContext);
  const [found, setFound] = useState<{ readonly marketId: string; readonly map: MarketMap | null }>();
  useEffect(() => {
    if (marketId === undefined || !maps) return undefined;
    let isWanted = true;
    const show = (map: MarketMap | null) => isWanted && setFound({ marketId, map });
    maps.read(marketId).then(show, () => show(null));
    return () => {
      isWanted = false;
    };
  }, [maps, marketId]);
  if (marketId === undefined || !maps) return null;
  return found?.marketId === marketId ? found.map : undefined;
}
