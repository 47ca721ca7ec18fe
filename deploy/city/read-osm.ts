import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import { collectOsm } from "./osm-collector.ts";
import { ImportError, type OsmData } from "./osm-data.ts";
import { readPbf } from "./read-pbf.ts";
import { readTiles, TILE_FILE } from "./read-tiles.ts";
import { readXml } from "./read-xml.ts";

const XML_FILE = /\.osm(\.gz)?$|\.xml(\.gz)?$/u;
const PBF_FILE = /\.pbf$/u;

/** @param share of all bytes that are read, 0 to 1 */
export type OnRead = (file: string, share: number) => void;

/**
 * Reads OpenStreetMap extracts (.osm, .osm.gz, .osm.pbf) or OSM-QA vector tiles (.mvt, or a folder of them).
 *
 * @throws {ImportError} that says which file, line, block or tile cannot be used
 */
export async function readOsm(inputs: readonly string[], onRead: OnRead): Promise<OsmData> {
  const files = inputs.flatMap(filesOf);
  const tiles = files.filter((file) => TILE_FILE.test(basename(file)) || file.endsWith(".mvt"));
  const total = files.reduce((sum, file) => sum + statSync(file).size, 0);
  if (tiles.length === files.length) {
    return readTiles(files, (done) => onRead(`${files.length} tiles`, total === 0 ? 1 : done / total));
  }
  if (tiles.length > 0) throw new ImportError("Give tiles or extracts, not both: they do not name their nodes alike.");
  const collector = collectOsm();
  let before = 0;
  for (const file of files) {
    const read = PBF_FILE.test(file) ? readPbf : readXml;
    await read(file, collector, (done) => onRead(basename(file), (before + done) / total));
    before += statSync(file).size;
  }
  return collector.finish();
}

/** The files that an input names: itself, or the tiles of a folder. */
function filesOf(input: string): string[] {
  if (!existsSync(input))
    throw new ImportError(`${input} is not there: give an OpenStreetMap extract or a folder of tiles.`);
  if (statSync(input).isDirectory()) {
    const tiles = readdirSync(input).filter((name) => TILE_FILE.test(name));
    if (tiles.length === 0) throw new ImportError(`${input} holds no tiles named ZOOM-COLUMN-ROW.mvt.`);
    return tiles.toSorted().map((name) => join(input, name));
  }
  if (statSync(input).size === 0) throw new ImportError(`${input} is empty: fetch it again.`);
  if (XML_FILE.test(input) || PBF_FILE.test(input) || input.endsWith(".mvt")) return [input];
  throw new ImportError(`${input} is of no kind that can be read: give .osm, .osm.gz, .osm.pbf or .mvt.`);
}
