import { STREET_CLASSES, VEHICLES, type StreetNetwork } from "#shared/domain/city/city.ts";
import { arcsOf } from "#shared/domain/router/graph/arcs.ts";
import { mainComponent } from "#shared/domain/router/graph/main-component.ts";

import { latLngE7, pathLengthM } from "./columns.ts";
import type { NameTable } from "./name-table.ts";
import type { OsmData, OsmWay } from "./osm-data.ts";
import { streetRule, type StreetRule } from "./street-rules.ts";

interface Segment {
  readonly way: OsmWay;
  readonly rule: StreetRule;
  /** Indices into the data's nodes, from crossing to crossing. */
  readonly nodes: readonly number[];
}

/**
 * The streets of the data, cut at every crossing: where ways meet, end, or meet themselves. A loop is cut once more, in its
 * middle, so that no segment ends where it begins.
 *
 * Nobody snaps onto an island: a segment is open to a vehicle only within the largest part of the network in which it gets
 * from everywhere to everywhere. What is closed to all of them stays, to be drawn.
 */
export function streetNetwork(data: OsmData, names: NameTable): StreetNetwork {
  const segments = cutAtCrossings(data);
  const { indexOf, nodes } = numbered(segments);
  const from = Uint32Array.from(segments, (each) => indexOf.get(each.nodes[0] ?? 0) ?? 0);
  const to = Uint32Array.from(segments, (each) => indexOf.get(each.nodes.at(-1) ?? 0) ?? 0);
  const shapes = segments.map((each) => each.nodes.slice(1, -1));
  const inner = shapes.flat();
  return withoutIslands({
    nodeLatE7: Int32Array.from(nodes, (node) => latLngE7(data, node)[0]),
    nodeLngE7: Int32Array.from(nodes, (node) => latLngE7(data, node)[1]),
    from,
    to,
    name: Uint32Array.from(segments, ({ way: { tags } }) => names.idOf(tags["name"] ?? tags["ref"] ?? "")),
    streetClass: Uint8Array.from(segments, (each) => STREET_CLASSES.indexOf(each.rule.streetClass)),
    maxSpeedKmh: Uint8Array.from(segments, (each) => each.rule.maxSpeedKmh),
    access: Uint8Array.from(segments, (each) => each.rule.access),
    flags: Uint8Array.from(segments, (each) => each.rule.flags),
    lengthDm: Uint32Array.from(segments, (each) => Math.max(1, Math.round(pathLengthM(data, each.nodes) * 10))),
    shapeStart: startsOf(shapes),
    shapeLatE7: Int32Array.from(inner, (node) => latLngE7(data, node)[0]),
    shapeLngE7: Int32Array.from(inner, (node) => latLngE7(data, node)[1]),
  });
}

/** Where each list begins when they are laid one after the other, and where the last ends. */
export function startsOf(lists: readonly { readonly length: number }[]): Uint32Array {
  const starts = new Uint32Array(lists.length + 1);
  for (const [index, list] of lists.entries()) starts[index + 1] = (starts[index] ?? 0) + list.length;
  return starts;
}

function cutAtCrossings(data: OsmData): Segment[] {
  const streets = data.ways.flatMap((way) => {
    const rule = streetRule(way.tags);
    return rule ? [{ way, rule }] : [];
  });
  const uses = new Uint8Array(data.latE7.length);
  const use = (node: number, times: number): void => {
    uses[node] = Math.min(2, (uses[node] ?? 0) + times);
  };
  for (const { way } of streets) {
    for (const node of way.nodes) use(node, 1);
    use(way.nodes[0] ?? 0, 1);
    use(way.nodes.at(-1) ?? 0, 1);
  }
  return streets.flatMap(({ way, rule }) =>
    cutWhere(way.nodes, (node) => uses[node] === 2).map((nodes) => ({ way, rule, nodes })),
  );
}

function cutWhere(nodes: readonly number[], isCrossing: (node: number) => boolean): (readonly number[])[] {
  const pieces: (readonly number[])[] = [];
  let begin = 0;
  for (let at = 1; at < nodes.length; at++) {
    if (!isCrossing(nodes[at] ?? 0)) continue;
    pieces.push(...cutLoop(nodes.slice(begin, at + 1)));
    begin = at;
  }
  return pieces;
}

function cutLoop(nodes: readonly number[]): (readonly number[])[] {
  if (nodes[0] !== nodes.at(-1)) return [nodes];
  const middle = nodes.length >> 1;
  return [nodes.slice(0, middle + 1), nodes.slice(middle)];
}

/** Crossings numbered in the order in which segments name them. */
function numbered(segments: readonly Segment[]): { indexOf: ReadonlyMap<number, number>; nodes: number[] } {
  const indexOf = new Map<number, number>();
  for (const { nodes } of segments) {
    for (const node of [nodes[0] ?? 0, nodes.at(-1) ?? 0]) if (!indexOf.has(node)) indexOf.set(node, indexOf.size);
  }
  return { indexOf, nodes: [...indexOf.keys()] };
}

/** Closes to each vehicle what is not of the part in which it is routed. */
function withoutIslands(streets: StreetNetwork): StreetNetwork {
  const access = streets.access.slice();
  for (const [index, vehicle] of VEHICLES.entries()) {
    const isMain = mainComponent(arcsOf(streets, vehicle));
    const isWithin = (node: number | undefined): boolean => isMain[node ?? 0] === 1;
    for (const [segment, bits] of access.entries()) {
      if (!isWithin(streets.from[segment]) || !isWithin(streets.to[segment]))
        access[segment] = bits & ~(3 << (2 * index));
    }
  }
  return { ...streets, access };
}
