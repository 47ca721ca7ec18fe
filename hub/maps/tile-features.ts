import type { Feature, Position } from "geojson";

import type { MapLayer } from "#shared/contracts/map.ts";
import {
  AREA_KINDS,
  type AreaKind,
  E7,
  LINE_KINDS,
  STREET_CLASSES,
  STREET_FLAG,
  type StreetClass,
  type StreetNetwork,
} from "#shared/domain/city/city.ts";

import { eachRingPoint, eachRunPoint, type CityIndex } from "./city-index.ts";
import { entry } from "./column.ts";
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
    const kind = AREA_KINDS[entry(city.areas.kind, area)] ?? "grass";
    const layer = areaLayerOf(kind);
    const extentPx = areaRows.extentE7(area) / pixelE7;
    if (extentPx < SMALLEST_PX || (layer === "buildings" && z < BUILDINGS_FROM)) continue;
    const rings = ringsOf(index, area);
    const properties = layer === "buildings" ? {} : { kind };
    found[layer].push({ type: "Feature", properties, geometry: { type: "Polygon", coordinates: rings } });
    const name = NAMED_AREAS.has(kind) && extentPx >= SMALLEST_NAMED_PX ? city.names[entry(city.areas.name, area)] : "";
    if (name) found.labels.push(pointFeature(labelPoint(rings), { kind, name }));
  }
  return found;
}

function areaLayerOf(kind: AreaKind): "land" | "water" | "buildings" {
  if (kind === "building") return "buildings";
  return kind === "sea" || kind === "water" ? "water" : "land";
}

/** Rings of an area, closed. */
function ringsOf({ city }: CityIndex, area: number): Position[][] {
  const rings: Position[][] = [];
  for (let ring = entry(city.areas.firstRing, area); ring < entry(city.areas.firstRing, area + 1); ring++) {
    const points: Position[] = [];
    eachRingPoint(city, ring, (latE7, lngE7) => points.push([lngE7 / E7, latE7 / E7]));
    rings.push([...points, ...points.slice(0, 1)]);
  }
  return rings;
}

function linesIn({ city, lineRows }: CityIndex, box: BoxE7, z: number): Feature[] {
  const { lines, names } = city;
  return lineRows.in(box).flatMap((line) => {
    const kind = LINE_KINDS[entry(lines.kind, line)] ?? "rail";
    if (z < LINES_FROM[kind]) return [];
    const coordinates: Position[] = [];
    for (let at = entry(lines.pointStart, line); at < entry(lines.pointStart, line + 1); at++) {
      coordinates.push([entry(lines.lngE7, at) / E7, entry(lines.latE7, at) / E7]);
    }
    return [lineFeature(coordinates, { kind, ...named(names[entry(lines.name, line)]) })];
  });
}

function streetsIn({ city, runs, runRows }: CityIndex, box: BoxE7, z: number): Feature[] {
  const { streets, names } = city;
  return runRows.in(box).flatMap((run) => {
    const step = entry(runs.steps, entry(runs.start, run));
    const segment = step < 0 ? ~step : step;
    const streetClass = STREET_CLASSES[entry(streets.streetClass, segment)] ?? "residential";
    if (z < STREETS_FROM[streetClass]) return [];
    const coordinates: Position[] = [];
    eachRunPoint(city, runs, run, (latE7, lngE7) => coordinates.push([lngE7 / E7, latE7 / E7]));
    const name = named(names[entry(streets.name, segment)]);
    return [lineFeature(coordinates, { class: streetClass, ...name, ...looksOf(streets, segment) })];
  });
}

/** What of these is true of a segment. */
function looksOf(streets: StreetNetwork, segment: number): Record<string, true> {
  const flags = entry(streets.flags, segment);
  return {
    ...(flags & STREET_FLAG.tunnel ? { tunnel: true } : {}),
    ...(flags & STREET_FLAG.bridge ? { bridge: true } : {}),
    ...(flags & STREET_FLAG.link ? { link: true } : {}),
    ...(onewayOf(streets, segment) === 0 ? {} : { oneway: true }),
  };
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
    pointFeature([entry(lngE7, door) / E7, entry(latE7, door) / E7], {
      number: city.names[entry(number, door)] ?? "",
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
