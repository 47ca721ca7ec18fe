import { createHash } from "node:crypto";

import { CITY_FORMAT } from "#shared/contracts/city-file.ts";
import { encodeCity } from "#shared/domain/city/city-file.ts";
import { E7, type City } from "#shared/domain/city/city.ts";

import { addressTable } from "./addresses.ts";
import { areasOf, areaTable } from "./areas.ts";
import { lineTable } from "./lines.ts";
import { locatedOf } from "./located.ts";
import { NameTable } from "./name-table.ts";
import { frameAround, ImportError, type FrameE7, type OsmData } from "./osm-data.ts";
import { labelsOf, placesOf } from "./places.ts";
import { seaOf } from "./sea.ts";
import { streetNetwork } from "./street-network.ts";

export const ATTRIBUTION = "© OpenStreetMap contributors";
export const LICENCE = "ODbL-1.0";
/** Characters of the hash that names a city and its tiles. */
const ID_LENGTH = 16;

export interface CityInWords {
  readonly name: string;
  /** What it was made from, by base name or package. */
  readonly source: string;
}

/** The city, and what it was made of that its tables do not show. */
export interface MadeCity {
  readonly city: City;
  readonly addressesFound: number;
  readonly addressesInStreets: number;
  readonly foodFound: number;
}

/**
 * The city that the data holds; the same data make the same city, to the bit. It has no hierarchies yet, and so no id:
 * {@link sealed} gives it one.
 *
 * @param tell what is being done
 * @throws {ImportError} when there are no streets in it, or some on both sides of the 180th meridian
 */
export function makeCity(data: OsmData, { name, source }: CityInWords, tell: (doing: string) => void): MadeCity {
  const names = new NameTable();
  tell("cutting streets at their crossings");
  const streets = streetNetwork(data, names);
  if (streets.access.every((bits) => bits === 0)) {
    throw new ImportError(
      `${source} holds no streets that anybody may ride; import an extract that has ways with "highway"`,
    );
  }
  const allNames = names.all;
  const streetNames = [...new Set(streets.name)].map((id) => allNames[id] ?? "");
  tell("joining areas");
  const areas = areasOf(data);
  const located = locatedOf(data, areas);
  tell("collecting addresses and places");
  const addresses = addressTable(located, streetNames, names);
  const { places, foodFound } = placesOf(located);
  const around = frameOfStreets(streets);
  const frame = data.frame ?? around;
  if ([frame, around].some(isTorn)) {
    throw new ImportError(
      `${source} reaches across the 180th meridian; make two extracts of it, one on each side, and a city of each`,
    );
  }
  const sea = seaOf(data, frame, areas);
  const city: City = {
    meta: {
      format: CITY_FORMAT,
      id: "0".repeat(ID_LENGTH),
      name,
      southWest: { lat: frame.south / E7, lng: frame.west / E7 },
      northEast: { lat: frame.north / E7, lng: frame.east / E7 },
      source,
      attribution: ATTRIBUTION,
      licence: LICENCE,
    },
    streets,
    addresses: addresses.table,
    areas: areaTable(sea.columns, [...sea.areas, ...areas], names),
    lines: lineTable(data, names),
    places,
    labels: labelsOf(located),
    hierarchies: {},
    names: names.all,
  };
  return { city, addressesFound: addresses.found, addressesInStreets: addresses.inStreets, foodFound };
}

/** The city under the name that its content gives it. */
export function sealed(city: City): City {
  const hash = createHash("sha256").update(encodeCity({ ...city, meta: { ...city.meta, id: "0".repeat(ID_LENGTH) } }));
  return { ...city, meta: { ...city.meta, id: hash.digest("hex").slice(0, ID_LENGTH) } };
}

/** Whether a frame goes the long way round, as one does that has ground on both sides of the 180th meridian. */
function isTorn({ west, east }: FrameE7): boolean {
  return west > east || east - west > 180 * E7;
}

/** Around every crossing: what is covered when the files do not say. */
function frameOfStreets({ nodeLatE7, nodeLngE7 }: City["streets"]): FrameE7 {
  let frame: FrameE7 | null = null;
  for (const [node, lat] of nodeLatE7.entries()) {
    const lng = nodeLngE7[node] ?? 0;
    frame = frameAround(frame, { south: lat, west: lng, north: lat, east: lng });
  }
  return frame ?? { south: 0, west: 0, north: 0, east: 0 };
}
