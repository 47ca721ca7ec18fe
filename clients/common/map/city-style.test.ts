import type { LayerSpecification } from "maplibre-gl";
import { expect, test } from "vitest";

import { MAP_LAYERS, MAP_ZOOM, type MarketMap } from "#shared/contracts/map.ts";

import { cityStyle, LABELS_FROM, plainStyle } from "./city-style.ts";
import { DAY, NIGHT } from "./map-colors.ts";

const CENTER = { lat: -34.9, lng: -56.17 };
const map: MarketMap = {
  tiles: "https://hub.example/v1/maps/abcdefgh/1/{z}/{x}/{y}.mvt",
  minZoom: MAP_ZOOM.min,
  maxZoom: MAP_ZOOM.max,
  southWest: { lat: -35, lng: -56.3 },
  northEast: { lat: -34.8, lng: -56 },
  attribution: "© OpenStreetMap contributors",
  licence: "ODbL-1.0",
};

/** Fields that a layer's expressions and filter read. */
function fieldsOf(part: unknown): string[] {
  if (Array.isArray(part)) {
    const [operator, field] = part;
    const own = (operator === "get" || operator === "has") && typeof field === "string" ? [field] : [];
    return [...own, ...part.flatMap(fieldsOf)];
  }
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(fieldsOf) : [];
}

function cityLayersOf(layers: readonly LayerSpecification[]) {
  return layers.flatMap((layer) => ("source" in layer && layer.source === "city" ? [layer] : []));
}

test("[MAP6] the style names only layers and fields that tiles have, and leaves no layer undrawn", () => {
  const layers = cityLayersOf(cityStyle(map, DAY).layers);
  for (const layer of layers) {
    const name = layer["source-layer"] ?? "";
    expect(Object.keys(MAP_LAYERS)).toContain(name);
    const known: readonly string[] = MAP_LAYERS[name as keyof typeof MAP_LAYERS]; // Cast: checked above.
    expect({ id: layer.id, unknown: fieldsOf(layer).filter((field) => !known.includes(field)) }).toEqual({
      id: layer.id,
      unknown: [],
    });
  }
  expect(new Set(layers.map((layer) => layer["source-layer"]))).toEqual(new Set(Object.keys(MAP_LAYERS)));
});

test("[MAP6] by night there are the same layers, each in other colours", () => {
  const [day, night] = [cityStyle(map, DAY), cityStyle(map, NIGHT)];
  expect(night.layers.map(({ id }) => id)).toEqual(day.layers.map(({ id }) => id));
  expect(new Set(day.layers.map(({ id }) => id)).size).toBe(day.layers.length);
  const colours = (layer: LayerSpecification) => JSON.stringify(layer.paint).match(/#[0-9a-f]{6}/gu) ?? [];
  for (const [at, layer] of day.layers.entries()) {
    const other = night.layers[at];
    if (layer.id !== LABELS_FROM) expect(colours(layer), layer.id).not.toEqual(other && colours(other));
  }
});

test("[MAP6] names stand above everything else, with a place for clients' layers below them", () => {
  const { layers } = cityStyle(map, DAY);
  const from = layers.findIndex(({ id }) => id === LABELS_FROM);
  expect(layers.slice(0, from).some(({ type }) => type === "symbol")).toBe(false);
  expect(layers.slice(from + 1).every(({ type }) => type === "symbol" || type === "circle")).toBe(true);
  expect(plainStyle(DAY, CENTER).layers.at(-1)?.id).toBe(LABELS_FROM);
});

test("[MAP1] the notice stands with the tiles, with a link to the licence; tiles are asked for in the frame alone", () => {
  const { city } = cityStyle({ ...map, attribution: "© <b>OSM</b> & others" }, DAY).sources;
  expect(city).toMatchObject({
    type: "vector",
    tiles: [map.tiles],
    bounds: [-56.3, -35, -56, -34.8],
    attribution: expect.stringContaining('href="https://www.openstreetmap.org/copyright"'),
  });
  expect(JSON.stringify(city)).toContain("© &lt;b>OSM&lt;/b> &amp; others");
});

test("while tiles cannot be had, the grid is drawn below them", () => {
  const { layers, sources } = cityStyle(map, DAY, CENTER);
  expect(layers.map(({ id }) => id).slice(0, 2)).toEqual(["paper", "grid"]);
  expect(Object.keys(sources).toSorted()).toEqual(["city", "grid"]);
  expect(Object.keys(cityStyle(map, DAY).sources)).toEqual(["city"]);
});
