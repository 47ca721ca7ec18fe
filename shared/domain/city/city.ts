/**
 * A city as the platform knows it: streets, addresses, places, and what a map shows. Imported once from OpenStreetMap
 * (`npm run city:import`), kept in one compact file (city-file.ts), read by hubs, workers and the twin alike.
 *
 * Coordinates are WGS 84 in whole ten-millionths of a degree ("E7", as OpenStreetMap itself keeps them): exact, and 32 bits.
 * Tables are columns: row `i` of a table is entry `i` of each of its arrays.
 */
import type { CITY_FORMAT } from "../../contracts/city-file.ts";
import type { Point } from "../geo/point.ts";

/** Ten-millionths in a degree. */
export const E7 = 1e7;

/** Who rides; the index is the vehicle's place in {@link StreetNetwork.access}. */
export const VEHICLES = ["car", "motorbike", "bicycle", "foot"] as const;
export type Vehicle = (typeof VEHICLES)[number];

/** Kinds of street, fastest first; the index is the class. Links (slip roads) have the class of their road. */
export const STREET_CLASSES = [
  "motorway",
  "trunk",
  "primary",
  "secondary",
  "tertiary",
  "unclassified",
  "residential",
  "living_street",
  "service",
  "pedestrian",
  "track",
  "cycleway",
  "footway",
  "path",
  "steps",
] as const;
export type StreetClass = (typeof STREET_CLASSES)[number];

/** Bits of {@link StreetNetwork.flags}. */
export const STREET_FLAG = { tunnel: 1, bridge: 2, roundabout: 4, link: 8 } as const;

/**
 * Streets cut at every crossing: a segment goes from one node to another, with its inner shape points apart. Both
 * directions are one segment; who may ride which way stands in `access`.
 */
export interface StreetNetwork {
  readonly nodeLatE7: Int32Array;
  readonly nodeLngE7: Int32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Index into {@link City.names}; 0 is no name. */
  readonly name: Uint32Array;
  /** Index into {@link STREET_CLASSES}. */
  readonly streetClass: Uint8Array;
  /** Signed speed limit, km/h; 0 when none is known. */
  readonly maxSpeedKmh: Uint8Array;
  /** Bit `2v`: vehicle `v` may ride `from` → `to`; bit `2v + 1`: `to` → `from`. */
  readonly access: Uint8Array;
  readonly flags: Uint8Array;
  /** Along the shape, decimetres. */
  readonly lengthDm: Uint32Array;
  /** Segment `i` has the inner points `shapeStart[i]` to `shapeStart[i + 1] - 1`, in the direction `from` → `to`. */
  readonly shapeStart: Uint32Array;
  readonly shapeLatE7: Int32Array;
  readonly shapeLngE7: Int32Array;
}

/** Doors with a street and a number, ordered by street, then number. */
export interface AddressTable {
  /** Index into {@link City.names}. */
  readonly street: Uint32Array;
  /** House number as written ("1234", "12 bis"): index into {@link City.names}. */
  readonly number: Uint32Array;
  readonly latE7: Int32Array;
  readonly lngE7: Int32Array;
}

/** What fills an area of the map; the index is the kind. Drawn in the order of {@link City.areas}. */
export const AREA_KINDS = [
  "sea",
  "water",
  "sand",
  "park",
  "grass",
  "wood",
  "cemetery",
  "pitch",
  "school",
  "hospital",
  "industrial",
  "square",
  "building",
] as const;
export type AreaKind = (typeof AREA_KINDS)[number];

/** Polygons: area `i` has rings `firstRing[i]` to `firstRing[i + 1] - 1`, the first around it, the others holes. */
export interface AreaTable {
  readonly kind: Uint8Array;
  readonly name: Uint32Array;
  readonly firstRing: Uint32Array;
  /** Ring `r` has points `ringStart[r]` to `ringStart[r + 1] - 1`, first not repeated. */
  readonly ringStart: Uint32Array;
  readonly latE7: Int32Array;
  readonly lngE7: Int32Array;
}

/** Lines that are drawn and not ridden; the index is the kind. */
export const LINE_KINDS = ["rail", "waterway"] as const;

export interface LineTable {
  readonly kind: Uint8Array;
  readonly name: Uint32Array;
  readonly pointStart: Uint32Array;
  readonly latE7: Int32Array;
  readonly lngE7: Int32Array;
}

/** A place with a name: somewhere to eat, or something that people find their way by. */
export interface CityPlace {
  readonly name: string;
  /** OpenStreetMap's value: "restaurant", "cafe", "fast_food", "hospital", "school"… */
  readonly kind: string;
  /** Whether food is sold there ready to eat. */
  readonly food: boolean;
  /** OpenStreetMap's `cuisine`, split; empty when unknown. */
  readonly cuisines: readonly string[];
  /** OpenStreetMap's `opening_hours` as written; null when unknown. */
  readonly openingHours: string | null;
  /** Street and number as written there; null when unknown. */
  readonly addressLine: string | null;
  readonly point: Point;
}

/** A name on the map: a quarter, a suburb, a town. */
export interface CityLabel {
  readonly name: string;
  /** OpenStreetMap's `place`: "city", "town", "suburb", "neighbourhood", "quarter", "village", "hamlet", "locality"… */
  readonly kind: string;
  readonly point: Point;
}

export interface CityMeta {
  readonly format: typeof CITY_FORMAT;
  /** Hash of everything in the file but this: names its tiles for ever. */
  readonly id: string;
  readonly name: string;
  readonly southWest: Point;
  readonly northEast: Point;
  /** What it was imported from, by base name or package. */
  readonly source: string;
  /** Shown on every map. */
  readonly attribution: string;
  readonly licence: string;
}

/** Typed arrays by name: a prepared search graph, whose form its owner knows (router/graph). */
export type ArraysByName = Readonly<Record<string, Int32Array | Uint32Array | Uint8Array | Uint16Array | Float64Array>>;

export interface City {
  readonly meta: CityMeta;
  /** Every name once; `names[0]` is "". */
  readonly names: readonly string[];
  readonly streets: StreetNetwork;
  readonly addresses: AddressTable;
  readonly areas: AreaTable;
  readonly lines: LineTable;
  readonly places: readonly CityPlace[];
  readonly labels: readonly CityLabel[];
  /** Prepared by the import for each vehicle, so that processes start at once. */
  readonly hierarchies: Readonly<Partial<Record<Vehicle, ArraysByName>>>;
}

/** Whether the vehicle may ride the segment `from` → `to` (`forward`) or back. */
export function mayRide(streets: StreetNetwork, segment: number, vehicle: Vehicle, forward: boolean): boolean {
  const bit = 2 * VEHICLES.indexOf(vehicle) + (forward ? 0 : 1);
  return (((streets.access[segment] ?? 0) >> bit) & 1) === 1;
}

/** Whether the point lies in the city's frame. */
export function covers({ southWest, northEast }: CityMeta, { lat, lng }: Point): boolean {
  return lat >= southWest.lat && lat <= northEast.lat && lng >= southWest.lng && lng <= northEast.lng;
}
