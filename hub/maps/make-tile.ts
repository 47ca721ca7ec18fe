import type { Feature } from "geojson";
import GeoJsonVt, { type LegacyTile } from "geojson-vt";
import vtPbf from "vt-pbf";

import { MAP_ZOOM } from "#shared/contracts/map.ts";

import type { CityIndex } from "./city-index.ts";
import { featuresIn } from "./tile-features.ts";
import { tileBox, type TilePlace } from "./web-mercator.ts";

/** Units across a tile. */
const EXTENT = 4096;
/** What is drawn beyond a tile's edge, so that lines have no ends and labels no halves there; units. */
const BUFFER = 80;
/** How far a line may be off after simplification, units. */
const TOLERANCE = 3;

/**
 * One Mapbox Vector Tile (version 2) with the layers of MAP_LAYERS. The same city makes the same bytes. [MAP2]
 *
 * @returns undefined where nothing is drawn
 */
export function makeTile(index: CityIndex, place: TilePlace): Uint8Array | undefined {
  const features = featuresIn(index, tileBox(place, BUFFER / EXTENT), place.z);
  const layers: Record<string, LegacyTile> = {};
  for (const [layer, found] of Object.entries(features)) {
    const tile = cut(found, place);
    if (tile && tile.features.length > 0) layers[layer] = tile;
  }
  if (Object.keys(layers).length === 0) return undefined;
  return vtPbf.fromGeojsonVt(layers, { version: 2, extent: EXTENT });
}

/** Simplified and clipped to the tile. Only what touches it is given, so the pyramid above it costs next to nothing. */
function cut(features: Feature[], { z, x, y }: TilePlace): LegacyTile | null {
  if (features.length === 0) return null;
  const pyramid = new GeoJsonVt(
    { type: "FeatureCollection", features },
    { maxZoom: MAP_ZOOM.max, indexMaxZoom: 0, extent: EXTENT, buffer: BUFFER, tolerance: TOLERANCE },
  );
  return pyramid.getTile(z, x, y);
}
