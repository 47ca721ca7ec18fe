import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "react-redux";
import { BrowserRouter } from "react-router";

import { newKey } from "#shared/client/new-key.ts";
import { makeApi } from "#shared/client/rest-client.ts";

import { AppTheme } from "../common/app-theme.tsx";
import { DeploymentContext, keepAsking, makeDeployment } from "../common/deployment.ts";
import { makeMarketMaps, MarketMapsContext } from "../common/map/market-maps.ts";
import { makeTheme } from "../common/theme.ts";
import { AppRoutes } from "./app/routes.tsx";
import { makeServices, ServicesContext } from "./app/services.ts";
import { makeStore } from "./app/store.ts";

const deployment = makeDeployment({
  baseUrl: location.origin,
  fetch: (input, init) => fetch(input, init),
  storage: localStorage,
  wallNowMs: () => Date.now(),
});
keepAsking(deployment);
const services = makeServices({
  deployment,
  makeApi,
  newKey,
  baseUrl: location.origin,
  storage: localStorage,
  nowMs: () => Date.now(),
  fetch: (input, init) => fetch(input, init),
  onStorage: (listener) => {
    const hear = (event: StorageEvent) => listener(event.key);
    addEventListener("storage", hear);
    return () => removeEventListener("storage", hear);
  },
});
const maps = makeMarketMaps(makeApi({ baseUrl: location.origin }), location.origin);
const root = document.querySelector("#root");
if (!root) throw new Error("the page has no #root");

createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <DeploymentContext value={deployment}>
        <Provider store={makeStore(services)}>
          <AppTheme theme={makeTheme()}>
            <MarketMapsContext value={maps}>
              <BrowserRouter>
                <AppRoutes />
              </BrowserRouter>
            </MarketMapsContext>
          </AppTheme>
        </Provider>
      </DeploymentContext>
    </ServicesContext>
  </StrictMode>,
);
