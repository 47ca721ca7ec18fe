import { haversineRouter } from "../../domain/router/haversine-router.ts";
import { planeProjection, planeRouter } from "../../domain/router/plane-router.ts";
import type { Router } from "../../domain/router/router.ts";

interface RouterSettings {
  readonly ROUTER: "haversine" | "plane";
  readonly ROUTER_SPEED_MPS: number;
  readonly ROUTER_DETOUR: number;
  readonly ROUTER_METERS_PER_MINUTE: number;
  readonly ROUTER_ORIGIN_LAT: number;
  readonly ROUTER_ORIGIN_LNG: number;
}

/** The router that the configuration names. */
export function makeRouter(settings: RouterSettings): Router {
  if (settings.ROUTER === "haversine") {
    return haversineRouter({ speedMps: settings.ROUTER_SPEED_MPS, detour: settings.ROUTER_DETOUR });
  }
  const projection = planeProjection({ lat: settings.ROUTER_ORIGIN_LAT, lng: settings.ROUTER_ORIGIN_LNG });
  return planeRouter({ metersPerMinute: settings.ROUTER_METERS_PER_MINUTE, projection });
}
