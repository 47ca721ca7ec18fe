import { AREA_KINDS, type AreaTable } from "#shared/domain/city/city.ts";

import { areaKind } from "./area-kinds.ts";
import { latLngE7, type NodeColumns } from "./columns.ts";
import type { NameTable } from "./name-table.ts";
import { isClosed, type OsmData, type OsmRelation, type Tags } from "./osm-data.ts";
import { areaE7, contains, joinRings } from "./rings.ts";
import { startsOf } from "./street-network.ts";

/** A polygon of the data; each ring is closed, without its first node again at its end. */
export interface OsmArea {
  readonly id: number;
  readonly tags: Tags;
  readonly outer: readonly number[];
  readonly holes: readonly (readonly number[])[];
}

/** Every closed way and every multipolygon of which a whole outer ring is there, whatever it is. */
export function areasOf(data: OsmData): OsmArea[] {
  const closed = data.ways.filter((way) => isClosed(way.nodes));
  const ofWays = closed.map(({ id, tags, nodes }) => ({ id, tags, outer: nodes.slice(0, -1), holes: [] }));
  const waysById = new Map<number, (readonly number[])[]>();
  for (const { id, nodes } of data.ways) waysById.set(id, [...(waysById.get(id) ?? []), nodes]);
  return [...ofWays, ...data.relations.flatMap((relation) => ofRelation(data, relation, waysById))];
}

function ofRelation(
  columns: NodeColumns,
  { id, tags, members }: OsmRelation,
  waysById: ReadonlyMap<number, readonly (readonly number[])[]>,
): OsmArea[] {
  const linesOf = (isInner: boolean): (readonly number[])[] =>
    members.filter(({ role }) => (role === "inner") === isInner).flatMap(({ way }) => waysById.get(way) ?? []);
  const inner = joinRings(linesOf(true));
  return joinRings(linesOf(false)).map((outer) => ({
    id,
    tags,
    outer,
    holes: inner.filter(([first]) => first !== undefined && contains(columns, outer, first)),
  }));
}

/** What a map fills, in the order in which it is drawn: by kind, the large ones first. */
export function areaTable(columns: NodeColumns, areas: readonly OsmArea[], names: NameTable): AreaTable {
  const drawn = areas
    .flatMap((area) => {
      const kind = areaKind(area.tags);
      return kind === undefined ? [] : [{ ...area, kind: AREA_KINDS.indexOf(kind), size: areaE7(columns, area.outer) }];
    })
    .toSorted((a, b) => a.kind - b.kind || b.size - a.size);
  const ringsOf = drawn.map(({ outer, holes }) => [outer, ...holes]);
  const rings = ringsOf.flat();
  const points = rings.flat();
  return {
    kind: Uint8Array.from(drawn, (area) => area.kind),
    name: Uint32Array.from(drawn, (area) => names.idOf(area.tags["name"] ?? "")),
    firstRing: startsOf(ringsOf),
    ringStart: startsOf(rings),
    latE7: Int32Array.from(points, (node) => latLngE7(columns, node)[0]),
    lngE7: Int32Array.from(points, (node) => latLngE7(columns, node)[1]),
  };
}
