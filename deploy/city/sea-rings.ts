import { isSame, type Box, type XY } from "./clip.ts";

export interface Shore {
  /** Rings of water, without their first point again. */
  readonly waters: readonly (readonly XY[])[];
  /** Rings of land that lie in water. */
  readonly lands: readonly (readonly XY[])[];
}

interface Coast {
  readonly line: readonly XY[];
  /** Where it comes out of the box's edge and goes into it again, as distances along the edge. */
  readonly beginsAt: number;
  readonly endsAt: number;
}

/**
 * Closes the water at the right of lines within a box: from where one ends, clockwise along the edge to where the next
 * begins. Lines that end within the box are led to its nearest edge. Without any line across it, a box with islands is all
 * water.
 *
 * @param lines with land at their left; closed ones are islands (counter-clockwise) or waters
 */
export function closedAlongFrame(lines: readonly (readonly XY[])[], box: Box): Shore {
  const isRing = (line: readonly XY[]): boolean =>
    line.length > 3 && isSame(line[0] ?? box.min, line.at(-1) ?? box.max);
  const rings = lines.filter(isRing).map((line) => line.slice(0, -1));
  const lands = rings.filter((ring) => !runsClockwise(ring));
  const open = lines.filter((line) => !isRing(line)).map((line) => ledToEdge(line, box));
  const waters = [...rings.filter(runsClockwise), ...walkAround(open, box)];
  if (open.length === 0 && lands.length > 0) waters.push(cornersBetween(0, perimeter(box), box));
  return { waters, lands };
}

function walkAround(lines: readonly (readonly XY[])[], box: Box): XY[][] {
  const unused = new Set(
    lines.map((line): Coast => {
      const [first, last] = [line[0] ?? box.min, line.at(-1) ?? box.min];
      return { line, beginsAt: alongEdge(first, box), endsAt: alongEdge(last, box) };
    }),
  );
  const rings: XY[][] = [];
  for (const first of unused) {
    const ring: XY[] = [];
    let coast: Coast = first;
    while (unused.delete(coast)) {
      ring.push(...coast.line);
      // The first may be closed again, though it is used: then the ring is whole.
      const next: Coast = nextAlongEdge(coast, [...unused, first], box);
      ring.push(...cornersBetween(coast.endsAt, next.beginsAt, box));
      coast = next;
    }
    rings.push(ring);
  }
  return rings;
}

function nextAlongEdge({ endsAt }: Coast, candidates: readonly Coast[], box: Box): Coast {
  const [first, ...others] = candidates as [Coast, ...Coast[]]; // Cast: the caller gives one at least.
  const ahead = (coast: Coast): number => (coast.beginsAt - endsAt + perimeter(box)) % perimeter(box);
  return others.reduce((best, each) => (ahead(each) < ahead(best) ? each : best), first);
}

function perimeter({ min, max }: Box): number {
  return 2 * (max.x - min.x + max.y - min.y);
}

/** How far along the edge a point of it lies, clockwise from the south-west. */
function alongEdge({ x, y }: XY, { min, max }: Box): number {
  const [width, height] = [max.x - min.x, max.y - min.y];
  if (x === min.x) return y - min.y;
  if (y === max.y) return height + x - min.x;
  if (x === max.x) return height + width + max.y - y;
  return 2 * height + width + max.x - x;
}

/** The corners that are passed clockwise from one distance to another. */
function cornersBetween(from: number, to: number, { min, max }: Box): XY[] {
  const [width, height] = [max.x - min.x, max.y - min.y];
  const around = 2 * (width + height);
  const end = to >= from ? to : to + around;
  const corners: (readonly [number, XY])[] = [
    [height, { x: min.x, y: max.y }],
    [height + width, max],
    [2 * height + width, { x: max.x, y: min.y }],
    [around, min],
  ];
  const twice = [...corners, ...corners.map(([at, corner]) => [at + around, corner] as const)];
  return twice.filter(([at]) => at > from && at <= end).map(([, corner]) => corner);
}

function ledToEdge(line: readonly XY[], box: Box): XY[] {
  const [first, last] = [line[0] ?? box.min, line.at(-1) ?? box.min];
  const [before, after] = [nearestOnEdge(first, box), nearestOnEdge(last, box)];
  return [...(isSame(before, first) ? [] : [before]), ...line, ...(isSame(after, last) ? [] : [after])];
}

function nearestOnEdge({ x, y }: XY, { min, max }: Box): XY {
  const edges: readonly (readonly [number, XY])[] = [
    [x - min.x, { x: min.x, y }],
    [max.x - x, { x: max.x, y }],
    [y - min.y, { x, y: min.y }],
    [max.y - y, { x, y: max.y }],
  ];
  return edges.reduce((best, each) => (each[0] < best[0] ? each : best))[1];
}

function runsClockwise(ring: readonly XY[]): boolean {
  let sum = 0;
  const [origin] = ring;
  for (const [index, a] of ring.entries()) {
    const b = ring[(index + 1) % ring.length];
    if (origin && b) sum += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
  }
  return sum < 0;
}
