import type { StyleSpecification } from "maplibre-gl";

import type { Point } from "#shared/contracts/geo.ts";
import type { MarketMap } from "#shared/contracts/map.ts";

import { CITY_SOURCE } from "./expressions.ts";
import { gridAround } from "./grid.ts";
import { groundLayers } from "./ground-style.ts";
import type { MapPaint } from "./map-colors.ts";
import { nameLayers } from "./name-style.ts";
import { streetLayers } from "./street-style.ts";

/** The first layer of names: what is drawn before it (`beforeId`) lies over streets and under every name. */
export const LABELS_FROM = "labels-from";

/**
 * The style of a city's map.
 *
 * @param grid drawn under it while its tiles cannot be had
 */
export function cityStyle(map: MarketMap, paint: MapPaint, grid?: Point): StyleSpecification {
  const { southWest, northEast } = map;
  const plain = plainStyle(paint, grid);
  return {
    version: 8,
    sources: {
      ...plain.sources,
      [CITY_SOURCE]: {
        type: "vector",
        tiles: [map.tiles],
        minzoom: map.minZoom,
        maxzoom: map.maxZoom,
        bounds: [southWest.lng, southWest.lat, northEast.lng, northEast.lat],
        attribution: attributionOf(map),
      },
    },
    layers: [
      ...plain.layers.filter(({ id }) => id !== LABELS_FROM),
      ...groundLayers(paint),
      ...streetLayers(paint),
      ...plain.layers.filter(({ id }) => id === LABELS_FROM),
      ...nameLayers(paint),
    ],
  };
}

/** Paper, and a grid of 500 m around a place, where nothing is known of the streets. */
export function plainStyle(paint: MapPaint, grid?: Point): StyleSpecification {
  const coordinates = grid ? gridAround(grid, 500, 40).map((line) => line.map(([lng, lat]) => [lng, lat])) : [];
  const data = { type: "MultiLineString" as const, coordinates };
  return {
    version: 8,
    sources: grid ? { grid: { type: "geojson", data } } : {},
    layers: [
      { id: "paper", type: "background", paint: { "background-color": paint.paper } },
      ...(grid
        ? [
            {
              id: "grid",
              type: "line" as const,
              source: "grid",
              paint: { "line-color": paint.grid, "line-width": 1 },
            },
          ]
        : []),
      { id: LABELS_FROM, type: "background", layout: { visibility: "none" } },
    ],
  };
}

/** The notice with the link that its licence asks for. */
function attributionOf({ attribution }: MarketMap): string {
  const text = attribution.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">${text}</a>`;
}
