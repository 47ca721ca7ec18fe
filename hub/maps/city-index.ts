import Flatbush from "flatbush";

import { E7, type City } from "#shared/domain/city/city.ts";

import { joinStreets, type StreetRuns } from "./street-runs.ts";
import type { BoxE7 } from "./web-mercator.ts";

/** Which rows of a table touch a box, in the table's order. */
export interface Rows {
  in(box: BoxE7): number[];
  /** The longer side of a row's own box, ten-millionths of a degree. */
  extentE7(row: number): number;
}

/** A city ready to be cut into tiles. Beside the city's own arrays it holds some 20 bytes for each row. */
export interface CityIndex {
  readonly city: City;
  readonly runs: StreetRuns;
  readonly runRows: Rows;
  readonly areaRows: Rows;
  readonly lineRows: Rows;
  readonly doorRows: Rows;
}

/** Calls with every point of row `row`, ten-millionths of a degree. */
type EachPoint = (row: number, put: (latE7: number, lngE7: number) => void) => void;

export function indexCity(city: City): CityIndex {
  const runs = joinStreets(city.streets);
  const { areas, lines, addresses } = city;
  return {
    city,
    runs,
    runRows: rowsOf(runs.start.length - 1, (run, put) => eachRunPoint(city, runs, run, put)),
    // A hole lies inside its outer ring.
    areaRows: rowsOf(areas.kind.length, (area, put) => eachRingPoint(city, areas.firstRing[area] ?? 0, put)),
    lineRows: rowsOf(lines.kind.length, (line, put) => {
      for (let at = lines.pointStart[line] ?? 0; at < (lines.pointStart[line + 1] ?? 0); at++) {
        put(lines.latE7[at] ?? 0, lines.lngE7[at] ?? 0);
      }
    }),
    doorRows: rowsOf(addresses.latE7.length, (door, put) =>
      put(addresses.latE7[door] ?? 0, addresses.lngE7[door] ?? 0),
    ),
  };
}

/** The points of a run of segments, in the order in which it is drawn; where two segments meet, once. */
export function eachRunPoint(
  { streets }: City,
  runs: StreetRuns,
  run: number,
  put: (latE7: number, lngE7: number) => void,
): void {
  const putNode = (node: number) => put(streets.nodeLatE7[node] ?? 0, streets.nodeLngE7[node] ?? 0);
  for (let at = runs.start[run] ?? 0; at < (runs.start[run + 1] ?? 0); at++) {
    const step = runs.steps[at] ?? 0;
    const segment = step < 0 ? ~step : step;
    const [begin, end] = [streets.shapeStart[segment] ?? 0, streets.shapeStart[segment + 1] ?? 0];
    if (at === runs.start[run]) putNode((step < 0 ? streets.to : streets.from)[segment] ?? 0);
    for (let inner = 0; inner < end - begin; inner++) {
      const shape = step < 0 ? end - 1 - inner : begin + inner;
      put(streets.shapeLatE7[shape] ?? 0, streets.shapeLngE7[shape] ?? 0);
    }
    putNode((step < 0 ? streets.from : streets.to)[segment] ?? 0);
  }
}

/** The points of a ring, the first not repeated. */
export function eachRingPoint({ areas }: City, ring: number, put: (latE7: number, lngE7: number) => void): void {
  for (let at = areas.ringStart[ring] ?? 0; at < (areas.ringStart[ring + 1] ?? 0); at++) {
    put(areas.latE7[at] ?? 0, areas.lngE7[at] ?? 0);
  }
}

function rowsOf(count: number, eachPoint: EachPoint): Rows {
  // The tree takes no table without rows.
  if (count === 0) return { in: () => [], extentE7: () => 0 };
  const tree = new Flatbush(count, 16, Int32Array);
  const extents = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    let [west, south, east, north] = [180 * E7, 90 * E7, -180 * E7, -90 * E7];
    eachPoint(row, (latE7, lngE7) => {
      [west, east] = [Math.min(west, lngE7), Math.max(east, lngE7)];
      [south, north] = [Math.min(south, latE7), Math.max(north, latE7)];
    });
    tree.add(west, south, east, north);
    extents[row] = Math.max(0, east - west, north - south);
  }
  tree.finish();
  return {
    in: (box) => tree.search(...box).toSorted((a, b) => a - b),
    extentE7: (row) => extents[row] ?? 0,
  };
}
