import type { Feature, Position } from "geojson";

import type { MapLayer } from "#shared/contracts/map.ts";
import { AREA_KINDS, E7, LINE_KINDS, STREET_CLASSES, STREET_FLAG, type StreetClass } from "#shared/domain/city/city.ts";

import { eachRingPoint, eachRunPoint, type CityIndex } from "./city-index.ts";
import { labelPoint } from "./label-point.ts";
import { onewayOf } from "./street-runs.ts";
import { type BoxE7 } from "./web-mercator.ts";

/** Map pixels across a tile. */
const TILE_PX = 512;

/** From which zoom on a street is drawn, by its class. */
const STREETS_FROM: Readonly<Record<StreetClass, number>> = {
  motorway: 9,
  trunk: 9,
  primary: 9,
  secondary: 10,
  tertiary: 12,
  unclassified: 13,
  residential: 13,
  living_street: 13,
  pedestrian: 13,
  service: 14,
  track: 14,
  cycleway: 14,
  footway: 15,
  path: 15,
  steps: 15,
};
const LINES_FROM = { rail: 11, waterway: 12 } as const;
const BUILDINGS_FROM = 14;
const DOORS_FROM = 16;
/** Something to eat, and what is not in {@link LANDMARKS}. */
const PLACES_FROM = 15;
const LANDMARKS_FROM = 14;
const LANDMARKS = new Set(["hospital", "university", "stadium", "museum", "theatre", "station", "townhall", "mall"]);
const LABELS_FROM: ReadonlyMap<string, number> = new Map([
  ["city", 9],
  ["town", 9],
  ["suburb", 11],
  ["village", 11],
  ["quarter", 12],
  ["neighbourhood", 12],
]);
const OTHER_LABELS_FROM = 13;
/** An area is drawn from this size on, and named from that, map pixels along its longer side. */
const SMALLEST_PX = 3;
const SMALLEST_NAMED_PX = 60;

const WATER: ReadonlySet<string> = new Set(["sea", "water"]);
/** Areas whose name people find their way by. */
const NAMED_AREAS: ReadonlySet<string> = new Set(["water", "park", "wood", "sand", "cemetery", "square"]);

export type TileFeatures = Readonly<Record<MapLayer, Feature[]>>;

/** What of a city is drawn in a box at a zoom, by layer. [MAP2] */
export function featuresIn(index: CityIndex, box: BoxE7, z: number): TileFeatures {
  const areas = areasIn(index, box, z);
  return {
    ...areas,
    lines: linesIn(index, box, z),
    streets: streetsIn(index, box, z),
    labels: [...areas.labels, ...labelsIn(index, box, z)],
    places: placesIn(index, box, z),
    doors: z < DOORS_FROM ? [] : doorsIn(index, box),
  };
}

function areasIn(index: CityIndex, box: BoxE7, z: number) {
  const { city, areaRows } = index;
  const found = { land: [] as Feature[], water: [] as Feature[], buildings: [] as Feature[], labels: [] as Feature[] };
  const pixelE7 = (360 * E7) / 2 ** z / TILE_PX;
  for (const area of areaRows.in(box)) {
    const kind = AREA_KINDS[city.areas.kind[area] ?? 0] ?? "grass";
    const isBuilding = kind === "building";
    const extentPx = areaRows.extentE7(area) / pixelE7;
    if (extentPx < SMALLEST_PX || (isBuilding && z < BUILDINGS_FROM)) continue;
    const layer = isBuilding ? "buildings" : WATER.has(kind) ? "water" : "land";
    const rings = ringsOf(index, area);
    found[layer].push({
      type: "Feature",
      properties: isBuilding ? {} : { kind },
      geometry: { type: "Polygon", coordinates: rings },
    });
    const name = city.names[city.areas.name[area] ?? 0] ?? "";
    if (name === "" || !NAMED_AREAS.has(kind) || extentPx < SMALLEST_NAMED_PX) continue;
    found.labels.push(pointFeature(labelPoint(rings), { kind, name }));
  }
  return found;
}

