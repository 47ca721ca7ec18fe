import { E7, type AddressTable } from "#shared/domain/city/city.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { fold } from "#shared/domain/geocoding/words.ts";

import type { Located } from "./located.ts";
import type { NameTable } from "./name-table.ts";

/** Doors of one street and number nearer than this are one door, written down by several who stand behind it. */
const SAME_DOOR_M = 30;
/** A little more than that to the north: whoever is further off need not be measured. */
const SAME_DOOR_LAT_E7 = 2_700;

interface Door {
  /** Ids of names. */
  readonly street: number;
  readonly number: number;
  readonly written: string;
  /** What the number begins with: "12 bis" is 12. What begins with no digit comes last. */
  readonly leading: number;
  readonly latE7: number;
  readonly lngE7: number;
}

export interface Addresses {
  readonly table: AddressTable;
  /** How many the data holds, the same door counted each time. */
  readonly found: number;
  /** Of the table, how many lie in a street of the network. */
  readonly inStreets: number;
}

/**
 * Doors with street and number, of nodes and of buildings. A street written with other case, accents or stops than the
 * network's gets the network's name. Several numbers at one door ("12;14") are several addresses.
 *
 * @param streetNames of the network
 */
export function addressTable(located: readonly Located[], streetNames: Iterable<string>, names: NameTable): Addresses {
  const streetIds = new StreetIds(streetNames, names);
  const found = located.flatMap(({ tags, latE7, lngE7 }) => {
    const street = tags["addr:street"] ?? tags["addr:place"];
    if (street === undefined || street.trim() === "") return [];
    return numbersOf(tags["addr:housenumber"] ?? "").map((written): Door => {
      const leading = Number.parseInt(written, 10);
      return {
        street: streetIds.of(street),
        number: names.idOf(written),
        written,
        leading: Number.isNaN(leading) ? Number.MAX_SAFE_INTEGER : leading,
        latE7,
        lngE7,
      };
    });
  });
  const doors = eachDoorOnce(found.toSorted(byStreetAndNumber));
  return {
    table: {
      street: Uint32Array.from(doors, (door) => door.street),
      number: Uint32Array.from(doors, (door) => door.number),
      latE7: Int32Array.from(doors, (door) => door.latE7),
      lngE7: Int32Array.from(doors, (door) => door.lngE7),
    },
    found: found.length,
    inStreets: doors.filter((door) => streetIds.network.has(door.street)).length,
  };
}

/** Finds the name that the network has for a street as somebody wrote it. */
class StreetIds {
  readonly network = new Set<number>();
  readonly #byFolded = new Map<string, number>();
  readonly #byWritten = new Map<string, number>();
  readonly #names: NameTable;

  constructor(streetNames: Iterable<string>, names: NameTable) {
    this.#names = names;
    for (const name of streetNames) {
      if (name === "") continue;
      this.network.add(names.idOf(name));
      this.#byWritten.set(name, names.idOf(name));
      if (!this.#byFolded.has(fold(name))) this.#byFolded.set(fold(name), names.idOf(name));
    }
  }

  of(written: string): number {
    const known = this.#byWritten.get(written);
    if (known !== undefined) return known;
    const id = this.#byFolded.get(fold(written)) ?? this.#names.idOf(written.trim());
    this.#byWritten.set(written, id);
    return id;
  }
}

function numbersOf(written: string): string[] {
  if (!/[;,]/u.test(written)) return written.trim() === "" ? [] : [written.trim()];
  const each = written.split(/[;,]\s*(?=\d)/u).map((number) => number.trim());
  return each.filter((number) => number !== "");
}

/** Of doors in order, those that are not a door of that street and number once more. */
function eachDoorOnce(doors: readonly Door[]): Door[] {
  const kept: Door[] = [];
  for (const door of doors) if (!isKnown(kept, door)) kept.push(door);
  return kept;
}

/** Doors of one street and number stand together at the end of those that are kept. */
function isKnown(kept: readonly Door[], door: Door): boolean {
  for (let at = kept.length - 1; at >= 0; at--) {
    const other = kept[at];
    if (other?.street !== door.street || other.number !== door.number) return false;
    if (Math.abs(other.latE7 - door.latE7) < SAME_DOOR_LAT_E7 && apartM(other, door) < SAME_DOOR_M) return true;
  }
  return false;
}

function apartM(a: Door, b: Door): number {
  return distanceM({ lat: a.latE7 / E7, lng: a.lngE7 / E7 }, { lat: b.latE7 / E7, lng: b.lngE7 / E7 });
}

/** Of one door's several entries the first that was read stays first. */
function byStreetAndNumber(a: Door, b: Door): number {
  const byText = Number(a.written > b.written) - Number(a.written < b.written);
  return a.street - b.street || a.leading - b.leading || byText;
}
