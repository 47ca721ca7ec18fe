import type { OsmArea } from "./areas.ts";
import { latLngE7 } from "./columns.ts";
import type { OsmData, Tags } from "./osm-data.ts";
import { areaE7, centroidE7 } from "./rings.ts";

/** Something with tags that stands at one point, as a door or a place does. */
export interface Located {
  readonly tags: Tags;
  readonly latE7: number;
  readonly lngE7: number;
}

/** Nodes with tags, and areas at their centre; of an area in several pieces the largest. */
export function locatedOf(data: OsmData, areas: readonly OsmArea[]): Located[] {
  const points = data.points.map(({ tags, node }) => {
    const [latE7, lngE7] = latLngE7(data, node);
    return { tags, latE7, lngE7 };
  });
  const largest = new Map<string, { area: OsmArea; size: number }>();
  for (const area of areas) {
    if (Object.keys(area.tags).length === 0) continue;
    const size = areaE7(data, area.outer);
    const key = `${area.tags["type"] === "multipolygon" ? "relation" : "way"} ${area.id}`;
    if (size > (largest.get(key)?.size ?? -1)) largest.set(key, { area, size });
  }
  const centres = [...largest.values()].map(({ area: { tags, outer } }) => {
    const { lat, lng } = centroidE7(data, outer);
    return { tags, latE7: lat, lngE7: lng };
  });
  return [...points, ...centres];
}
