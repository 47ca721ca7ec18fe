import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { Refusal } from "#shared/contracts/errors.ts";
import { MAP_VERSION, MAP_ZOOM, type MarketMap } from "#shared/contracts/map.ts";
import type { City, CityMeta } from "#shared/domain/city/city.ts";

import { indexCity, type CityIndex } from "./city-index.ts";
import { makeTile } from "./make-tile.ts";
import { makeByteCache } from "../byte-cache.ts";
import { tileAt, type TilePlace } from "./web-mercator.ts";

const zip = promisify(gzip);

/** A tile as it is sent. */
export interface SentTile {
  /** gzip over a Mapbox Vector Tile; undefined where nothing is drawn. */
  readonly body: Buffer | undefined;
  /** Says what is in it, without quotation marks. */
  readonly etag: string;
  readonly sizeBytes: number;
}

export interface Tiles {
  /** @throws {Refusal} `route.not-found` where there is no tile; `hub.overloaded` when too many wait to be made */
  tile(cityId: string, place: TilePlace): Promise<SentTile>;
}

export interface TilesOptions {
  /** Of tiles kept ready. */
  readonly cacheBytes?: number;
  /** Tiles that may wait to be made. */
  readonly waiting?: number;
}

/** What a tile weighs in memory beside its body. */
const ENTRY_BYTES = 200;

/**
 * Makes the tiles of cities and keeps those used last. One is made at a time, and between two the process does other
 * things; who asks for one that is being made gets the same. [MAP3-MAP5]
 */
export function makeTiles(
  cities: readonly City[],
  { cacheBytes = 32 * 1024 * 1024, waiting = 256 }: TilesOptions = {},
): Tiles {
  // At once: later it would hold up the first who look at a map.
  const indexes = new Map(cities.map((city) => [city.meta.id, indexCity(city)]));
  const cache = makeByteCache<SentTile>(cacheBytes);
  const making = new Map<string, Promise<SentTile>>();
  let last: Promise<unknown> = Promise.resolve();

  const make = async (index: CityIndex, place: TilePlace): Promise<SentTile> => {
    await nextTurn();
    const bytes = makeTile(index, place);
    if (!bytes) return { body: undefined, etag: "empty", sizeBytes: ENTRY_BYTES };
    const body = await zip(bytes);
    const etag = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
    return { body, etag, sizeBytes: body.length + ENTRY_BYTES };
  };
  /** After those that wait already. */
  const makeInTurn = (key: string, index: CityIndex, place: TilePlace): Promise<SentTile> => {
    if (making.size >= waiting) throw new Refusal("hub.overloaded", "too many tiles wait to be made; try again");
    const made = last.then(() => make(index, place));
    making.set(key, made);
    last = made.then(
      (tile) => cache.put(key, tile),
      () => {},
    );
    return made.finally(() => making.delete(key));
  };

  return {
    async tile(cityId, place) {
      const index = indexes.get(cityId);
      if (!index) throw new Refusal("route.not-found", "no map of this city is served here");
      if (!isCovered(index.city.meta, place))
        throw new Refusal("route.not-found", "this tile is not on the city's map");
      const key = `${cityId}/${place.z}/${place.x}/${place.y}`;
      return cache.get(key) ?? making.get(key) ?? makeInTurn(key, index, place);
    },
  };
}

/** What clients are told of a city's map. [MAP1] */
export function mapOf({ id, southWest, northEast, attribution, licence }: CityMeta): MarketMap {
  return {
    tiles: `/v1/maps/${encodeURIComponent(id)}/${MAP_VERSION}/{z}/{x}/{y}.mvt`,
    minZoom: MAP_ZOOM.min,
    maxZoom: MAP_ZOOM.max,
    southWest,
    northEast,
    attribution,
    licence,
  };
}

/** Whether the tile is of a zoom that is made and touches the city's frame. */
function isCovered({ southWest, northEast }: CityMeta, { z, x, y }: TilePlace): boolean {
  if (z < MAP_ZOOM.min || z > MAP_ZOOM.max) return false;
  const [lowest, highest] = [tileAt(southWest, z), tileAt(northEast, z)];
  return x >= lowest.x && x <= highest.x && y >= highest.y && y <= lowest.y;
}
