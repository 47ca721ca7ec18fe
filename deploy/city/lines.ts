import { LINE_KINDS, type LineTable } from "#shared/domain/city/city.ts";

import { latLngE7 } from "./columns.ts";
import type { NameTable } from "./name-table.ts";
import type { OsmData, Tags } from "./osm-data.ts";
import { startsOf } from "./street-network.ts";

const RAILS = new Set(["rail", "light_rail", "tram", "narrow_gauge", "subway", "funicular", "monorail"]);
const WATERWAYS = new Set(["river", "stream", "canal", "drain", "ditch"]);

function lineKind(tags: Tags): (typeof LINE_KINDS)[number] | undefined {
  // What runs underground is not seen.
  if (tags["tunnel"] !== undefined && tags["tunnel"] !== "no") return undefined;
  if (RAILS.has(tags["railway"] ?? "")) return "rail";
  return WATERWAYS.has(tags["waterway"] ?? "") ? "waterway" : undefined;
}

/** Rails and water that are drawn as lines. */
export function lineTable(data: OsmData, names: NameTable): LineTable {
  const drawn = data.ways.flatMap((way) => {
    const kind = lineKind(way.tags);
    return kind === undefined ? [] : [{ ...way, kind: LINE_KINDS.indexOf(kind) }];
  });
  const points = drawn.flatMap((way) => way.nodes);
  return {
    kind: Uint8Array.from(drawn, (way) => way.kind),
    name: Uint32Array.from(drawn, (way) => names.idOf(way.tags["name"] ?? "")),
    pointStart: startsOf(drawn.map((way) => way.nodes)),
    latE7: Int32Array.from(points, (node) => latLngE7(data, node)[0]),
    lngE7: Int32Array.from(points, (node) => latLngE7(data, node)[1]),
  };
}
