/**
 * `npm run city:import`: OpenStreetMap to a city file.
 *
 *   npm run city:import -- my-town.osm.pbf --name "My Town" --out cities/my-town.city.gz
 *   npm run city:import -- --demo montevideo --out cities/montevideo.city.gz
 */
import { statSync } from "node:fs";
import { parseArgs } from "node:util";

import { DEMO_CITIES, isDemoCity } from "./demo-cities.ts";
import { importCity, type ImportOrder } from "./import-city.ts";
import { ImportError } from "./osm-data.ts";
import { progressOn } from "./progress.ts";
import { importReport } from "./report.ts";

const USAGE = `Say what to import, its name and where the city goes:
  npm run city:import -- FILE [FILE…] --name NAME --out FILE.city.gz
  npm run city:import -- --demo ${Object.keys(DEMO_CITIES).join("|")} --out FILE.city.gz
FILE is an OpenStreetMap extract (.osm, .osm.gz, .osm.pbf), or OSM-QA tiles (ZOOM-COLUMN-ROW.mvt), or a folder of those.`;

try {
  const order = orderOf(process.argv.slice(2));
  const made = await importCity(
    order,
    progressOn(process.stderr, () => performance.now()),
  );
  const { meta } = made.city;
  const megabytes = (statSync(order.out).size / 1e6).toFixed(1);
  process.stdout.write(
    `\n${importReport(made)}\n\n${order.out}: ${meta.name}, ${megabytes} MB, id ${meta.id}\n` +
      `Map data ${meta.attribution}, ${meta.licence} (opendatacommons.org/licenses/odbl). The notice is kept in the file and\n` +
      `has to be shown on every map; whoever passes the file on has to do so under the same licence.\n`,
  );
} catch (error) {
  const isExpected = error instanceof ImportError;
  process.stderr.write(`\n${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}

/** @throws {ImportError} that says how the command is used */
function orderOf(args: string[]): ImportOrder {
  const { values, positionals } = parsed(args);
  const { demo, name, out = "" } = values;
  if (!out.endsWith(".city.gz")) throw new ImportError(`--out has to name a file *.city.gz.\n${USAGE}`);
  if (demo !== undefined) return { ...demoOf(demo, positionals), out };
  if (positionals.length === 0 || name === undefined || name.trim() === "") throw new ImportError(USAGE);
  return { inputs: positionals, name, out };
}

function demoOf(demo: string, files: readonly string[]): Omit<ImportOrder, "out"> {
  if (!isDemoCity(demo)) throw new ImportError(`There is no demo city "${demo}".\n${USAGE}`);
  if (files.length > 0)
    throw new ImportError(`A demo city has its own files, ${files.join(", ")} is too much.\n${USAGE}`);
  return DEMO_CITIES[demo];
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { name: { type: "string" }, out: { type: "string" }, demo: { type: "string" } },
    });
  } catch (error) {
    throw new ImportError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
