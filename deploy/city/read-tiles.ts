import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";

import { classifyRings, VectorTile, type VectorTileFeature } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";

import { E7 } from "#shared/domain/city/city.ts";

import { clipLine, clipRing, type Box, type XY } from "./clip.ts";
import {
  frameAround,
  ImportError,
  type FrameE7,
  type OnProgress,
  type OsmData,
  type OsmPoint,
  type OsmRelation,
  type OsmWay,
  type Tags,
} from "./osm-data.ts";

/** "12-1407-2471.mvt": zoom, column, row. */
export const TILE_FILE = /^(\d+)-(\d+)-(\d+)\.mvt$/u;

/** Neighbours cut a line where it leaves them, each in its own whole numbers: there this much of a degree is one place. */
const EDGE_E7 = E7 / 1e5;
const [POINT, LINE] = [1, 2];
const DEEPEST_ZOOM = 24;

interface Tile {
  readonly name: string;
  readonly zoom: number;
  readonly column: number;
  readonly row: number;
}

/**
 * Reads OSM-QA vector tiles: features with all tags of OpenStreetMap, "@id" and "@type" among them. Points are one node when
 * they are one place: exactly within a tile, to 1e-5 degrees on its edges, where what was cut is joined again. What stands
 * in a tile's margin is the neighbour's.
 *
 * @throws {ImportError} "tile 12-1407-2471: what is wrong"
 */
export function readTiles(files: readonly string[], onProgress: OnProgress): OsmData {
  const collected = new TileCollector();
  let doneBytes = 0;
  for (const file of files) {
    const tile = tileOf(file);
    try {
      const bytes = readFileSync(file);
      doneBytes += bytes.length;
      readTile(bytes, tile, collected);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new ImportError(`tile ${tile.name}: ${words}`, { cause: error });
    }
    onProgress(doneBytes);
  }
  return collected.finish();
}

function tileOf(file: string): Tile {
  const name = basename(file);
  const [zoom = -1, column = -1, row = -1] = (TILE_FILE.exec(name) ?? []).slice(1).map(Number);
  const side = 2 ** zoom;
  if (zoom < 0 || zoom > DEEPEST_ZOOM || column >= side || row >= side) {
    throw new ImportError(`${name}: no tile has this name; call it ZOOM-COLUMN-ROW.mvt, as 12-1407-2471.mvt`);
  }
  return { name: name.replace(/\.mvt$/u, ""), zoom, column, row };
}

function readTile(bytes: Buffer, tile: Tile, into: TileCollector): void {
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const { layers } = new VectorTile(new PbfReader(gzipped ? gunzipSync(bytes) : bytes));
  if (Object.keys(layers).length === 0) throw new Error("it holds no layer: it is empty or no vector tile");
  into.cover(frameOf(tile));
  for (const [layerName, layer] of Object.entries(layers)) {
    for (let index = 0; index < layer.length; index++) {
      const feature = layer.feature(index);
      const id = Number(feature.properties["@id"]);
      if (!Number.isSafeInteger(id)) {
        throw new Error(
          `feature ${index} of layer "${layerName}" has no "@id": only OSM-QA tiles hold what a city needs`,
        );
      }
      into.feature(feature, id, tile);
    }
  }
}

function frameOf({ zoom, column, row }: Tile): FrameE7 {
  const [northWest, southEast] = [placeE7(column, row, zoom), placeE7(column + 1, row + 1, zoom)];
  return { south: southEast.lat, west: northWest.lng, north: northWest.lat, east: southEast.lng };
}

/** Web Mercator backwards; `x` and `y` in tiles from the north-west (EPSG:3857 as in the Slippy map tilenames). */
function placeE7(x: number, y: number, zoom: number): { lat: number; lng: number } {
  const side = 2 ** zoom;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / side))) * 180) / Math.PI;
  return { lat: Math.round(lat * E7), lng: Math.round(((x / side) * 360 - 180) * E7) };
}

class TileCollector {
  readonly #lat: number[] = [];
  readonly #lng: number[] = [];
  readonly #nodeAt = new Map<string, number>();
  readonly #points: OsmPoint[] = [];
  readonly #pointIds = new Set<number>();
  readonly #ways: OsmWay[] = [];
  readonly #relations: OsmRelation[] = [];
  #frame: FrameE7 | null = null;
  /** Rings of relations become ways without an id of their own. */
  #nextRing = -1;

