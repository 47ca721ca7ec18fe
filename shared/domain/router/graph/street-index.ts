import { E7, type StreetNetwork } from "../../city/city.ts";
import { DEGREE_M, distanceM } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import { between } from "./shape.ts";

const CELL_M = 120;
/** A frame of a whole country gets coarser cells instead of more. */
const CELLS_A_SEGMENT = 8;

/** A place on a street. */
export interface OnStreet {
  readonly segment: number;
  /** How far along the segment from its first node, 0 to 1. */
  readonly share: number;
  readonly point: Point;
  /** From the point that was asked for. */
  readonly distanceM: number;
}

export interface StreetIndex {
  /**
   * The nearest places on as many streets, nearest first, of equals the segment that comes first. It costs what lies within
   * `withinM`, and nothing where the whole network is further away; without, a point far from every street costs the whole grid.
   *
   * @param admits which segments count: its value is above 0
   */
  nearest(point: Point, admits: Uint8Array, count: number, withinM?: number): OnStreet[];
}

/** A grid over all segments: each cell knows the segments that a straight piece of them may cross. */
export function makeStreetIndex(streets: StreetNetwork): StreetIndex {
  const plane = planeOf(streets);
  const { cells, first, items } = gridOf(streets, plane);
  const seen = new Uint32Array(streets.from.length);
  let turn = 0;

  return {
    nearest(point, admits, count, withinM = Infinity) {
      turn += 1;
      const [x, y] = [plane.x(point.lng * E7), plane.y(point.lat * E7)];
      const found: { segment: number; share: number; squareM: number; at: Point }[] = [];
      const worst = () => Math.min(withinM, found.length < count ? Infinity : Math.sqrt(found.at(-1)?.squareM ?? 0));
      const look = (cell: number): void => {
        for (let at = first[cell] ?? 0; at < (first[cell + 1] ?? 0); at++) {
          const segment = items[at] ?? 0;
          if (seen[segment] === turn || admits[segment] === 0) continue;
          seen[segment] = turn;
          const on = projected(streets, plane, segment, x, y);
          if (on.squareM > worst() ** 2) continue;
          const place = found.findIndex(
            (each) => on.squareM < each.squareM || (on.squareM === each.squareM && segment < each.segment),
          );
          found.splice(place < 0 ? found.length : place, 0, { segment, ...on });
          found.length = Math.min(found.length, count);
        }
      };
      const [column, row] = [cells.column(x), cells.row(y)];
      const furthest = Math.max(cells.columns, cells.rows);
      const outsideM = plane.outsideM(x, y);
      // What lies outside of ring r - 1 is r - 1 cells from the frame's nearest place, and that square to the way to the frame.
      const awayM = (ring: number) => Math.hypot(outsideM, Math.max(0, ring - 1) * cells.sizeM);
      for (let ring = 0; ring <= furthest && awayM(ring) <= worst(); ring++) {
        eachOfRing(cells, column, row, ring, look);
      }
      return found.map(({ segment, share, at }) => ({ segment, share, point: at, distanceM: distanceM(point, at) }));
    },
  };
}

interface Plane {
  readonly x: (lngE7: number) => number;
  readonly y: (latE7: number) => number;
  readonly widthM: number;
  readonly heightM: number;
  /** How far a place is from the network's frame, 0 inside. */
  readonly outsideM: (x: number, y: number) => number;
}

/** Metres east and north of the network's south-west corner. */
function planeOf({ nodeLatE7, nodeLngE7, shapeLatE7, shapeLngE7 }: StreetNetwork): Plane {
  const [south, north] = extremes(nodeLatE7, shapeLatE7);
  const [west, east] = extremes(nodeLngE7, shapeLngE7);
  const metres = DEGREE_M / E7;
  const metresEast = metres * Math.cos((((south + north) / 2 / E7) * Math.PI) / 180);
  const [widthM, heightM] = [(east - west) * metresEast, (north - south) * metres];
  return {
    x: (lngE7) => (lngE7 - west) * metresEast,
    y: (latE7) => (latE7 - south) * metres,
    widthM,
    heightM,
    outsideM: (x, y) => Math.hypot(x - Math.min(widthM, Math.max(0, x)), y - Math.min(heightM, Math.max(0, y))),
  };
}

function extremes(...columns: readonly Int32Array[]): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const column of columns) {
    for (const value of column) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return least <= most ? [least, most] : [0, 0];
}

interface Cells {
  readonly sizeM: number;
  readonly columns: number;
  readonly rows: number;
  readonly column: (x: number) => number;
  readonly row: (y: number) => number;
}

function cellsOf({ widthM, heightM }: Plane, segments: number): Cells {
  const sizeM = Math.max(CELL_M, Math.sqrt((widthM * heightM) / (CELLS_A_SEGMENT * segments + 1)));
  const columns = Math.floor(widthM / sizeM) + 1;
  const rows = Math.floor(heightM / sizeM) + 1;
  const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(value / sizeM)));
  return { sizeM, columns, rows, column: (x) => clamp(x, columns), row: (y) => clamp(y, rows) };
}

