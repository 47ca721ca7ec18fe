import type { Point } from "#shared/contracts/geo.ts";
import { E7, type City, type Vehicle } from "#shared/domain/city/city.ts";
import { distanceM, offsetBy } from "#shared/domain/geo/distance.ts";

import { between, weighted, type Decide } from "../world/chance.ts";
import { VEHICLE_MIX } from "../world/parameters.ts";

export interface TownSize {
  readonly restaurants: number;
  readonly couriers: number;
  readonly customers: number;
}

export interface TownRestaurant {
  readonly name: string;
  readonly cuisine: string;
  readonly addressLine: string;
  readonly point: Point;
}

/** Who is where in a city before anybody has an account. */
export interface Town {
  readonly center: Point;
  readonly restaurants: readonly TownRestaurant[];
  readonly couriers: readonly { readonly start: Point; readonly vehicle: Vehicle }[];
  readonly customers: readonly { readonly drop: Point; readonly dropLine: string }[];
}

/** Metres from the middle within which most restaurants are chosen, and people live from a restaurant. */
const CENTRE_M = 3_500;
const LIVES_WITHIN_M = 3_500;
const STARTS_WITHIN_M = 600;
const TRIES = 60;

/**
 * Restaurants are places of the city where food is sold, rather in its middle; customers live at its addresses, where one of
 * them delivers; couriers begin near kitchens. The same for the same seed. [TWN10]
 *
 * @throws when the city has no place to eat
 */
export function townOf(decide: Decide, city: City, size: TownSize): Town {
  const center = middleOf(city);
  const restaurants = chooseRestaurants(decide, city, center, size.restaurants);
  if (restaurants.length === 0) throw new Error(`${city.meta.name} has no place to eat; import another city`);
  const doors = doorsOf(city);
  return {
    center,
    restaurants,
    couriers: Array.from({ length: size.couriers }, (_, index) => {
      const rng = decide(`courier-${index}`, "start");
      const near = restaurants[Math.floor(rng() * restaurants.length)]?.point ?? center;
      const vehicle = weighted(rng, VEHICLE_MIX, ([, share]) => share)?.[0] ?? "motorbike";
      return {
        start: offsetBy(near, between(rng, -1, 1) * STARTS_WITHIN_M, between(rng, -1, 1) * STARTS_WITHIN_M),
        vehicle,
      };
    }),
    customers: Array.from({ length: size.customers }, (_, index) => homeOf(decide, index, doors, restaurants)),
  };
}

function middleOf({ meta: { southWest, northEast }, places }: City): Point {
  const food = places.filter((each) => each.food);
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  return {
    lat: middle(food.map((each) => each.point.lat)) ?? (southWest.lat + northEast.lat) / 2,
    lng: middle(food.map((each) => each.point.lng)) ?? (southWest.lng + northEast.lng) / 2,
  };
}

function chooseRestaurants(decide: Decide, city: City, center: Point, count: number): TownRestaurant[] {
  const ranked = city.places
    .filter((each) => each.food && each.name !== "")
    .map((place, index) => {
      // Weighted sampling without replacement (Efraimidis and Spirakis, 2006): the largest u^(1/w) are taken.
      const weight = Math.exp(-distanceM(center, place.point) / CENTRE_M);
      return { place, key: Math.log(decide("city", "place", index)()) / weight };
    })
    .toSorted((a, b) => b.key - a.key)
    .slice(0, count);
  return ranked.map(({ place }) => ({
    name: place.name.slice(0, 80),
    cuisine: (place.cuisines[0] ?? place.kind).slice(0, 40),
    addressLine: place.addressLine?.slice(0, 200) ?? place.name.slice(0, 80),
    point: place.point,
  }));
}

interface Door {
  readonly point: Point;
  readonly line: string;
}

/** The city's addresses; without any its crossings. */
function doorsOf({ addresses, streets, names }: City): { readonly count: number; at(index: number): Door } {
  const door = (latE7: Int32Array, lngE7: Int32Array, index: number, line: string): Door => ({
    point: { lat: (latE7[index] ?? 0) / E7, lng: (lngE7[index] ?? 0) / E7 },
    line,
  });
  if (addresses.latE7.length > 0) {
    const line = (index: number) =>
      `${names[addresses.street[index] ?? 0] ?? ""} ${names[addresses.number[index] ?? 0] ?? ""}`.trim();
    return {
      count: addresses.latE7.length,
      at: (index) => door(addresses.latE7, addresses.lngE7, index, line(index)),
    };
  }
  return {
    count: streets.nodeLatE7.length,
    at: (index) => door(streets.nodeLatE7, streets.nodeLngE7, index, `Crossing ${index}`),
  };
}

function homeOf(
  decide: Decide,
  index: number,
  doors: ReturnType<typeof doorsOf>,
  restaurants: readonly TownRestaurant[],
): Town["customers"][number] {
  const rng = decide(`customer-${index}`, "home");
  let door = doors.at(Math.floor(rng() * doors.count));
  const isServed = () => restaurants.some(({ point }) => distanceM(point, door.point) < LIVES_WITHIN_M);
  for (let tries = 0; tries < TRIES && !isServed(); tries += 1) door = doors.at(Math.floor(rng() * doors.count));
  return { drop: door.point, dropLine: door.line.slice(0, 200) };
}