  cover(frame: FrameE7): void {
    this.#frame = frameAround(this.#frame, frame);
  }

  feature(feature: VectorTileFeature, id: number, tile: Tile): void {
    const tags = tagsOf(feature);
    const { extent } = feature;
    const parts = feature.loadGeometry();
    if (feature.type === POINT) this.#point(id, parts.flat(), extent, tile, tags);
    else if (feature.type === LINE) {
      for (const line of parts.flatMap((part) => clipLine(part, boxOf(extent))))
        this.#way(id, line, extent, tile, tags);
    } else if (feature.properties["@type"] === "relation") this.#relation(id, parts, extent, tile, tags);
    else {
      for (const ring of parts) this.#ring(id, ring, extent, tile, tags);
    }
  }

  finish(): OsmData {
    return {
      latE7: Int32Array.from(this.#lat),
      lngE7: Int32Array.from(this.#lng),
      points: this.#points,
      ways: this.#ways,
      relations: this.#relations,
      frame: this.#frame,
    };
  }

  #point(id: number, parts: readonly XY[], extent: number, tile: Tile, tags: Tags): void {
    const [point] = parts;
    if (!point || this.#pointIds.has(id) || !isWithin(point, extent)) return;
    this.#pointIds.add(id);
    const { lat, lng } = placeE7(tile.column + point.x / extent, tile.row + point.y / extent, tile.zoom);
    this.#points.push({ tags, node: this.#add(lat, lng) });
  }

  #way(id: number, line: readonly XY[], extent: number, tile: Tile, tags: Tags): void {
    const nodes = line.map((point) => this.#node(point, extent, tile));
    const once = nodes.filter((node, index) => node !== nodes[index - 1]);
    if (once.length > 1) this.#ways.push({ id, tags, nodes: once });
  }

  #ring(id: number, ring: readonly XY[], extent: number, tile: Tile, tags: Tags): boolean {
    const open = clipRing(ring.slice(0, -1), boxOf(extent));
    const [first] = open;
    if (!first) return false;
    this.#way(id, [...open, first], extent, tile, tags);
    return true;
  }

  #relation(id: number, parts: Parameters<typeof classifyRings>[0], extent: number, tile: Tile, tags: Tags): void {
    for (const polygon of classifyRings(parts)) {
      const members = polygon.flatMap((ring, index) => {
        const way = this.#nextRing--;
        return this.#ring(way, ring, extent, tile, {}) ? [{ way, role: index === 0 ? "outer" : "inner" }] : [];
      });
      this.#relations.push({ id, tags: { ...tags, type: "multipolygon" }, members });
    }
  }

  #node(point: XY, extent: number, { zoom, column, row }: Tile): number {
    let { lat, lng } = placeE7(column + point.x / extent, row + point.y / extent, zoom);
    if (point.x <= 0 || point.x >= extent) lat = Math.round(lat / EDGE_E7) * EDGE_E7;
    if (point.y <= 0 || point.y >= extent) lng = Math.round(lng / EDGE_E7) * EDGE_E7;
    const key = `${lat},${lng}`;
    const known = this.#nodeAt.get(key);
    if (known !== undefined) return known;
    this.#nodeAt.set(key, this.#lat.length);
    return this.#add(lat, lng);
  }

  #add(lat: number, lng: number): number {
    this.#lng.push(lng);
    return this.#lat.push(lat) - 1;
  }
}

/** A tile without its margin. */
function boxOf(extent: number): Box {
  return { min: { x: 0, y: 0 }, max: { x: extent, y: extent } };
}

function isWithin({ x, y }: XY, extent: number): boolean {
  return x >= 0 && y >= 0 && x <= extent && y <= extent;
}

/** The feature's own object: what begins with "@" tells about the element, and is no key that anybody asks for. */
function tagsOf({ properties }: VectorTileFeature): Tags {
  for (const [key, value] of Object.entries(properties)) if (typeof value !== "string") properties[key] = String(value);
  return properties as Tags; // Cast: every value is a string now.
}
