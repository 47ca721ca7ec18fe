import type { Tags } from "./osm-data.ts";

const KM_PER_MILE = 1.609344;
const FASTEST_KMH = 150;
const WALK_KMH = 6;
/** In towns, where the country is not named below: the limit of most. */
const URBAN_KMH = 50;
const LIVING_STREET_KMH = 20;
/** Where towns have another limit. Uruguay: as signed in Montevideo's data; United Kingdom: Highway Code, rule 124 (30 mph). */
const URBAN_KMH_IN: Readonly<Record<string, number>> = { UY: 45, GB: 48, UK: 48 };

/** Where a limit may stand, and where only the name of a zone is looked for ("source:maxspeed" also holds web addresses). */
const LIMIT_KEYS = ["maxspeed", "maxspeed:forward", "maxspeed:backward"] as const;
const ZONE_KEYS = ["zone:maxspeed", "maxspeed:type", "source:maxspeed"] as const;

/** The signed limit, km/h; 0 when the tags tell none ("none", "signals", a zone whose limit differs by country). */
export function maxSpeedKmh(tags: Tags): number {
  for (const key of LIMIT_KEYS) {
    const found = limitKmh(tags[key] ?? "") || zoneKmh(tags[key] ?? "");
    if (found > 0) return found;
  }
  for (const key of ZONE_KEYS) {
    const found = zoneKmh(tags[key] ?? "");
    if (found > 0) return found;
  }
  return 0;
}

function limitKmh(value: string): number {
  if (value === "walk") return WALK_KMH;
  const [, digits = "", unit = ""] =
    /^(\d+(?:\.\d+)?)\s*(mph|km\/h|kmh|kph)?(?:\s*[;,|].*)?$/u.exec(value.trim()) ?? [];
  if (digits === "") return 0;
  const kmh = Math.round(Number(digits) * (unit === "mph" ? KM_PER_MILE : 1));
  return kmh > FASTEST_KMH ? 0 : kmh;
}

/** "UY:urban", "DE:zone30", "FR:zone:30", "IT:living_street". */
function zoneKmh(value: string): number {
  const [, country = "", zone = ""] = /^([A-Z]{2}):([\w:]+)$/u.exec(value) ?? [];
  const [, limit] = /^zone:?(\d+)$/u.exec(zone) ?? [];
  if (limit !== undefined) return limitKmh(limit);
  if (zone === "urban") return URBAN_KMH_IN[country] ?? URBAN_KMH;
  return zone === "living_street" ? LIVING_STREET_KMH : 0;
}
