import { lazy, Suspense } from "react";
import { Route, Routes } from "react-router";

import { Empty, Loading } from "../../common/notice.tsx";
import { BrowsePage } from "../features/browse/browse-page.tsx";
import { CustomerFrame } from "./customer-frame.tsx";

/** What a customer does not need on the first screen comes later: maps, the kitchen's and the operator's screens. */
const RestaurantPage = lazy(async () => ({
  default: (await import("../features/browse/restaurant-page.tsx")).RestaurantPage,
}));
const CheckoutPage = lazy(async () => ({
  default: (await import("../features/basket/checkout-page.tsx")).CheckoutPage,
}));
const OrdersPage = lazy(async () => ({ default: (await import("../features/track/orders-page.tsx")).OrdersPage }));
const TrackPage = lazy(async () => ({ default: (await import("../features/track/track-page.tsx")).TrackPage }));
const KitchenPage = lazy(async () => ({ default: (await import("../features/kitchen/kitchen-page.tsx")).KitchenPage }));
const OpsPage = lazy(async () => ({ default: (await import("../features/ops/ops-page.tsx")).OpsPage }));
const ReplayPage = lazy(async () => ({ default: (await import("../features/replay/replay-page.tsx")).ReplayPage }));

export function AppRoutes() {
  return (
    <Suspense fallback={<Loading what="One moment…" />}>
      <Routes>
        <Route path="kitchen" element={<KitchenPage />} />
        <Route path="ops" element={<OpsPage />} />
        <Route path="ops/:marketId/orders/:orderId/replay" element={<ReplayPage />} />
        <Route element={<CustomerFrame />}>
          <Route index element={<BrowsePage />} />
          <Route path="r/:restaurantId" element={<RestaurantPage />} />
          <Route path="checkout" element={<CheckoutPage />} />
          <Route path="orders" element={<OrdersPage />} />
          <Route path="orders/:orderId" element={<TrackPage />} />
          <Route
            path="*"
            element={<Empty title="There is nothing at this address">Try the restaurants instead.</Empty>}
          />
        </Route>
      </Routes>
    </Suspense>
  );
}
