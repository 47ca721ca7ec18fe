import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "react-redux";

import { connectHub } from "#shared/client/hub-client.ts";
import { newKey } from "#shared/client/new-key.ts";
import { makeApi } from "#shared/client/rest-client.ts";

import { AppTheme } from "../common/app-theme.tsx";
import { DeploymentContext, keepAsking, makeDeployment } from "../common/deployment.ts";
import { makeMarketMaps, MarketMapsContext } from "../common/map/market-maps.ts";
import { makeSessionStore } from "../common/session-store.ts";
import { makeTheme } from "../common/theme.ts";
import { CourierApp } from "./app/courier-app.tsx";
import { ServicesContext, type Services } from "./app/services.ts";
import { makeStore } from "./app/store.ts";
import { makeDemoStreets } from "./gps/demo-streets.ts";
import { makeDemoSwitch } from "./gps/demo-switch.ts";

const baseUrl = location.origin;
const nowMs = () => Date.now();
const deployment = makeDeployment({
  baseUrl,
  fetch: (input, init) => fetch(input, init),
  storage: localStorage,
  wallNowMs: nowMs,
});
keepAsking(deployment);
const session = makeSessionStore({
  makeApi,
  baseUrl,
  screen: "courier",
  storage: localStorage,
  nowMs,
  onStorage: (listener) => {
    const hear = (event: StorageEvent) => listener(event.key);
    addEventListener("storage", hear);
    return () => removeEventListener("storage", hear);
  },
});
const api = makeApi({ baseUrl });
const services: Services = {
  session,
  storage: localStorage,
  connect: (token) => connectHub({ url: baseUrl, namespace: "courier", token }),
  newKey,
  nowMs: deployment.nowMs,
  timeAt: deployment.timeAt,
  // The phone's own and its wake lock are missing where the page is not served securely.
  geolocation: "geolocation" in navigator ? navigator.geolocation : undefined,
  demoSwitch: makeDemoSwitch(localStorage),
  demoStreets: makeDemoStreets({
    api,
    baseUrl,
    fetch: (input, init) => fetch(input, init),
    token: () => session.token(),
  }),
  wakeLock: "wakeLock" in navigator ? navigator.wakeLock : undefined,
};
const maps = makeMarketMaps(api, baseUrl);
const root = document.querySelector("#root");
if (!root) throw new Error("the page has no #root");

createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <DeploymentContext value={deployment}>
        <Provider store={makeStore()}>
          <AppTheme theme={makeTheme()}>
            <MarketMapsContext value={maps}>
              <CourierApp />
            </MarketMapsContext>
          </AppTheme>
        </Provider>
      </DeploymentContext>
    </ServicesContext>
  </StrictMode>,
);
