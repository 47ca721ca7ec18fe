import { useEffect, useMemo } from "react";

import type { Point } from "#shared/contracts/geo.ts";

import { useDeployment, useDeploymentConfig } from "../../common/deployment.ts";
import { useServices } from "../app/services.ts";
import { placeSlice, useAppDispatch, useAppSelector } from "../app/store.ts";
import { useLink } from "../link/use-link.ts";
import { useMarketId } from "../link/use-market.ts";
import { makeDemoGeolocation, type DemoGeolocation } from "./demo-geolocation.ts";
import { useDemoRide } from "./use-demo-ride.ts";
import { locate } from "./locate.ts";

/**
 * Readings are taken as soon as the app is open and knows the deployment's clock, so that a shift begins where the courier
 * is: from the phone, or from a demo ride that rides to `target` by itself.
 */
export function useLocated(target: Point | undefined): void {
  const { geolocation, timeAt } = useServices();
  const link = useLink();
  const dispatch = useAppDispatch();
  const clockKnown = useDeploymentConfig() !== undefined;
  const demo = useDemoGeolocation();
  const { lat, lng } = target ?? {};
  useEffect(() => {
    demo?.headFor(lat === undefined || lng === undefined ? null : { lat, lng });
  }, [demo, lat, lng]);
  useEffect(() => {
    if (!clockKnown) return undefined;
    return locate(demo ?? geolocation, {
      onFix: (fix) => link.located({ ...fix, takenAtMs: timeAt(fix.takenAtMs) }),
      onState: (gps) => dispatch(placeSlice.actions.gpsChanged(gps)),
    });
  }, [clockKnown, demo, geolocation, link, dispatch, timeAt]);
}

/** Undefined where none is wanted or allowed, and until it is known who rides where. */
function useDemoGeolocation(): DemoGeolocation | undefined {
  const { demoStreets, storage } = useServices();
  const deployment = useDeployment();
  const { on } = useDemoRide();
  const marketId = useMarketId();
  const vehicle = useAppSelector((state) => state.duty.courier?.vehicle);
  return useMemo(() => {
    if (!on || marketId === undefined || vehicle === undefined) return undefined;
    const rider = { marketId, vehicle };
    return makeDemoGeolocation({
      storage,
      beginning: () => demoStreets.beginning(rider),
      wayTo: (from, to) => demoStreets.way(rider, from, to),
      clockRate: () => deployment.current()?.clockRate ?? 1,
      wallNowMs: () => Date.now(),
    });
  }, [on, marketId, vehicle, demoStreets, storage, deployment]);
}
