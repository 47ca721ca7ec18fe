import type { ExpressionSpecification, LineLayerSpecification } from "maplibre-gl";

import type { StreetClass } from "#shared/domain/city/city.ts";

import { allOf, byWord, byZoom, expression, grown, has, isOneOf, not, of } from "./expressions.ts";
import type { MapPaint } from "./map-colors.ts";

/** How wide a street is drawn at these zooms, pixels, by its class; widest last drawn. Paths are drawn apart. */
const ZOOMS = [9, 12, 14, 16, 18] as const;
type Widths = readonly [number, number, number, number, number];
const WIDTHS: Readonly<Partial<Record<StreetClass, Widths>>> = {
  service: [0, 0, 1, 4, 10],
  track: [0, 0, 0.8, 2.5, 7],
  pedestrian: [0, 0.4, 2, 6, 15],
  living_street: [0, 0.5, 2.2, 7, 19],
  residential: [0, 0.5, 2.2, 7.5, 20],
  unclassified: [0, 0.6, 2.5, 8, 21],
  tertiary: [0, 1.2, 3.6, 9.5, 24],
  secondary: [0.7, 1.9, 4.6, 11, 27],
  primary: [1.1, 2.6, 5.6, 12.5, 30],
  trunk: [1.4, 3, 6.4, 13.5, 32],
  motorway: [1.6, 3.4, 7, 14.5, 34],
};
const DRAWN = Object.keys(WIDTHS);
const PATHS: readonly StreetClass[] = ["cycleway", "footway", "path", "steps"];
const LINK_SHARE = 0.7;

/** Paths, then streets from below to above: tunnels, the ground, bridges; edges before fillings, so that crossings are open. */
export function streetLayers(paint: MapPaint): LineLayerSpecification[] {
  const levels: readonly (readonly [Level, ExpressionSpecification])[] = [
    ["tunnel", has("tunnel")],
    ["street", allOf(not(has("tunnel")), not(has("bridge")))],
    ["bridge", allOf(has("bridge"), not(has("tunnel")))],
  ];
  return [
    pathLayer(paint),
    ...levels.flatMap(([level, filter]) => {
      const drawn = allOf(isOneOf("class", DRAWN), filter);
      return [edgeLayer(paint, level, drawn), fillingLayer(paint, level, drawn)];
    }),
  ];
}

type Level = "tunnel" | "street" | "bridge";

function pathLayer(paint: MapPaint): LineLayerSpecification {
  return {
    id: "path",
    type: "line",
    ...of("streets"),
    filter: isOneOf("class", PATHS),
    minzoom: 15,
    paint: { "line-color": paint.path, "line-width": grown([15, 0.8], [18, 2.5]), "line-dasharray": [2, 1.5] },
  };
}

function edgeLayer(paint: MapPaint, level: Level, filter: ExpressionSpecification): LineLayerSpecification {
  return {
    id: `${level}-edge`,
    type: "line",
    ...of("streets"),
    filter,
    minzoom: 11,
    layout: { "line-cap": level === "street" ? "round" : "butt", "line-join": "round", "line-sort-key": RANK },
    paint: {
      "line-color": byTier(paint.motorwayEdge, paint.mainEdge, paint.streetEdge),
      "line-width": widths(1.6),
      "line-opacity": byZoom([11, 0], [13.5, 1]),
      ...(level === "tunnel" ? { "line-dasharray": [1.2, 0.8] } : {}),
    },
  };
}

function fillingLayer(paint: MapPaint, level: Level, filter: ExpressionSpecification): LineLayerSpecification {
  return {
    id: `${level}-filling`,
    type: "line",
    ...of("streets"),
    filter,
    layout: { "line-cap": level === "tunnel" ? "butt" : "round", "line-join": "round", "line-sort-key": RANK },
    paint: {
      // From afar main streets stand without edges: they take the edge's stronger colour.
      "line-color": byZoom(
        [11, byTier(paint.motorwayFar, paint.mainFar, paint.street)],
        [13.5, byTier(paint.motorway, paint.main, paint.street)],
      ),
      "line-width": widths(0),
      ...(level === "tunnel" ? { "line-opacity": 0.55 } : {}),
    },
  };
}

/** Streets of a higher class lie over those of a lower. */
const RANK = byWord("class", Object.fromEntries(DRAWN.map((name, rank) => [name, rank])), 0);

function byTier(motorway: string, main: string, street: string): ExpressionSpecification {
  return byWord("class", { motorway, trunk: motorway, primary: main, secondary: main }, street);
}

/** Widths by zoom and class, slip roads narrower, and so much wider for the edge on both sides together. */
function widths(edgePx: number): ExpressionSpecification {
  const stops = ZOOMS.map((zoom, at) => {
    const byClass = Object.fromEntries(Object.entries(WIDTHS).map(([name, each]) => [name, each[at]]));
    const width = byWord("class", byClass, 0);
    const share = expression("case", has("link"), LINK_SHARE, 1);
    return [zoom, expression("+", edgePx, expression("*", width, share))] as const;
  });
  return grown(...stops);
}
