import { AREA_KINDS, LINE_KINDS, VEHICLES, mayRide, type City } from "#shared/domain/city/city.ts";

import type { MadeCity } from "./make-city.ts";

/** What an import made, for the person who asked for it: lines of "count  what". */
export function importReport({ city, addressesFound, addressesInStreets, foodFound }: MadeCity): string {
  const { streets, addresses, areas, lines, places, labels, names } = city;
  const streetNames = new Set(streets.name);
  streetNames.delete(0);
  const food = places.filter((place) => place.food);
  const rows: [number, string][] = [
    [
      streets.from.length,
      `street segments between ${count(streets.nodeLatE7.length)} crossings, ${count(streetNames.size)} names`,
    ],
    ...VEHICLES.map((vehicle): [number, string] => [ridden(city, vehicle), `of them for ${vehicle}`]),
    [
      addresses.street.length,
      `addresses (${count(addressesFound)} found; ${count(addressesInStreets)} in a street of the network)`,
    ],
    [
      food.length,
      `places to eat with a name (${count(foodFound)} found; ${withCuisine(food)} with cuisine, ${withHours(food)} with hours)`,
    ],
    [places.length - food.length, "other places with a name"],
    [labels.length, "quarters and towns"],
    ...AREA_KINDS.map((kind, index): [number, string] => [
      areas.kind.filter((each) => each === index).length,
      `areas: ${kind}`,
    ]),
    ...LINE_KINDS.map((kind, index): [number, string] => [
      lines.kind.filter((each) => each === index).length,
      `lines: ${kind}`,
    ]),
    [names.length, "different names"],
  ];
  return rows
    .filter(([amount]) => amount > 0)
    .map(([amount, what]) => `${count(amount).padStart(10)}  ${what}`)
    .join("\n");
}

function count(amount: number): string {
  return amount.toLocaleString("en");
}

function ridden({ streets }: City, vehicle: (typeof VEHICLES)[number]): number {
  let sum = 0;
  for (const segment of streets.from.keys()) {
    if (mayRide(streets, segment, vehicle, true) || mayRide(streets, segment, vehicle, false)) sum += 1;
  }
  return sum;
}

const withCuisine = (places: City["places"]): string => count(places.filter((each) => each.cuisines.length > 0).length);
const withHours = (places: City["places"]): string => count(places.filter((each) => each.openingHours !== null).length);
