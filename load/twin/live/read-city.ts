import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { decodeCity } from "#shared/domain/city/city-file.ts";
import type { City } from "#shared/domain/city/city.ts";

/** @throws with the file's name when it cannot be read */
export function readCity(file: string): City {
  try {
    return decodeCity(gunzipSync(readFileSync(file)));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
