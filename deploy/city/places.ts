import { E7, type CityLabel, type CityPlace } from "#shared/domain/city/city.ts";

import type { Located } from "./located.ts";
import type { Tags } from "./osm-data.ts";

/** Where food is sold ready to eat. */
const FOOD: Readonly<Record<string, string>> = {
  amenity: "restaurant cafe fast_food bar pub food_court ice_cream biergarten",
  shop: "bakery pastry deli",
};
/** What people find their way by. */
const LANDMARKS: Readonly<Record<string, string>> = {
  amenity:
    "hospital clinic school kindergarten college university library theatre cinema arts_centre community_centre " +
    "place_of_worship police fire_station townhall courthouse embassy post_office bus_station ferry_terminal " +
    "marketplace bank pharmacy fuel",
  shop: "supermarket mall department_store",
  railway: "station halt",
  aeroway: "aerodrome terminal",
  place: "square",
  leisure: "park stadium sports_centre marina",
  tourism: "museum hotel attraction gallery zoo",
};

const kindsOf = (table: Readonly<Record<string, string>>): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(Object.entries(table).map(([key, values]) => [key, new Set(values.split(" "))]));
const FOOD_KINDS = kindsOf(FOOD);
const LANDMARK_KINDS = kindsOf(LANDMARKS);

function kindIn(kinds: ReadonlyMap<string, ReadonlySet<string>>, tags: Tags): string | undefined {
  for (const [key, values] of kinds) {
    const value = tags[key];
    if (value !== undefined && values.has(value)) return value;
  }
  return undefined;
}

export interface Places {
  readonly places: readonly CityPlace[];
  /** Places to eat in the data, also those without a name, which are left out. */
  readonly foodFound: number;
}

/** Places with a name: those to eat first, each group by name. */
export function placesOf(located: readonly Located[]): Places {
  let foodFound = 0;
  const places: CityPlace[] = [];
  for (const { tags, latE7, lngE7 } of located) {
    const food = kindIn(FOOD_KINDS, tags);
    if (food !== undefined) foodFound += 1;
    const kind = food ?? kindIn(LANDMARK_KINDS, tags);
    const name = tags["name"]?.trim() ?? "";
    if (kind === undefined || name === "") continue;
    places.push({
      name,
      kind,
      food: food !== undefined,
      cuisines: cuisinesOf(tags["cuisine"] ?? ""),
      openingHours: tags["opening_hours"] ?? null,
      addressLine: addressLineOf(tags),
      point: { lat: latE7 / E7, lng: lngE7 / E7 },
    });
  }
  // The order of code units, which no locale changes.
  const byName = (a: CityPlace, b: CityPlace): number => (a.name < b.name ? -1 : Number(a.name > b.name));
  return { places: places.toSorted((a, b) => Number(b.food) - Number(a.food) || byName(a, b)), foodFound };
}

function cuisinesOf(written: string): string[] {
  const all = written.split(/[;,]/u).map((each) => each.trim().toLowerCase().replaceAll(" ", "_"));
  return [...new Set(all)].filter((each) => each !== "");
}

function addressLineOf(tags: Tags): string | null {
  const [street, number] = [tags["addr:street"], tags["addr:housenumber"]];
  return street === undefined || number === undefined ? null : `${street} ${number}`;
}

const LABELS = new Set(
  "city town village hamlet suburb quarter neighbourhood borough city_block locality island islet farm".split(" "),
);

/** Names of quarters and towns; what a node and an outline both name stands once, at the node. */
export function labelsOf(located: readonly Located[]): CityLabel[] {
  const labels = new Map<string, CityLabel>();
  for (const { tags, latE7, lngE7 } of located) {
    const [name, kind] = [tags["name"], tags["place"]];
    if (name === undefined || kind === undefined || !LABELS.has(kind)) continue;
    const key = `${kind}\n${name}`;
    if (!labels.has(key)) labels.set(key, { name, kind, point: { lat: latE7 / E7, lng: lngE7 / E7 } });
  }
  return [...labels.values()];
}
