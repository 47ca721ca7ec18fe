import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { decodeCity } from "#shared/domain/city/city-file.ts";
import { covers, type City } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";

/** How city files are named: gzip over `encodeCity`. */
export const CITY_FILE = /\.city\.gz$/u;

export interface Cities {
  readonly all: readonly City[];
  /** The city whose frame holds the point; of several the smallest. */
  at(point: Point): City | undefined;
}

/**
 * Every city file of a folder; none without a folder. Read once, when a process starts.
 *
 * @throws with the file's name when one cannot be read
 */
export function loadCities(folder: string | undefined): Cities {
  const files = folder === undefined ? [] : readdirSync(folder).filter((name) => CITY_FILE.test(name));
  const all = files.toSorted().map((name) => readCityFile(join(folder ?? "", name)));
  const bySize = all.toSorted((a, b) => extent(a) - extent(b));
  return { all, at: (point) => bySize.find((city) => covers(city.meta, point)) };
}

/** @throws with the file's name when it cannot be read */
export function readCityFile(file: string): City {
  try {
    return decodeCity(gunzipSync(readFileSync(file)));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function extent({ meta: { southWest, northEast } }: City): number {
  return (northEast.lat - southWest.lat) * (northEast.lng - southWest.lng);
}
