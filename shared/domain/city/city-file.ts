import { cityFileHeader, type ArrayPlace, type CityFileHeader } from "../../contracts/city-file.ts";
import { VEHICLES, type ArraysByName, type City, type Vehicle } from "./city.ts";

const MAGIC = "TIFFINCITY";
/** Typed arrays begin at multiples of this, so that they can lie over the file's bytes. */
const ALIGN = 8;

const KINDS = { Int32Array, Uint32Array, Uint8Array, Uint16Array, Float64Array } as const;
type Kind = keyof typeof KINDS;
type AnyArray = ArraysByName[string];

const TABLES = ["streets", "addresses", "areas", "lines"] as const;

/** Bytes that are no city file, or one of another version. */
export class CityFileError extends Error {
  override readonly name = "CityFileError";
}

/**
 * The city as one run of bytes: the magic word, the length of a JSON header, the header, and the arrays as they lie in
 * memory (little-endian). Compress it where it is kept.
 */
export function encodeCity(city: City): Uint8Array<ArrayBuffer> {
  const arrays = [...arraysOf(city)];
  const places: Record<string, ArrayPlace> = {};
  let at = 0;
  for (const [name, array] of arrays) {
    places[name] = { kind: kindOf(array), at, length: array.length };
    at = aligned(at + array.byteLength);
  }
  const { meta, names, places: cityPlaces, labels } = city;
  const json = asciiBytes(JSON.stringify({ meta, names, places: cityPlaces, labels, arrays: places }));
  const bodyAt = aligned(MAGIC.length + 4 + json.length);
  const bytes = new Uint8Array(bodyAt + at);
  bytes.set(asciiBytes(MAGIC));
  new DataView(bytes.buffer).setUint32(MAGIC.length, json.length, true);
  bytes.set(json, MAGIC.length + 4);
  for (const [name, array] of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), bodyAt + (places[name]?.at ?? 0));
  }
  return bytes;
}

/**
 * The city that the bytes hold. Its arrays lie over the given bytes, which must not change any more.
 *
 * @throws {CityFileError} when the bytes are no city of this format
 */
export function decodeCity(given: Uint8Array): City {
  // Arrays can only lie over bytes that begin at a multiple of their size.
  const bytes = given.byteOffset % ALIGN === 0 ? given : Uint8Array.from(given);
  const found = readHeader(bytes);
  const buffer = bytes.buffer as ArrayBuffer; // Cast: no file is read into shared memory.
  const { arrays, ...rest } = found.header;
  const tables = new Map<string, Record<string, AnyArray>>();
  for (const [path, { kind, at, length }] of Object.entries(arrays)) {
    const [table, name] = splitPath(path);
    const Kind = KINDS[kind];
    const begin = bytes.byteOffset + found.bodyAt + at;
    if (at % ALIGN !== 0 || begin + length * Kind.BYTES_PER_ELEMENT > bytes.byteOffset + bytes.byteLength) {
      throw new CityFileError(`the city file is cut short: "${path}" does not fit; import the city again`);
    }
    const mine = tables.get(table) ?? {};
    mine[name] = new Kind(buffer, begin, length);
    tables.set(table, mine);
  }
  const hierarchies: Partial<Record<Vehicle, ArraysByName>> = {};
  for (const vehicle of VEHICLES) {
    const arraysOfVehicle = tables.get(`hierarchies/${vehicle}`);
    if (arraysOfVehicle) hierarchies[vehicle] = arraysOfVehicle;
  }
  const [streets, addresses, areas, lines] = TABLES.map((name) => tables.get(name) ?? {});
  // Cast: the tables that encodeCity wrote, of the format that the header's version names.
  return { ...rest, streets, addresses, areas, lines, hierarchies } as unknown as City;
}

function readHeader(bytes: Uint8Array): { header: CityFileHeader; bodyAt: number } {
  const magic = asciiText(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw new CityFileError("this is no city file; make one with: npm run city:import");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const begin = MAGIC.length + 4;
  try {
    const json: unknown = JSON.parse(asciiText(bytes.subarray(begin, begin + length)));
    return { header: cityFileHeader.parse(json), bodyAt: aligned(begin + length) };
  } catch (error) {
    throw new CityFileError("the city file is of another version or damaged; import the city again", { cause: error });
  }
}

function* arraysOf(city: City): Generator<[string, AnyArray]> {
  for (const table of TABLES) {
    for (const [name, array] of Object.entries(city[table]) as [string, AnyArray][]) yield [`${table}/${name}`, array];
  }
  for (const vehicle of VEHICLES) {
    for (const [name, array] of Object.entries(city.hierarchies[vehicle] ?? {})) {
      yield [`hierarchies/${vehicle}/${name}`, array];
    }
  }
}

function kindOf(array: AnyArray): Kind {
  return array.constructor.name as Kind; // Cast: AnyArray has no others.
}

function splitPath(path: string): [string, string] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, at), path.slice(at + 1)];
}

/** JSON's text in ASCII, what is beyond it escaped: no text codec is needed, wherever this runs. */
function asciiBytes(text: string): Uint8Array {
  const ascii = text.replaceAll(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return Uint8Array.from(ascii, (letter) => letter.charCodeAt(0));
}

function asciiText(bytes: Uint8Array): string {
  const CHUNK = 8_192;
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

function aligned(at: number): number {
  return Math.ceil(at / ALIGN) * ALIGN;
}
