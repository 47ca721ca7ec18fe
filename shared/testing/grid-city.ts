import { CITY_FORMAT } from "#shared/contracts/city-file.ts";
import { E7, STREET_CLASSES, STREET_FLAG, type AreaKind, AREA_KINDS, type City } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";

/** Metres in a degree of latitude, as good as a test needs. */
const METRES_A_DEGREE = 111_195;
const STEP_M = 100;
const BOTH = 0b11_11_11_11;
/** Cars and motorbikes one way, bicycles too, people on foot both. */
const ONE_WAY = 0b11_01_01_01;

export interface GridCityOptions {
  /** Crossings along one side, from 3. */
  readonly size?: number;
  readonly southWest?: Point;
}

/**
 * A small city for tests: a square of crossings 100 m apart. Streets to the east are "Calle 0" (south) and on, to the north
 * "Avenida 0" (west) and on; every second "Calle" is one-way to the east. "Avenida 1" is a primary road at 60 km/h with a
 * tunnel in its first block. Every block of a "Calle" has two doors. One park, one building, sea in the south.
 */
export function gridCity({ size = 6, southWest = { lat: -34.91, lng: -56.19 } }: GridCityOptions = {}): City {
  const names = [""];
  const nameId = (name: string): number => {
    const at = names.indexOf(name);
    return at >= 0 ? at : names.push(name) - 1;
  };
  const place = (east: number, north: number): Point => ({
    lat: southWest.lat + (north * STEP_M) / METRES_A_DEGREE,
    lng: southWest.lng + (east * STEP_M) / METRES_A_DEGREE / Math.cos((southWest.lat * Math.PI) / 180),
  });
  const nodes = Array.from({ length: size * size }, (_, id) => place(id % size, Math.floor(id / size)));
  const rows: { from: number; to: number; name: string; main: boolean; access: number; flags: number }[] = [];
  for (let north = 0; north < size; north++) {
    for (let east = 0; east < size; east++) {
      const id = north * size + east;
      const access = north % 2 === 1 ? ONE_WAY : BOTH;
      if (east + 1 < size) rows.push({ from: id, to: id + 1, name: `Calle ${north}`, main: false, access, flags: 0 });
      const flags = east === 1 && north === 0 ? STREET_FLAG.tunnel : 0;
      if (north + 1 < size) {
        rows.push({ from: id, to: id + size, name: `Avenida ${east}`, main: east === 1, access: BOTH, flags });
      }
    }
  }
  const doors = rows
    .filter((row) => row.name.startsWith("Calle"))
    .flatMap((row) => {
      const [east, north] = [row.from % size, Math.floor(row.from / size)];
      return [0.3, 0.7].map((share, index) => ({
        street: nameId(row.name),
        number: nameId(String(1000 + east * 100 + index * 50)),
        point: place(east + share, north + 0.08),
      }));
    })
    .toSorted((a, b) => a.street - b.street || a.number - b.number);
  const square = (kind: AreaKind, name: string, at: readonly [number, number], side: number) => ({
    kind: AREA_KINDS.indexOf(kind),
    name: nameId(name),
    ring: [place(...at), place(at[0] + side, at[1]), place(at[0] + side, at[1] + side), place(at[0], at[1] + side)],
  });
  const areas = [
    square("sea", "", [-2, -6], 5),
    square("park", "Parque del Medio", [1.2, 1.2], 0.6),
    square("building", "", [2.2, 1.2], 0.2),
  ];
  const points = areas.flatMap((area) => area.ring);
  return {
    meta: {
      format: CITY_FORMAT,
      id: `grid-city-${size}`,
      name: "Grid City",
      southWest: place(-2, -2),
      northEast: place(size + 1, size + 1),
      source: "a test",
      attribution: "© OpenStreetMap contributors",
      licence: "ODbL-1.0",
    },
    names,
    streets: {
      nodeLatE7: e7(nodes.map((each) => each.lat)),
      nodeLngE7: e7(nodes.map((each) => each.lng)),
      from: Uint32Array.from(rows, (row) => row.from),
      to: Uint32Array.from(rows, (row) => row.to),
      name: Uint32Array.from(rows, (row) => nameId(row.name)),
      streetClass: Uint8Array.from(rows, (row) => STREET_CLASSES.indexOf(row.main ? "primary" : "residential")),
      maxSpeedKmh: Uint8Array.from(rows, (row) => (row.main ? 60 : 0)),
      access: Uint8Array.from(rows, (row) => row.access),
      flags: Uint8Array.from(rows, (row) => row.flags),
      lengthDm: Uint32Array.from(rows, () => STEP_M * 10),
      shapeStart: new Uint32Array(rows.length + 1),
      shapeLatE7: new Int32Array(0),
      shapeLngE7: new Int32Array(0),
    },
    addresses: {
      street: Uint32Array.from(doors, (door) => door.street),
      number: Uint32Array.from(doors, (door) => door.number),
      latE7: e7(doors.map((door) => door.point.lat)),
      lngE7: e7(doors.map((door) => door.point.lng)),
    },
    areas: {
      kind: Uint8Array.from(areas, (area) => area.kind),
      name: Uint32Array.from(areas, (area) => area.name),
      firstRing: Uint32Array.from({ length: areas.length + 1 }, (_, index) => index),
      ringStart: Uint32Array.from({ length: areas.length + 1 }, (_, index) => index * 4),
      latE7: e7(points.map((each) => each.lat)),
      lngE7: e7(points.map((each) => each.lng)),
    },
    lines: {
      kind: new Uint8Array(0),
      name: new Uint32Array(0),
      pointStart: new Uint32Array(1),
      latE7: new Int32Array(0),
      lngE7: new Int32Array(0),
    },
    places: [
      {
        name: "Pizzería del Medio",
        kind: "restaurant",
        food: true,
        cuisines: ["pizza"],
        openingHours: "Mo-Su 12:00-23:30",
        addressLine: "Calle 2 1150",
        point: place(1.5, 2.1),
      },
      {
        name: "Café Uno",
        kind: "cafe",
        food: true,
        cuisines: [],
        openingHours: null,
        addressLine: null,
        point: place(3.1, 1),
      },
      {
        name: "Escuela Cuatro",
        kind: "school",
        food: false,
        cuisines: [],
        openingHours: null,
        addressLine: null,
        point: place(4, 4.1),
      },
    ],
    labels: [{ name: "Medio", kind: "suburb", point: place(size / 2, size / 2) }],
    hierarchies: {},
  };
}

function e7(degrees: readonly number[]): Int32Array {
  return Int32Array.from(degrees, (each) => Math.round(each * E7));
}
