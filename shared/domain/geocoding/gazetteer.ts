import { E7, type City } from "../city/city.ts";
import { cellOf } from "../geo/cells.ts";
import type { Point } from "../geo/point.ts";
import { rarityOf } from "./fit.ts";
import { doorNumbersOf } from "./house-number.ts";
import { keysOf } from "./likeness.ts";
import { namedPlaces } from "./named-places.ts";
import { streetsOf, type StreetOfCity } from "./streets-of-city.ts";
import { wordsOf } from "./words.ts";

/** Doors are found by their H3 cell at this resolution, some 130 m across. */
export const DOOR_RES = 10;
/** Pieces of street, and places, by theirs: some 350 m across. */
export const STREET_RES = 9;

export const ENTRY_KINDS = ["street", "place", "quarter"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** More than any house number. */
const NUMBERS = 100_000;
const BESIDE_DEG = 0.0001;

/** Something with a name. Its id is its place in {@link Gazetteer.entries}. */
export interface GazetteerEntry {
  readonly kind: EntryKind;
  readonly name: string;
  /** Of a place: its street and number as written there; null when unknown. */
  readonly addressLine: string | null;
  readonly words: readonly string[];
  readonly rarities: readonly number[];
  readonly doors: number;
  readonly point: Point;
}

/** A door with one number; one with several is several. */
export interface GazetteerDoor {
  /** Its street's id. */
  readonly street: number;
  readonly value: number;
  readonly suffix: string;
  /** The number as written. */
  readonly label: string;
  readonly point: Point;
}

/** What is looked up of a city, each list once. */
export interface Gazetteer {
  readonly entries: readonly GazetteerEntry[];
  /** Word → ids of the entries that have it. */
  readonly words: ReadonlyMap<string, readonly number[]>;
  /** Key (likeness.ts) → words that are kept under it. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly doors: readonly GazetteerDoor[];
  readonly streets: readonly StreetOfCity[];
}

/** The names, doors and streets of a city in the form in which they are looked up. A street's id is its place in `streets`. */
export function gazetteerOf(city: City): Gazetteer {
  const { streets, streetOfDoor } = streetsOf(city);
  const doors = doorsOf(city, streetOfDoor);
  const doorCount = new Uint32Array(streets.length);
  for (const { street } of doors) doorCount[street] = (doorCount[street] ?? 0) + 1;
  const named = [
    ...streets.map(({ name, point }) => ({ kind: "street" as const, name, addressLine: null, point })),
    ...namedPlaces(city),
  ];
  const words = new Map<string, number[]>();
  const wordsOfEntry = named.map(({ name }, id) => {
    const its = wordsOf(name);
    for (const word of new Set(its)) push(words, word, id);
    return its;
  });
  const rarity = (word: string) => rarityOf(named.length, words.get(word)?.length ?? 1);
  const entries = named.map((each, id) => {
    const its = wordsOfEntry[id] ?? [];
    return { ...each, words: its, rarities: its.map(rarity), doors: doorCount[id] ?? 0 };
  });
  const keys = new Map<string, string[]>();
  for (const word of words.keys()) for (const key of keysOf(word)) push(keys, key, word);
  return { entries, words, keys, doors, streets };
}

/** Where a door is kept. */
export function doorCell(point: Point): string {
  return cellOf(point, DOOR_RES);
}

function doorsOf({ addresses, names }: City, streetOfDoor: Uint32Array): GazetteerDoor[] {
  const doors: GazetteerDoor[] = [];
  const numbers = new Map<number, ReturnType<typeof doorNumbersOf>>();
  const byNumber = new Map<number, GazetteerDoor[]>();
  for (const [row, street] of streetOfDoor.entries()) {
    const point = { lat: (addresses.latE7[row] ?? 0) / E7, lng: (addresses.lngE7[row] ?? 0) / E7 };
    const written = addresses.number[row] ?? 0;
    const its = numbers.get(written) ?? doorNumbersOf(names[written] ?? "");
    numbers.set(written, its);
    for (const number of its) {
      // A building that is mapped with its flats has one door many times.
      const key = street * NUMBERS + number.value;
      const isSame = (other: GazetteerDoor) => other.suffix === number.suffix && isBeside(other.point, point);
      if (byNumber.get(key)?.some(isSame)) continue;
      const door = { street, ...number, point };
      push(byNumber, key, door);
      doors.push(door);
    }
  }
  return doors;
}

/** Within some ten metres, either way. */
function isBeside(a: Point, b: Point): boolean {
  return Math.abs(a.lat - b.lat) < BESIDE_DEG && Math.abs(a.lng - b.lng) < BESIDE_DEG;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
