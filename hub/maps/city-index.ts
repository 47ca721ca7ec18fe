import Flatbush from "flatbush";

import { E7, type City } from "#shared/domain/city/city.ts";

import { entry } from "./column.ts";
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
    areaRows: rowsOf(areas.kind.length, (area, put) => eachRingPoint(city, entry(areas.firstRing, area), put)),
    lineRows: rowsOf(lines.kind.length, (line, put) => {
      for (let at = entry(lines.pointStart, line); at < entry(lines.pointStart, line + 1); at++) {
        put(entry(lines.latE7, at), entry(lines.lngE7, at));
      }
    }),
    doorRows: rowsOf(addresses.latE7.length, (door, put) =>
      put(entry(addresses.latE7, door), entry(addresses.lngE7, door)),
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
  const putNode = (node: number) => put(entry(streets.nodeLatE7, node), entry(streets.nodeLngE7, node));
  for (let at = entry(runs.start, run); at < entry(runs.start, run + 1); at++) {
    const step = entry(runs.steps, at);
    const segment = step < 0 ? ~step : step;
    const [begin, end] = [entry(streets.shapeStart, segment), entry(streets.shapeStart, segment + 1)];
    if (at === runs.start[run]) putNode(entry(step < 0 ? streets.to : streets.from, segment));
    for (let inner = 0; inner < end - begin; inner++) {
      const shape = step < 0 ? end - 1 - inner : begin + inner;
      put(entry(streets.shapeLatE7, shape), entry(streets.shapeLngE7, shape));
    }
    putNode(entry(step < 0 ? streets.from : streets.to, segment));
  }
}

/** The points of a ring, the first not repeated. */
export function eachRingPoint({ areas }: City, ring: number, put: (latE7: number, lngE7: number) => void): void {
  for (let at = entry(areas.ringStart, ring); at < entry(areas.ringStart, ring + 1); at++) {
    put(entry(areas.latE7, at), entry(areas.lngE7, at));
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
    extentE7: (row) => entry(extents, row),
  };
}
