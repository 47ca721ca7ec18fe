import { E7 } from "#shared/domain/city/city.ts";

import { frameAround, type FrameE7, type OsmData, type OsmMember, type OsmPoint, type Tags } from "./osm-data.ts";

/** What an extract holds, as it comes out of XML or PBF. */
export interface Collector {
  /** @throws {RangeError} when the coordinates are none */
  node(id: number, lat: number, lng: number, tags: Tags | undefined): void;
  way(id: number, refs: readonly number[], tags: Tags): void;
  relation(id: number, members: readonly OsmMember[], tags: Tags): void;
  frame(frame: FrameE7): void;
  finish(): OsmData;
}

const KEPT_RELATIONS = new Set(["multipolygon", "boundary"]);

/**
 * Collects one extract or several: what stands in two of them counts once, the first. References are resolved at the end,
 * in whatever order nodes and ways came. A way loses the nodes that no file holds and is cut there, as a gap is no street.
 */
export function collectOsm(): Collector {
  const nodes = new NodeColumns();
  const tagged = new Map<number, Tags>();
  const ways = new Map<number, { refs: readonly number[]; tags: Tags }>();
  const relations = new Map<number, { members: readonly OsmMember[]; tags: Tags }>();
  let frame: FrameE7 | null = null;
  return {
    node(id, lat, lng, tags) {
      if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) {
        throw new RangeError(`node ${id} has no usable coordinates (lat ${lat}, lon ${lng})`);
      }
      nodes.add(id, lat, lng);
      if (tags && !tagged.has(id)) tagged.set(id, tags);
    },
    way(id, refs, tags) {
      if (!ways.has(id)) ways.set(id, { refs, tags });
    },
    relation(id, members, tags) {
      if (!relations.has(id) && KEPT_RELATIONS.has(tags["type"] ?? "")) relations.set(id, { members, tags });
    },
    frame(given) {
      frame = frameAround(frame, given);
    },
    finish() {
      const { ids, latE7, lngE7 } = nodes.sorted();
      const indexOf = (id: number): number => binarySearch(ids, id);
      const points: OsmPoint[] = [];
      for (const [id, tags] of tagged) points.push({ tags, node: indexOf(id) });
      points.sort((a, b) => a.node - b.node);
      return {
        latE7,
        lngE7,
        points,
        ways: [...byId(ways)].flatMap(([id, { refs, tags }]) =>
          piecesOf(refs.map(indexOf)).map((piece) => ({ id, tags, nodes: piece })),
        ),
        relations: [...byId(relations)].map(([id, { members, tags }]) => ({ id, tags, members })),
        frame,
      };
    },
  };
}

function byId<T>(map: ReadonlyMap<number, T>): [number, T][] {
  return [...map].toSorted(([a], [b]) => a - b);
}

/** The runs of nodes that are there, of two or more; -1 is a node that is not. */
function piecesOf(nodes: readonly number[]): number[][] {
  const pieces: number[][] = [[]];
  for (const node of nodes) {
    if (node < 0) pieces.push([]);
    else if (pieces.at(-1)?.at(-1) !== node) pieces.at(-1)?.push(node);
  }
  return pieces.filter((piece) => piece.length > 1);
}

/** Columns that grow: an extract has millions of nodes, more than a Map may hold. */
class NodeColumns {
  #ids = new Float64Array(1024);
  #lat = new Int32Array(1024);
  #lng = new Int32Array(1024);
  #length = 0;

  add(id: number, lat: number, lng: number): void {
    if (this.#length === this.#ids.length) this.#grow();
    this.#ids[this.#length] = id;
    this.#lat[this.#length] = Math.round(lat * E7);
    this.#lng[this.#length] = Math.round(lng * E7);
    this.#length += 1;
  }

  /** By id, each once. */
  sorted(): { ids: Float64Array; latE7: Int32Array; lngE7: Int32Array } {
    const order = new Uint32Array(this.#length).map((_, index) => index);
    order.sort((a, b) => (this.#ids[a] ?? 0) - (this.#ids[b] ?? 0) || a - b);
    const once = order.filter((each, index) => index === 0 || this.#ids[each] !== this.#ids[order[index - 1] ?? 0]);
    return {
      ids: Float64Array.from(once, (each) => this.#ids[each] ?? 0),
      latE7: Int32Array.from(once, (each) => this.#lat[each] ?? 0),
      lngE7: Int32Array.from(once, (each) => this.#lng[each] ?? 0),
    };
  }

  #grow(): void {
    const size = this.#ids.length * 2;
    const [ids, lat, lng] = [new Float64Array(size), new Int32Array(size), new Int32Array(size)];
    ids.set(this.#ids);
    lat.set(this.#lat);
    lng.set(this.#lng);
    [this.#ids, this.#lat, this.#lng] = [ids, lat, lng];
  }
}

/** Where the number stands in the ascending column; -1 when it does not. */
function binarySearch(column: Float64Array, wanted: number): number {
  let low = 0;
  let high = column.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = column[middle] ?? 0;
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
