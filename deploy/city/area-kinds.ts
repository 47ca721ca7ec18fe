import type { AreaKind } from "#shared/domain/city/city.ts";

import type { Tags } from "./osm-data.ts";

/** Values of a key that make an area of the kind; the first row that fits decides. */
const ROWS: readonly (readonly [string, string, AreaKind])[] = [
  ["place", "sea", "sea"],
  ["natural", "water", "water"],
  ["waterway", "riverbank dock", "water"],
  ["landuse", "reservoir basin", "water"],
  ["natural", "sand beach", "sand"],
  ["landuse", "cemetery", "cemetery"],
  ["amenity", "grave_yard", "cemetery"],
  ["leisure", "pitch track", "pitch"],
  ["amenity", "school kindergarten college university", "school"],
  ["amenity", "hospital", "hospital"],
  ["leisure", "park garden playground dog_park nature_reserve", "park"],
  ["leisure", "golf_course", "grass"],
  ["landuse", "grass meadow village_green recreation_ground", "grass"],
  ["natural", "grassland scrub heath", "grass"],
  ["natural", "wood", "wood"],
  ["landuse", "forest", "wood"],
  ["place", "square", "square"],
  ["landuse", "industrial railway harbour port quarry", "industrial"],
];
const BY_KEY_AND_VALUE: ReadonlyMap<string, { kind: AreaKind; row: number }> = new Map(
  ROWS.flatMap(([key, values, kind], row) => values.split(" ").map((value) => [`${key}=${value}`, { kind, row }])),
);
const KEYS = [...new Set(ROWS.map(([key]) => key))];

/** What a map fills the area with; undefined for what is none of its kinds. */
export function areaKind(tags: Tags): AreaKind | undefined {
  if (tags["building"] !== undefined && tags["building"] !== "no") return "building";
  const found = KEYS.flatMap((key) => BY_KEY_AND_VALUE.get(`${key}=${tags[key] ?? ""}`) ?? []);
  const [first] = found.toSorted((a, b) => a.row - b.row);
  if (first) return first.kind;
  const isPaved = tags["highway"] === "pedestrian" || tags["highway"] === "footway";
  return isPaved && (tags["area"] === "yes" || tags["type"] === "multipolygon") ? "square" : undefined;
}
