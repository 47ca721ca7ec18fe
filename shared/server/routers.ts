import { ETA_PRIORS, type EtaPriors } from "#shared/domain/eta/eta-of.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import { planeProjection, planeRouter } from "#shared/domain/router/plane-router.ts";
import type { Router } from "#shared/domain/router/router.ts";

export interface RouterSettings {
  readonly ROUTER: "haversine" | "plane";
  readonly ROUTER_SPEED_MPS: number;
  readonly ROUTER_DETOUR: number;
  readonly ROUTER_ORIGIN_LAT: number;
  readonly ROUTER_ORIGIN_LNG: number;
  readonly PICKUP_SERVICE_S: number;
  readonly DROPOFF_SERVICE_S: number;
}

/** The router that the settings name; hubs and workers are given the same ones. */
export function routerFrom(settings: RouterSettings): (marketCenter: Point) => Router {
  if (settings.ROUTER === "haversine") {
    const router = haversineRouter({ speedMps: settings.ROUTER_SPEED_MPS, detour: settings.ROUTER_DETOUR });
    return () => router;
  }
  const projection = planeProjection({ lat: settings.ROUTER_ORIGIN_LAT, lng: settings.ROUTER_ORIGIN_LNG });
  // The plane's minutes are whole, so its speed is told a minute; rounding undoes the division by 60 in the setting.
  const metersPerMinute = Math.round(settings.ROUTER_SPEED_MPS * 60 * 1000) / 1000;
  const router = planeRouter({ metersPerMinute, projection });
  return () => router;
}

/** What is believed of the minutes at both doors before anything was learned. */
export function etaPriorsFrom(settings: RouterSettings): EtaPriors {
  const spread = (seconds: number) => ({ p50Ms: seconds * 1000, p90Ms: seconds * 1800 });
  return { ...ETA_PRIORS, handover: spread(settings.PICKUP_SERVICE_S), drop: spread(settings.DROPOFF_SERVICE_S / 2) };
}
