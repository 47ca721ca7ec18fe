import { expect, test } from "vitest";

import { E7, type City } from "#shared/domain/city/city.ts";
import { gridCity } from "#shared/testing/grid-city.ts";

import { decisionsOf } from "../world/chance.ts";
import { paceOf } from "../world/pace.ts";
import { streetWays } from "../world/street-ways.ts";
import { playSimulated } from "./play-simulated.ts";
import { townOf } from "./town.ts";

const SIZE = { restaurants: 4, couriers: 5, customers: 6 };

function smallCity(): City {
  const city = gridCity({ size: 10 });
  const { nodeLatE7, nodeLngE7 } = city.streets;
  const places = Array.from({ length: SIZE.restaurants }, (_, index) => ({
    name: `Comedor ${index}`,
    kind: "restaurant",
    food: true,
    cuisines: ["burger"],
    openingHours: null,
    addressLine: null,
    point: { lat: (nodeLatE7[index * 23] ?? 0) / E7, lng: (nodeLngE7[index * 23] ?? 0) / E7 },
  }));
  return { ...city, places };
}

function played(seed: number) {
  const city = smallCity();
  return playSimulated({
    seed,
    city,
    town: townOf(decisionsOf(seed), city, SIZE),
    minutes: 6,
    ordersPerHour: 80,
    ways: streetWays(city),
    pace: paceOf(0.5),
    fixEveryMs: 10_000,
    tell: () => {},
  });
}

test(
  "[TWN1] [TWN8] the same seed decides the same at the same times on the simulated clock; another one does not",
  { timeout: 60_000 },
  async () => {
    const [one, again, other] = [await played(3), await played(3), await played(4)];
    expect({ ...one.figures, faults: one.faults }).toMatchObject({
      wanted: 8,
      lost: 0,
      doubled: 0,
      disordered: 0,
      leaked: 0,
      moneyMismatches: 0,
      unended: 0,
      faults: [],
    });
    expect(one.figures.concluded, JSON.stringify(one.reasons)).toBeGreaterThan(4);
    expect(again.figures.logHash).toBe(one.figures.logHash);
    expect(other.figures.logHash).not.toBe(one.figures.logHash);
  },
);

test("[TWN10] a town is chosen from the city's own places, the same for the same seed", () => {
  const city = smallCity();
  const town = townOf(decisionsOf(9), city, SIZE);
  expect(townOf(decisionsOf(9), city, SIZE)).toEqual(town);
  expect(townOf(decisionsOf(10), city, SIZE)).not.toEqual(town);
  expect(new Set(town.restaurants.map((each) => each.name))).toEqual(new Set(city.places.map((each) => each.name)));
  expect(() => townOf(decisionsOf(9), { ...city, places: [] }, SIZE)).toThrow("no place to eat");
});