/** Rings of an area, closed. */
function ringsOf({ city }: CityIndex, area: number): Position[][] {
  const rings: Position[][] = [];
  for (let ring = city.areas.firstRing[area] ?? 0; ring < (city.areas.firstRing[area + 1] ?? 0); ring++) {
    const points: Position[] = [];
    eachRingPoint(city, ring, (latE7, lngE7) => points.push([lngE7 / E7, latE7 / E7]));
    rings.push([...points, ...points.slice(0, 1)]);
  }
  return rings;
}

function linesIn({ city, lineRows }: CityIndex, box: BoxE7, z: number): Feature[] {
  const { lines, names } = city;
  return lineRows.in(box).flatMap((line) => {
    const kind = LINE_KINDS[lines.kind[line] ?? 0] ?? "rail";
    if (z < LINES_FROM[kind]) return [];
    const coordinates: Position[] = [];
    for (let at = lines.pointStart[line] ?? 0; at < (lines.pointStart[line + 1] ?? 0); at++) {
      coordinates.push([(lines.lngE7[at] ?? 0) / E7, (lines.latE7[at] ?? 0) / E7]);
    }
    return [lineFeature(coordinates, { kind, ...named(names[lines.name[line] ?? 0]) })];
  });
}

function streetsIn({ city, runs, runRows }: CityIndex, box: BoxE7, z: number): Feature[] {
  const { streets, names } = city;
  return runRows.in(box).flatMap((run) => {
    const step = runs.steps[runs.start[run] ?? 0] ?? 0;
    const segment = step < 0 ? ~step : step;
    const streetClass = STREET_CLASSES[streets.streetClass[segment] ?? 0] ?? "residential";
    if (z < STREETS_FROM[streetClass]) return [];
    const coordinates: Position[] = [];
    eachRunPoint(city, runs, run, (latE7, lngE7) => coordinates.push([lngE7 / E7, latE7 / E7]));
    const flags = streets.flags[segment] ?? 0;
    return [
      lineFeature(coordinates, {
        class: streetClass,
        ...named(names[streets.name[segment] ?? 0]),
        ...(flags & STREET_FLAG.tunnel ? { tunnel: true } : {}),
        ...(flags & STREET_FLAG.bridge ? { bridge: true } : {}),
        ...(flags & STREET_FLAG.link ? { link: true } : {}),
        ...(onewayOf(streets, segment) === 0 ? {} : { oneway: true }),
      }),
    ];
  });
}

function labelsIn({ city }: CityIndex, box: BoxE7, z: number): Feature[] {
  return city.labels
    .filter(({ kind, point }) => z >= (LABELS_FROM.get(kind) ?? OTHER_LABELS_FROM) && holds(box, point))
    .map(({ kind, name, point }) => pointFeature([point.lng, point.lat], { kind, name }));
}

function placesIn({ city }: CityIndex, box: BoxE7, z: number): Feature[] {
  if (z < LANDMARKS_FROM) return [];
  return city.places
    .filter(({ kind, point }) => (z >= PLACES_FROM || LANDMARKS.has(kind)) && holds(box, point))
    .map(({ kind, name, food, point }) =>
      pointFeature([point.lng, point.lat], { kind, name, ...(food ? { food } : {}) }),
    );
}

function doorsIn({ city, doorRows }: CityIndex, box: BoxE7): Feature[] {
  const { latE7, lngE7, number } = city.addresses;
  return doorRows.in(box).map((door) =>
    pointFeature([(lngE7[door] ?? 0) / E7, (latE7[door] ?? 0) / E7], {
      number: city.names[number[door] ?? 0] ?? "",
    }),
  );
}

function holds([west, south, east, north]: BoxE7, { lat, lng }: { readonly lat: number; readonly lng: number }) {
  return lng * E7 >= west && lng * E7 <= east && lat * E7 >= south && lat * E7 <= north;
}

function named(name: string | undefined) {
  return name === undefined || name === "" ? {} : { name };
}

function pointFeature(coordinates: Position, properties: Feature["properties"]): Feature {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates } };
}

function lineFeature(coordinates: Position[], properties: Feature["properties"]): Feature {
  return { type: "Feature", properties, geometry: { type: "LineString", coordinates } };
}
