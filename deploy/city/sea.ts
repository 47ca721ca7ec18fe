import type { OsmArea } from "./areas.ts";
import { clipLine, type XY } from "./clip.ts";
import { latLngE7, type NodeColumns } from "./columns.ts";
import type { FrameE7, OsmData, OsmWay, Tags } from "./osm-data.ts";
import { contains, joinLines } from "./rings.ts";
import { closedAlongFrame } from "./sea-rings.ts";

export interface Sea {
  /** The data's nodes, and behind them those of the sea. */
  readonly columns: NodeColumns;
  readonly areas: readonly OsmArea[];
}

/** How many nodes of streets are asked on which side of a shore they lie. */
const WITNESSES = 400;

/**
 * The sea within the frame. OpenStreetMap has no area for it, only coastlines with the land at their left: they are cut at
 * the frame, and the water at their right is closed along its edge. Islands are holes.
 *
 * Of a wide river mouth whose outline is a relation, tiles hold but its nameless lines. Those of which mappers note that
 * they are no coastline are taken for one; as they run either way, the side with fewer streets is the water.
 */
export function seaOf(data: OsmData, frame: FrameE7, areas: readonly OsmArea[]): Sea {
  const coast = joinLines(linesOf(data, (tags) => tags["natural"] === "coastline"));
  const banks = joinLines(linesOf(data, isNotedBank)).map((line) => landAtLeft(data, line, frame));
  const nodes = new SeaNodes(data);
  const rings = [...coast, ...banks].flatMap((line) =>
    clipLine(
      line.map((node) => xyOf(data, node)),
      boxOf(frame),
    ),
  );
  const islands = areas.filter(({ tags }) => tags["place"] === "islet" || tags["place"] === "island");
  const shore = closedAlongFrame(rings, boxOf(frame));
  const waters = shore.waters.map((ring) => nodes.add(ring));
  const lands = [...shore.lands.map((ring) => nodes.add(ring)), ...islands.map((island) => island.outer)];
  const columns = nodes.columns();
  return {
    columns,
    areas: waters.map((outer, index) => ({
      id: index,
      tags: { place: "sea" },
      outer,
      holes: lands.filter(([first]) => first !== undefined && contains(columns, outer, first)),
    })),
  };
}

function linesOf(data: OsmData, isWanted: (tags: Tags) => boolean): OsmWay["nodes"][] {
  return data.ways.filter((way) => isWanted(way.tags)).map((way) => way.nodes);
}

/** A line without any tag that says what it is, but with a note about the coastline. */
function isNotedBank(tags: Tags): boolean {
  if (!/coastline/iu.test(tags["note"] ?? "")) return false;
  return Object.keys(tags).every((key) => /^(@|note|source|fixme|created_by)/u.test(key));
}

/** The line, turned round when it has more streets at its right than at its left. */
function landAtLeft(data: OsmData, line: readonly number[], frame: FrameE7): number[] {
  const box = boxOf(frame);
  const pieces = clipLine(
    line.map((node) => xyOf(data, node)),
    box,
  );
  const nodes = new SeaNodes(data);
  const waters = closedAlongFrame(pieces, box).waters.map((ring) => nodes.add(ring));
  const columns = nodes.columns();
  const streets = data.ways.filter((way) => way.tags["highway"] !== undefined);
  const step = Math.ceil(streets.length / WITNESSES);
  const witnesses = streets.filter((_, index) => index % step === 0).map((way) => way.nodes[0] ?? 0);
  const wet = witnesses.filter((node) => waters.some((ring) => contains(columns, ring, node)));
  return wet.length * 2 > witnesses.length ? line.toReversed() : [...line];
}

function xyOf(columns: NodeColumns, node: number): XY {
  const [y, x] = latLngE7(columns, node);
  return { x, y };
}

function boxOf({ south, west, north, east }: FrameE7): { min: XY; max: XY } {
  return { min: { x: west, y: south }, max: { x: east, y: north } };
}

/** Nodes that only the sea has: where it meets the frame, and the frame's corners. */
class SeaNodes {
  readonly #data: NodeColumns;
  readonly #lat: number[] = [];
  readonly #lng: number[] = [];

  constructor(data: NodeColumns) {
    this.#data = data;
  }

  add(ring: readonly XY[]): number[] {
    return ring.map(({ x, y }) => {
      this.#lng.push(x);
      return this.#data.latE7.length + this.#lat.push(y) - 1;
    });
  }

  columns(): NodeColumns {
    const joined = (first: Int32Array, then: readonly number[]): Int32Array => {
      const all = new Int32Array(first.length + then.length);
      all.set(first);
      all.set(then, first.length);
      return all;
    };
    return { latE7: joined(this.#data.latE7, this.#lat), lngE7: joined(this.#data.lngE7, this.#lng) };
  }
}
