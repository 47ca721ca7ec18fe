import type { LayerSpecification } from "maplibre-gl";

import { byWord, byZoom, grown, isOneOf, of } from "./expressions.ts";
import type { MapPaint } from "./map-colors.ts";

/** What streets lie on. */
export function groundLayers(paint: MapPaint): LayerSpecification[] {
  const { park, wood, pitch, sand, cemetery, school, hospital, industrial, square } = paint;
  const land = { park, wood, pitch, sand, cemetery, school, hospital, industrial, square };
  return [
    { id: "land", type: "fill", ...of("land"), paint: { "fill-color": byWord("kind", land, paint.grass) } },
    {
      id: "water",
      type: "fill",
      ...of("water"),
      paint: { "fill-color": byWord("kind", { sea: paint.sea }, paint.water) },
    },
    {
      id: "stream",
      type: "line",
      ...of("lines"),
      filter: isOneOf("kind", ["waterway"]),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": paint.water, "line-width": grown([12, 0.8], [18, 5]) },
    },
    {
      id: "building",
      type: "fill",
      ...of("buildings"),
      minzoom: 14,
      paint: {
        "fill-color": paint.building,
        "fill-outline-color": paint.buildingEdge,
        "fill-opacity": byZoom([14, 0.4], [15.5, 1]),
      },
    },
    ...railLayers(paint),
  ];
}

function railLayers(paint: MapPaint): LayerSpecification[] {
  const rail = { type: "line", ...of("lines"), filter: isOneOf("kind", ["rail"]) } as const;
  return [
    {
      ...rail,
      id: "rail",
      paint: { "line-color": paint.rail, "line-width": grown([11, 0.6], [14, 1.2], [18, 3]) },
    },
    {
      ...rail,
      id: "rail-ties",
      minzoom: 14,
      paint: { "line-color": paint.rail, "line-width": grown([14, 4], [18, 9]), "line-dasharray": [0.25, 2] },
    },
  ];
}
