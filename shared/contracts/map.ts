import { z } from "zod";

import { point } from "./geo.ts";

/**
 * Raised whenever the same city comes out in other tiles (a test says when): a tile's name is kept for a year by whoever
 * has fetched it, so other tiles need other names.
 */
export const MAP_VERSION = 1;

/** Zooms at which tiles are made; beyond the last a map draws that one larger. */
export const MAP_ZOOM = { min: 9, max: 16 } as const;

/**
 * What a tile holds: its layers, and the fields of their features. The hub makes no others, and a style names no others.
 * `kind` is the city's own word for it (shared/domain/city/city.ts), `class` a street's.
 */
export const MAP_LAYERS = {
  /** Polygons: parks, woods, sand, schools, squares… */
  land: ["kind"],
  /** Polygons: sea, lakes. */
  water: ["kind"],
  /** Polygons. */
  buildings: [],
  /** Lines: railways, streams. */
  lines: ["kind", "name"],
  /** Lines in the direction of travel, where there is only one (`oneway`). All but class and name only where true. */
  streets: ["class", "name", "tunnel", "bridge", "link", "oneway"],
  /** Points: names of quarters, towns, parks, lakes. */
  labels: ["kind", "name"],
  /** Points: where one eats (`food`), and what people find their way by. */
  places: ["kind", "name", "food"],
  /** Points: house numbers. */
  doors: ["number"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type MapLayer = keyof typeof MAP_LAYERS;

/** What a client needs to draw a market's city. */
export const marketMap = z.object({
  /** Path of a tile at this hub; `{z}`, `{x}` and `{y}` stand for its place in the pyramid of Web Mercator. */
  tiles: z.string(),
  minZoom: z.int(),
  maxZoom: z.int(),
  /** There are tiles in this frame alone. */
  southWest: point,
  northEast: point,
  /** To be shown on every map that is drawn from the tiles. */
  attribution: z.string(),
  licence: z.string(),
});
export type MarketMap = z.output<typeof marketMap>;
