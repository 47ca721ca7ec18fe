import type { Point } from "#shared/contracts/geo.ts";
import { haversineRouter, type HaversineSpeed } from "#shared/domain/router/haversine-router.ts";
import { planeProjection, planeRouter, type PlaneProjection } from "#shared/domain/router/plane-router.ts";
import type { Router } from "#shared/domain/router/router.ts";

interface Named extends Point {
  readonly id: string;
}

export type InstanceRestaurant = Named;

/** Times are minutes from the day's start; whole ones in the packs of the Meal Delivery Routing Problem. */
export interface InstanceOrder extends Named {
  readonly restaurantId: string;
  readonly placedMin: number;
  readonly readyMin: number;
}

export interface InstanceCourier extends Named {
  readonly onMin: number;
  readonly offMin: number;
}

/** How long ways take, for everybody who reckons with them: the policy, the couriers, and the live system by its settings. */
export interface Travel {
  readonly router: Router;
  /** The same for hubs and workers. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the market is. */
  readonly center: Point;
}

/** One day of one city, or a part of it. */
export interface ReplayInstance {
  readonly name: string;
  readonly travel: Travel;
  readonly pickupServiceMin: number;
  readonly dropoffServiceMin: number;
  readonly targetMin: number;
  readonly maxMin: number;
  readonly restaurants: readonly InstanceRestaurant[];
  readonly orders: readonly InstanceOrder[];
  readonly couriers: readonly InstanceCourier[];
  /** How many people order, in turns; by the number of orders when left out. */
  readonly customers?: number;
}

/**
 * Where an instance's (0, 0) is laid when it is given in metres. Any place serves: distances are taken in the plane. Here a
 * degree is wide enough that H3 cells keep their shape.
 */
export const PLANE_ORIGIN: Point = { lat: 40, lng: -90 };

export function packProjection(): PlaneProjection {
  return planeProjection(PLANE_ORIGIN);
}

/** Straight lines in the plane and whole minutes, as the Meal Delivery Routing Problem has it. [RPL5] */
export function planeTravel(metersPerMinute: number): Travel {
  return {
    router: planeRouter({ metersPerMinute, projection: packProjection() }),
    env: {
      ROUTER: "plane",
      ROUTER_SPEED_MPS: String(metersPerMinute / 60),
      ROUTER_ORIGIN_LAT: String(PLANE_ORIGIN.lat),
      ROUTER_ORIGIN_LNG: String(PLANE_ORIGIN.lng),
    },
    center: PLANE_ORIGIN,
  };
}

/** Great circles with a detour, for places with true coordinates. [RPL5] */
export function haversineTravel(speed: HaversineSpeed, center: Point): Travel {
  return {
    router: haversineRouter(speed),
    env: { ROUTER: "haversine", ROUTER_SPEED_MPS: String(speed.speedMps), ROUTER_DETOUR: String(speed.detour) },
    center,
  };
}
