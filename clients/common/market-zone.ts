import { createContext, use } from "react";

/** Time zone (IANA name) of the market that a screen of its staff shows; until it is known, the reader's own. */
export const MarketZoneContext = createContext<string | undefined>(undefined);

/** For the formatters of ./format.ts. */
export function useMarketZone(): string | undefined {
  return use(MarketZoneContext);
}
