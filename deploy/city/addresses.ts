import { E7, type AddressTable } from "#shared/domain/city/city.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

import type { Located } from "./located.ts";
import { foldedName, type NameTable } from "./name-table.ts";

/** Doors of one street and number nearer than this are one door, written down by several who stand behind it. */
const SAME_DOOR_M = 30;

interface Door {
  readonly street: string;
  readonly number: string;
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
  const official = new Map<string, string>();
  for (const name of streetNames) if (!official.has(foldedName(name))) official.set(foldedName(name), name);
  const folded = new Map<string, string>();
  const nameOf = (written: string): string => {
    const known = folded.get(written);
    if (known !== undefined) return known;
    const name = official.get(foldedName(written)) ?? written;
    folded.set(written, name);
    return name;
  };
  const doors = located.flatMap(({ tags, latE7, lngE7 }) => {
    const street = (tags["addr:street"] ?? tags["addr:place"] ?? "").trim();
    const numbers = (tags["addr:housenumber"] ?? "").split(/[;,]\s*(?=\d)/u).map((each) => each.trim());
    if (street === "") return [];
    return numbers.filter(Boolean).map((number) => ({ street: nameOf(street), number, latE7, lngE7 }));
  });
  const kept = eachDoorOnce(doors);
  const known = new Set(official.values());
  const rows = kept
    .map((door) => ({ ...door, streetId: names.idOf(door.street) }))
    .toSorted((a, b) => a.streetId - b.streetId || byNumber(a, b));
  return {
    table: {
      street: Uint32Array.from(rows, (door) => door.streetId),
      number: Uint32Array.from(rows, (door) => names.idOf(door.number)),
      latE7: Int32Array.from(rows, (door) => door.latE7),
      lngE7: Int32Array.from(rows, (door) => door.lngE7),
    },
    found: doors.length,
    inStreets: rows.filter((door) => known.has(door.street)).length,
  };
}

function eachDoorOnce(doors: readonly Door[]): Door[] {
  const kept = new Map<string, Door[]>();
  for (const door of doors) {
    const key = `${door.street}\n${door.number}`;
    const same = kept.get(key);
    if (!same) kept.set(key, [door]);
    else if (!same.some((other) => apartM(other, door) < SAME_DOOR_M)) same.push(door);
  }
  return [...kept.values()].flat();
}

function apartM(a: Door, b: Door): number {
  return distanceM({ lat: a.latE7 / E7, lng: a.lngE7 / E7 }, { lat: b.latE7 / E7, lng: b.lngE7 / E7 });
}

function byNumber(a: Door, b: Door): number {
  const apart = leadingNumber(a.number) - leadingNumber(b.number);
  return apart || (a.number < b.number ? -1 : Number(a.number > b.number));
}

/** "12 bis" is 12; what begins with no digit comes last. */
function leadingNumber(written: string): number {
  const found = Number.parseInt(written, 10);
  return Number.isNaN(found) ? Number.MAX_SAFE_INTEGER : found;
}
