import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { DEMO_CITIES, demoPackageJson } from "../city/demo-cities.ts";
import { importCity } from "../city/import-city.ts";
import { CACHE, PROJECT } from "./folders.ts";
import { writeWhole } from "./write-whole.ts";

/** What a city file is made by. */
const SOURCES = ["deploy/city", "shared/domain/city", "shared/domain/router", "shared/contracts/city-file.ts"];

/**
 * Makes the demo city's file from its package, unless it was made already by this very importer.
 *
 * @returns the folder that holds it: what CITY_DIR names
 * @throws {ImportError} when the package cannot be read
 */
export async function ensureDemoCity(
  tell: (sentence: string) => void,
  folder = join(CACHE, "cities"),
): Promise<string> {
  const file = join(folder, "montevideo.city.gz");
  const marker = join(folder, ".montevideo-made-by");
  const fingerprint = fingerprintOfImporter();
  if (existsSync(file) && existsSync(marker) && readFileSync(marker, "utf8") === fingerprint) return folder;
  tell(`importing ${DEMO_CITIES.montevideo.name}'s streets (once)`);
  await importCity({ ...DEMO_CITIES.montevideo, out: file }, { during: () => {}, done: () => {} });
  writeWhole(marker, fingerprint);
  return folder;
}

/** Changes when the importer, the form of the file or the package does. */
function fingerprintOfImporter(): string {
  const hash = createHash("sha256").update(readFileSync(demoPackageJson()));
  for (const path of SOURCES.flatMap(filesOf)) hash.update(path).update(readFileSync(join(PROJECT, path)));
  return hash.digest("hex");
}

function filesOf(source: string): string[] {
  if (source.endsWith(".ts")) return [source];
  return readdirSync(join(PROJECT, source), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .toSorted()
    .map((name) => `${source}/${name}`);
}
