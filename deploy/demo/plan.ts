import type { City } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import { chooseDoors, chooseStarts, vehicleOf, type CourierVehicle, type Door } from "./people.ts";
import { chooseRestaurants, type DemoHours, type DemoRestaurant } from "./restaurants.ts";

export interface DemoSize {
  readonly restaurants: number;
  readonly couriers: number;
  readonly customers: number;
  readonly hours: DemoHours;
}

export const DEMO_SIZE: DemoSize = { restaurants: 48, couriers: 48, customers: 72, hours: "always" };

/** Who and what the demo market is filled with. The first of each kind is for the people who try it. */
export interface DemoPlan {
  readonly restaurants: readonly DemoRestaurant[];
  readonly couriers: readonly { readonly start: Point; readonly vehicle: CourierVehicle }[];
  readonly customers: readonly Door[];
}

/** The same plan for the same city and size. */
export function makePlan(city: City, size: DemoSize): DemoPlan {
  const restaurants = chooseRestaurants(city, size.restaurants, size.hours);
  const points = restaurants.map(({ point }) => point);
  return {
    restaurants,
    couriers: chooseStarts(city, points, size.couriers).map((start, index) => ({ start, vehicle: vehicleOf(index) })),
    customers: chooseDoors(city, points, size.customers),
  };
}
