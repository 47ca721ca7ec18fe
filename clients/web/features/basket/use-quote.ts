import { skipToken } from "@reduxjs/toolkit/query";

import type { Failure } from "../../../common/failure.ts";
import { useQuoteQuery } from "../../app/data.ts";
import { queryFailure } from "../../app/query-failure.ts";
import { useAppSelector } from "../../app/store.ts";
import { useMarket, usePoint } from "../browse/use-place.ts";
import { quoteInput } from "./basket.ts";

/** What the basket costs now, by the hub; asked again with every change and every 20 s. */
export function useBasketQuote() {
  const basket = useAppSelector((state) => state.basket);
  const { markets } = useMarket();
  const market = markets.find((each) => each.id === basket.marketId);
  const { point, chosen } = usePoint(market);
  const input = quoteInput(basket, point);
  const answer = useQuoteQuery(input ?? skipToken, { pollingInterval: 20_000, skipPollingIfUnfocused: true });
  const failure: Failure | undefined = answer.error ? queryFailure(answer.error) : undefined;
  return {
    basket,
    market,
    point,
    pointChosen: chosen,
    input,
    /** For exactly this basket; undefined while it is asked. */
    quote: failure ? undefined : answer.currentData,
    /** The one before, to be shown meanwhile. */
    lastQuote: failure ? undefined : answer.data,
    failure,
    isFetching: answer.isFetching,
    refetch: () => void answer.refetch(),
  };
}
