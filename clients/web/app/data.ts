import { createApi, fakeBaseQuery } from "@reduxjs/toolkit/query/react";

import type { CommandInput, CommandName, CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

import type { DeploymentConfig } from "../../common/deployment.ts";
import { failureOf, type Failure } from "../../common/failure.ts";
import type { Screen, Services } from "./services.ts";

type Answer<T> = Promise<{ data: T } | { error: Failure }>;

/** A query of the catalogue, asked by whoever is signed in on that screen. */
function ask<N extends CommandName>(screen: Screen, name: N) {
  return async (
    input: CommandInput<N>,
    store: { readonly extra: unknown; readonly signal: AbortSignal },
  ): Answer<CommandOutput<N>> => {
    try {
      return { data: await servicesOf(store.extra).apis[screen].call(name, input, { signal: store.signal }) };
    } catch (error) {
      return { error: failureOf(error) };
    }
  };
}

/** What the hub knows, kept while somebody looks at it. */
export const data = createApi({
  reducerPath: "data",
  baseQuery: fakeBaseQuery<Failure>(),
  refetchOnReconnect: true,
  refetchOnFocus: true,
  tagTypes: ["Addresses", "MyOrders"],
  endpoints: (build) => ({
    markets: build.query({ queryFn: ask("customer", "markets.list") }),
    restaurants: build.query({ queryFn: ask("customer", "restaurants.near") }),
    restaurant: build.query({ queryFn: ask("customer", "restaurant.read") }),
    menu: build.query({ queryFn: ask("customer", "menu.read") }),
    quote: build.query({ queryFn: ask("customer", "quote.make"), keepUnusedDataFor: 0 }),
    addresses: build.query({ queryFn: ask("customer", "addresses.list"), providesTags: ["Addresses"] }),
    saveAddress: build.mutation({ queryFn: ask("customer", "address.save"), invalidatesTags: ["Addresses"] }),
    myOrders: build.query({
      queryFn: ask("customer", "orders.mine"),
      providesTags: ["MyOrders"],
      keepUnusedDataFor: 0,
    }),
    config: build.query<DeploymentConfig, void>({ queryFn: (_, { extra }) => readConfig(servicesOf(extra)) }),
  }),
});

export const {
  useMarketsQuery,
  useRestaurantsQuery,
  useRestaurantQuery,
  useMenuQuery,
  useQuoteQuery,
  useAddressesQuery,
  useSaveAddressMutation,
  useMyOrdersQuery,
  useConfigQuery,
} = data;

async function readConfig({ deployment }: Services): Answer<DeploymentConfig> {
  try {
    return { data: deployment.current() ?? (await deployment.read()) };
  } catch (error) {
    return { error: failureOf(error) };
  }
}

function servicesOf(extra: unknown): Services {
  // Cast: makeStore gives the services as the store's extra argument.
  return extra as Services;
}
