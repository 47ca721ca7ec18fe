import { basename } from "node:path";
import { gzipSync } from "node:zlib";

import { encodeCity } from "#shared/domain/city/city-file.ts";
import { VEHICLES, type ArraysByName, type Vehicle } from "#shared/domain/city/city.ts";
import { prepareHierarchy } from "#shared/domain/router/graph/hierarchy.ts";

import { writeWhole } from "../local/write-whole.ts";
import { makeCity, sealed, type MadeCity } from "./make-city.ts";
import type { Progress } from "./progress.ts";
import { readOsm } from "./read-osm.ts";

export interface ImportOrder {
  /** Extracts, or tiles, or a folder of tiles. */
  readonly inputs: readonly string[];
  readonly name: string;
  /** Where the city goes, named "*.city.gz". */
  readonly out: string;
  /** How the file says what it was made from; the inputs' base names when it is not given. */
  readonly source?: string;
}

/**
 * Makes a city file. The file appears whole or not at all.
 *
 * @throws {ImportError} when the input cannot be used
 */
export async function importCity(order: ImportOrder, progress: Progress): Promise<MadeCity> {
  const source = order.source ?? order.inputs.map((each) => basename(each)).join(", ");
  const data = await readOsm(order.inputs, (file, share) => progress.during(`reading ${file}`, share));
  const made = makeCity(data, { name: order.name, source }, (doing) => progress.during(doing));
  const hierarchies: Partial<Record<Vehicle, ArraysByName>> = {};
  for (const vehicle of VEHICLES) {
    progress.during(`preparing the router for ${vehicle}`);
    hierarchies[vehicle] = prepareHierarchy(made.city.streets, vehicle);
  }
  const city = sealed({ ...made.city, hierarchies });
  progress.during(`writing ${basename(order.out)}`);
  writeWhole(order.out, gzipSync(encodeCity(city)));
  progress.done();
  return { ...made, city };
}