function gridOf(streets: StreetNetwork, plane: Plane) {
  const cells = cellsOf(plane, streets.from.length);
  const last = new Uint32Array(cells.columns * cells.rows);
  /** Calls once for each segment and cell that the box of one of its straight pieces touches. */
  const each = (call: (cell: number, segment: number) => void): void => {
    last.fill(0);
    for (let segment = 0; segment < streets.from.length; segment++) {
      eachPiece(streets, plane, segment, (ax, ay, bx, by) => {
        const [right, top] = [cells.column(Math.max(ax, bx)), cells.row(Math.max(ay, by))];
        for (let row = cells.row(Math.min(ay, by)); row <= top; row++) {
          for (let column = cells.column(Math.min(ax, bx)); column <= right; column++) {
            const cell = row * cells.columns + column;
            if (last[cell] === segment + 1) continue;
            last[cell] = segment + 1;
            call(cell, segment);
          }
        }
      });
    }
  };
  const first = new Uint32Array(last.length + 1);
  each((cell) => {
    first[cell + 1] = (first[cell + 1] ?? 0) + 1;
  });
  for (let cell = 1; cell < first.length; cell++) first[cell] = (first[cell] ?? 0) + (first[cell - 1] ?? 0);
  const items = new Uint32Array(first.at(-1) ?? 0);
  const next = first.slice();
  each((cell, segment) => {
    const at = next[cell] ?? 0;
    next[cell] = at + 1;
    items[at] = segment;
  });
  return { cells, first, items };
}

function eachOfRing({ columns, rows }: Cells, column: number, row: number, ring: number, look: (cell: number) => void) {
  for (let y = Math.max(0, row - ring); y <= Math.min(rows - 1, row + ring); y++) {
    const edge = Math.abs(y - row) === ring;
    const step = edge || ring === 0 ? 1 : 2 * ring;
    for (let x = column - ring; x <= column + ring; x += step) {
      if (x >= 0 && x < columns) look(y * columns + x);
    }
  }
}

/** Calls for each straight piece of a segment with its ends, metres in the plane. */
function eachPiece(
  streets: StreetNetwork,
  { x, y }: Plane,
  segment: number,
  call: (ax: number, ay: number, bx: number, by: number) => void,
): void {
  const [from, to] = [streets.from[segment] ?? 0, streets.to[segment] ?? 0];
  let [ax, ay] = [x(streets.nodeLngE7[from] ?? 0), y(streets.nodeLatE7[from] ?? 0)];
  for (let at = streets.shapeStart[segment] ?? 0; at < (streets.shapeStart[segment + 1] ?? 0); at++) {
    const [bx, by] = [x(streets.shapeLngE7[at] ?? 0), y(streets.shapeLatE7[at] ?? 0)];
    call(ax, ay, bx, by);
    [ax, ay] = [bx, by];
  }
  call(ax, ay, x(streets.nodeLngE7[to] ?? 0), y(streets.nodeLatE7[to] ?? 0));
}

/** The place of a segment that is nearest to (x, y). */
function projected(streets: StreetNetwork, plane: Plane, segment: number, x: number, y: number) {
  let [squareM, alongM, wholeM, piece, onPiece, index] = [Infinity, 0, 0, 0, 0, 0];
  eachPiece(streets, plane, segment, (ax, ay, bx, by) => {
    const [dx, dy] = [bx - ax, by - ay];
    const square = dx * dx + dy * dy;
    const longM = Math.sqrt(square);
    const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
    const away = (ax + t * dx - x) ** 2 + (ay + t * dy - y) ** 2;
    if (away < squareM) [squareM, alongM, piece, onPiece] = [away, wholeM + t * longM, index, t];
    wholeM += longM;
    index += 1;
  });
  return {
    squareM,
    share: wholeM === 0 ? 0 : Math.min(1, alongM / wholeM),
    at: pointOn(streets, segment, piece, onPiece),
  };
}

function pointOn(streets: StreetNetwork, segment: number, piece: number, share: number): Point {
  const start = streets.shapeStart[segment] ?? 0;
  const inner = (streets.shapeStart[segment + 1] ?? 0) - start;
  const at = (index: number): Point => {
    const node = index === 0 ? streets.from[segment] : index > inner ? streets.to[segment] : undefined;
    const [lats, lngs] =
      node === undefined ? [streets.shapeLatE7, streets.shapeLngE7] : [streets.nodeLatE7, streets.nodeLngE7];
    const place = node ?? start + index - 1;
    return { lat: (lats[place] ?? 0) / E7, lng: (lngs[place] ?? 0) / E7 };
  };
  return between(at(piece), at(piece + 1), share);
}
