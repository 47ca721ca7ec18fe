/** A point in a tile's own whole numbers. */
export interface TilePoint {
  readonly x: number;
  readonly y: number;
}

/** The pieces of a line that lie in the square from 0 to `extent`, cut at its edges (Liang and Barsky, ACM TOG 3, 1984). */
export function clipLine(line: readonly TilePoint[], extent: number): TilePoint[][] {
  const pieces: TilePoint[][] = [];
  let current: TilePoint[] = [];
  for (const [index, to] of line.entries()) {
    const from = line[index - 1];
    if (!from) continue;
    const inside = clipSegment(from, to, extent);
    if (!inside) continue;
    const [a, b] = inside;
    const last = current.at(-1);
    if (!last || last.x !== a.x || last.y !== a.y) {
      current = [a];
      pieces.push(current);
    }
    if (a.x !== b.x || a.y !== b.y) current.push(b);
  }
  return pieces.filter((piece) => piece.length > 1);
}

function clipSegment(a: TilePoint, b: TilePoint, extent: number): [TilePoint, TilePoint] | undefined {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  let [enter, leave] = [0, 1];
  for (const [step, room] of [
    [-dx, a.x],
    [dx, extent - a.x],
    [-dy, a.y],
    [dy, extent - a.y],
  ] as const) {
    if (step === 0 && room < 0) return undefined;
    if (step < 0) enter = Math.max(enter, room / step);
    if (step > 0) leave = Math.min(leave, room / step);
  }
  if (enter > leave) return undefined;
  const at = (share: number): TilePoint => ({ x: Math.round(a.x + share * dx), y: Math.round(a.y + share * dy) });
  return [enter === 0 ? a : at(enter), leave === 1 ? b : at(leave)];
}

/**
 * The part of a closed ring (first point not repeated) in the square from 0 to `extent`; empty when none is (Sutherland and
 * Hodgman, CACM 17, 1974). Parts that lie apart stay joined along the edge, which fills the same.
 */
export function clipRing(ring: readonly TilePoint[], extent: number): TilePoint[] {
  const sides: readonly (readonly ["x" | "y", number, number])[] = [
    ["x", 0, 1],
    ["x", extent, -1],
    ["y", 0, 1],
    ["y", extent, -1],
  ];
  let points = [...ring];
  for (const [axis, edge, sign] of sides) {
    const isIn = (point: TilePoint): boolean => (point[axis] - edge) * sign >= 0;
    if (points.every(isIn)) continue;
    points = points.flatMap((point, index) => {
      const before = points.at(index - 1) ?? point;
      const crossing = isIn(point) === isIn(before) ? [] : [crossingAt(before, point, axis, edge)];
      return isIn(point) ? [...crossing, point] : crossing;
    });
  }
  return points.length > 2 ? points : [];
}

function crossingAt(a: TilePoint, b: TilePoint, axis: "x" | "y", edge: number): TilePoint {
  const share = (edge - a[axis]) / (b[axis] - a[axis]);
  const along = axis === "x" ? "y" : "x";
  const other = Math.round(a[along] + share * (b[along] - a[along]));
  return axis === "x" ? { x: edge, y: other } : { x: other, y: edge };
}
