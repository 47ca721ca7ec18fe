/** A point in whole numbers: of a tile, or E7. */
export interface XY {
  readonly x: number;
  readonly y: number;
}

/** What is cut out: between the least and the greatest coordinates. */
export interface Box {
  readonly min: XY;
  readonly max: XY;
}

/** The pieces of a line that lie in the box, cut at its edges (Liang and Barsky, ACM TOG 3, 1984). */
export function clipLine(line: readonly XY[], box: Box): XY[][] {
  const pieces: XY[][] = [];
  let current: XY[] = [];
  for (const [index, to] of line.entries()) {
    const from = line[index - 1];
    const inside = from && clipSegment(from, to, box);
    if (!inside) continue;
    const [a, b] = inside;
    const last = current.at(-1);
    if (!last || !isSame(last, a)) {
      current = [a];
      pieces.push(current);
    }
    if (!isSame(a, b)) current.push(b);
  }
  return pieces.filter((piece) => piece.length > 1);
}

export function isSame(a: XY, b: XY): boolean {
  return a.x === b.x && a.y === b.y;
}

function clipSegment(a: XY, b: XY, { min, max }: Box): [XY, XY] | undefined {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  let [enter, leave] = [0, 1];
  for (const [step, room] of [
    [-dx, a.x - min.x],
    [dx, max.x - a.x],
    [-dy, a.y - min.y],
    [dy, max.y - a.y],
  ] as const) {
    if (step === 0 && room < 0) return undefined;
    if (step < 0) enter = Math.max(enter, room / step);
    if (step > 0) leave = Math.min(leave, room / step);
  }
  if (enter > leave) return undefined;
  const at = (share: number): XY => ({ x: Math.round(a.x + share * dx), y: Math.round(a.y + share * dy) });
  return [enter === 0 ? a : at(enter), leave === 1 ? b : at(leave)];
}

/**
 * The part of a closed ring (first point not repeated) in the box; empty when none is (Sutherland and
 * Hodgman, CACM 17, 1974). Parts that lie apart stay joined along the edge, which fills the same.
 */
export function clipRing(ring: readonly XY[], { min, max }: Box): XY[] {
  const sides: readonly (readonly ["x" | "y", number, number])[] = [
    ["x", min.x, 1],
    ["x", max.x, -1],
    ["y", min.y, 1],
    ["y", max.y, -1],
  ];
  let points = [...ring];
  for (const [axis, edge, sign] of sides) {
    const isIn = (point: XY): boolean => (point[axis] - edge) * sign >= 0;
    if (points.every(isIn)) continue;
    points = points.flatMap((point, index) => {
      const before = points.at(index - 1) ?? point;
      const crossing = isIn(point) === isIn(before) ? [] : [crossingAt(before, point, axis, edge)];
      return isIn(point) ? [...crossing, point] : crossing;
    });
  }
  return points.length > 2 ? points : [];
}

function crossingAt(a: XY, b: XY, axis: "x" | "y", edge: number): XY {
  const share = (edge - a[axis]) / (b[axis] - a[axis]);
  const along = axis === "x" ? "y" : "x";
  const other = Math.round(a[along] + share * (b[along] - a[along]));
  return axis === "x" ? { x: edge, y: other } : { x: other, y: edge };
}
