import type { ExpressionSpecification, LayerSpecification, SymbolLayerSpecification } from "maplibre-gl";

import { allOf, byWord, byZoom, expression, grown, has, isOneOf, NAME, not, of } from "./expressions.ts";
import type { MapPaint } from "./map-colors.ts";

/** The reader's own interface type, as everywhere in the app: no font is fetched. The first name says the weight alone. */
const FAMILIES = ["ui-sans-serif", "system-ui", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"];
const REGULAR = ["Regular", ...FAMILIES];
const MEDIUM = ["Medium", ...FAMILIES];
const BOLD = ["Bold", ...FAMILIES];
const ITALIC = ["Italic", ...FAMILIES];

const QUARTERS = ["suburb", "quarter", "neighbourhood", "locality", "hamlet", "borough", "district"];
const GREENS = ["park", "wood", "sand", "cemetery", "square"];
const isMain = isOneOf("class", ["motorway", "trunk", "primary", "secondary"]);

/** Every name, those that give way first: where there is no room for two, the later layer's is shown. */
export function nameLayers(paint: MapPaint): LayerSpecification[] {
  return [...detailLayers(paint), ...streetNames(paint), ...placeLayers(paint), ...areaNames(paint)];
}

/** What is read from near by: which way a street goes, which door it is. */
function detailLayers(paint: MapPaint): LayerSpecification[] {
  return [
    {
      id: "oneway",
      type: "symbol",
      ...of("streets"),
      filter: has("oneway"),
      minzoom: 16,
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 140,
        "text-field": "→",
        "text-font": REGULAR,
        "text-size": 13,
        "text-keep-upright": false,
      },
      paint: { "text-color": paint.number },
    },
    {
      id: "number",
      type: "symbol",
      ...of("doors"),
      minzoom: 17,
      layout: {
        "text-field": expression("get", "number"),
        "text-font": REGULAR,
        "text-size": 10.5,
        "text-padding": 3,
      },
      paint: { ...haloOf(paint, 1.2), "text-color": paint.number },
    },
  ];
}

function streetNames(paint: MapPaint): LayerSpecification[] {
  const look = (size: ExpressionSpecification): NonNullable<SymbolLayerSpecification["layout"]> => ({
    "symbol-placement": "line",
    "symbol-spacing": 320,
    "text-field": NAME,
    "text-font": MEDIUM,
    "text-size": size,
    "text-max-angle": 35,
    "text-padding": 6,
  });
  return [
    {
      id: "street-name",
      type: "symbol",
      ...of("streets"),
      filter: allOf(has("name"), not(isMain)),
      minzoom: 14.5,
      layout: look(grown([14, 10], [18, 14])),
      paint: { ...haloOf(paint, 1.5), "text-color": paint.streetName },
    },
    {
      id: "main-name",
      type: "symbol",
      ...of("streets"),
      filter: allOf(has("name"), isMain),
      minzoom: 12.5,
      layout: look(grown([12, 10.5], [18, 15])),
      paint: { ...haloOf(paint, 1.5), "text-color": paint.mainName },
    },
  ];
}

/** Dots with names: somewhere to eat, and what people find their way by. */
function placeLayers(paint: MapPaint): LayerSpecification[] {
  const color = expression("case", has("food"), paint.food, paint.place);
  return [
    {
      id: "place-dot",
      type: "circle",
      ...of("places"),
      minzoom: 15.5,
      paint: {
        "circle-color": color,
        "circle-radius": grown([15, 2], [18, 4]),
        "circle-stroke-color": paint.halo,
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: "place-name",
      type: "symbol",
      ...of("places"),
      minzoom: 16,
      layout: {
        "text-field": NAME,
        "text-font": MEDIUM,
        "text-size": grown([16, 10.5], [18, 12.5]),
        "text-anchor": "top",
        "text-offset": [0, 0.5],
        "text-max-width": 8,
      },
      paint: { ...haloOf(paint, 1.4), "text-color": color },
    },
  ];
}

function areaNames(paint: MapPaint): LayerSpecification[] {
  return [
    {
      ...pointName("park-name", GREENS),
      minzoom: 13,
      layout: {
        "text-field": NAME,
        "text-font": MEDIUM,
        "text-size": grown([13, 10.5], [18, 14]),
        "text-max-width": 7,
      },
      paint: { ...haloOf(paint, 1.3), "text-color": paint.parkName },
    },
    {
      ...pointName("water-name", ["sea", "water"]),
      minzoom: 11,
      layout: {
        "text-field": NAME,
        "text-font": ITALIC,
        "text-size": grown([11, 11], [18, 15]),
        "text-letter-spacing": 0.06,
        "text-max-width": 7,
      },
      paint: { ...haloOf(paint, 1.2), "text-halo-color": paint.water, "text-color": paint.waterName },
    },
    {
      ...pointName("quarter-name", QUARTERS),
      minzoom: 11,
      maxzoom: 16.5,
      layout: {
        "text-field": NAME,
        "text-font": BOLD,
        "text-size": grown([11, 9.5], [16, 13]),
        "text-transform": "uppercase",
        "text-letter-spacing": 0.1,
        "text-max-width": 8,
        "text-padding": 12,
      },
      paint: { ...haloOf(paint, 1.8), "text-color": paint.quarter },
    },
    {
      ...pointName("town-name", ["town", "village"]),
      maxzoom: 14,
      layout: {
        "text-field": NAME,
        "text-font": BOLD,
        "text-size": byZoom([9, 11], [13, 15]),
        "symbol-sort-key": byWord("kind", { town: 0 }, 1),
      },
      paint: { ...haloOf(paint, 2), "text-color": paint.town },
    },
    {
      // Whoever sees its streets knows which city it is.
      ...pointName("city-name", ["city"]),
      maxzoom: 12.3,
      layout: { "text-field": NAME, "text-font": BOLD, "text-size": byZoom([9, 17], [12, 23]) },
      paint: { ...haloOf(paint, 2), "text-color": paint.town },
    },
  ];
}

function pointName(id: string, kinds: readonly string[]) {
  return { id, type: "symbol" as const, ...of("labels"), filter: isOneOf("kind", kinds) };
}

function haloOf(paint: MapPaint, widthPx: number) {
  return { "text-halo-color": paint.halo, "text-halo-width": widthPx };
}
