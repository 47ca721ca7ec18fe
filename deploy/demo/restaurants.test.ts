import { expect, test } from "vitest";

import type { City, CityPlace } from "#shared/domain/city/city.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { gridCity } from "#shared/testing/grid-city.ts";

import { chooseDoors, chooseStarts, nearestDoor } from "./people.ts";
import { chooseRestaurants } from "./restaurants.ts";

const grid = gridCity({ size: 20 });
const { southWest } = grid.meta;
const CUISINES = ["pizza", "burger", "sushi", "grill", "italian", "chinese", "ice_cream", "coffee_shop"];

/** Places a hundred metres apart and more, of eight cuisines in turn. */
const places: readonly CityPlace[] = Array.from({ length: 100 }, (_, index) => ({
  name: `House ${index}`,
  kind: "restaurant",
  food: index % 10 !== 0,
  cuisines: index % 3 === 0 ? [] : [CUISINES[index % 8] ?? ""],
  openingHours: index % 2 === 0 ? "Mo-Fr 10:00-12:00" : null,
  addressLine: index % 4 === 0 ? `Calle ${index}` : null,
  point: {
    lat: southWest.lat + 0.003 + 0.0015 * Math.floor(index / 10),
    lng: southWest.lng + 0.003 + 0.0015 * (index % 10),
  },
}));
const far: CityPlace = {
  name: "Far Away",
  kind: "restaurant",
  food: true,
  cuisines: ["pizza"],
  openingHours: null,
  addressLine: null,
  point: { lat: southWest.lat + 0.2, lng: southWest.lng },
};
const city: City = {
  ...grid,
  places: [...places, far, { ...far, name: "Pizzería", point: places[11]?.point ?? far.point }],
};

test("[DMO4] restaurants are places of the city where food is sold, with names, near where most of it is sold", () => {
  const chosen = chooseRestaurants(city, 24);
  expect(chosen).toHaveLength(24);
  const byName = new Map(places.filter((place) => place.food).map((place) => [place.name, place]));
  for (const { name, point } of chosen) expect(byName.get(name)?.point).toEqual(point);
  expect(new Set(chosen.map(({ name }) => name)).size).toBe(24);
});

test("[DMO4] no kind of kitchen takes more than its share, and each says that it is demo data", () => {
  const chosen = chooseRestaurants(city, 24);
  const counts = Map.groupBy(chosen, ({ kind }) => kind);
  for (const houses of counts.values()) expect(houses.length).toBeLessThanOrEqual(4);
  expect(counts.size).toBeGreaterThan(5);
  for (const { description } of chosen) expect(description).toContain("demo data");
});

test("[DMO4] the same city has the same restaurants; an empty one has none", () => {
  expect(chooseRestaurants(city, 24)).toEqual(chooseRestaurants(city, 24));
  expect(chooseRestaurants({ ...city, places: [] }, 24)).toEqual([]);
});

test("[DMO4] they are open whenever somebody tries, unless real hours are asked for", () => {
  for (const { hours } of chooseRestaurants(city, 10)) {
    expect(hours).toHaveLength(7);
    for (const { opensMinute, closesMinute } of hours) expect([opensMinute, closesMinute]).toEqual([0, 1440]);
  }
  const real = chooseRestaurants(city, 10, "real");
  const known = real.filter(({ hours }) => hours.length === 5);
  expect(known.length).toBeGreaterThan(0);
  for (const { hours } of real.filter((each) => !known.includes(each))) expect(hours).toHaveLength(7);
});

test("[DMO5] customers live behind doors of the city within a ride of a restaurant, each behind another", () => {
  const restaurants = chooseRestaurants(city, 12).map(({ point }) => point);
  const doors = chooseDoors(city, restaurants, 30);
  expect(doors).toHaveLength(30);
  expect(new Set(doors.map(({ line }) => line)).size).toBe(30);
  for (const { point, line } of doors) {
    expect(line).toMatch(/^Calle \d+ \d+$/u);
    expect(Math.min(...restaurants.map((each) => distanceM(each, point)))).toBeLessThan(1_900);
    expect(nearestDoor(city, point)?.line).toBe(line);
  }
  expect(chooseDoors(city, restaurants, 30)).toEqual(doors);
  expect(chooseDoors(city, [], 30)).toEqual([]);
});

test("[DMO5] couriers begin at crossings near the restaurants", () => {
  const restaurants = chooseRestaurants(city, 4).map(({ point }) => point);
  for (const [index, start] of chooseStarts(city, restaurants, 8).entries()) {
    expect(distanceM(start, restaurants[index % 4] ?? start)).toBeLessThanOrEqual(700);
  }
});
