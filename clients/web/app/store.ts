import { configureStore } from "@reduxjs/toolkit";
import { setupListeners } from "@reduxjs/toolkit/query";
import { useDispatch, useSelector } from "react-redux";

import { basketSlice } from "../features/basket/basket.ts";
import { placeSlice } from "../features/browse/place.ts";
import { data } from "./data.ts";
import { keepSlices } from "./kept.ts";
import type { Services } from "./services.ts";

/** The store of the web app. Basket and place are kept over reloads; everything else is asked again. */
export function makeStore(services: Services) {
  const kept = keepSlices(services.storage);
  const store = configureStore({
    reducer: {
      [data.reducerPath]: data.reducer,
      [basketSlice.name]: basketSlice.reducer,
      [placeSlice.name]: placeSlice.reducer,
    },
    preloadedState: kept.read(),
    middleware: (getDefault) => getDefault({ thunk: { extraArgument: services } }).concat(data.middleware),
  });
  setupListeners(store.dispatch);
  store.subscribe(() => kept.write(store.getState()));
  // Whoever signs in or out must not see what was kept for another.
  let personId = services.sessions.customer.current()?.person.id;
  services.sessions.customer.subscribe(() => {
    const next = services.sessions.customer.current()?.person.id;
    if (next === personId) return;
    personId = next;
    store.dispatch(data.util.invalidateTags(["Addresses", "MyOrders"]));
  });
  return store;
}

export type AppStore = ReturnType<typeof makeStore>;
export type AppState = ReturnType<AppStore["getState"]>;
export const useAppDispatch = useDispatch.withTypes<AppStore["dispatch"]>();
export const useAppSelector = useSelector.withTypes<AppState>();
