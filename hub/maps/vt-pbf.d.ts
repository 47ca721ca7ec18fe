/** The package brings no types; this is what is used of it. */
declare module "vt-pbf" {
  import type { LegacyTile } from "geojson-vt";

  const vtPbf: {
    /** Tiles of geojson-vt by layer, as one Mapbox Vector Tile. */
    fromGeojsonVt(
      layers: Readonly<Record<string, LegacyTile>>,
      options: { version: number; extent: number },
    ): Uint8Array;
  };
  export default vtPbf;
}
