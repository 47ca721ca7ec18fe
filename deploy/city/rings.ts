import { latLngE7, type NodeColumns } from "./columns.ts";
import { isClosed } from "./osm-data.ts";

/**
 * Lines that meet at their ends joined into rings, without the first node again; what does not close is left out, as it is
 * where an extract was cut.
 */
export function joinRings(lines: readonly (readonly number[])[]): number[][] {
  return joinLines(lines)
    .filter(isClosed)
    .map((line) => line.slice(0, -1));
}

/** Lines that meet at their ends, whichever way round, as the longest lines that they make; those that close come closed. */
export function joinLines(lines: readonly (readonly number[])[]): number[][] {
  const endsAt = new Map<number, number[]>();
  for (const [index, line] of lines.entries()) {
    if (isClosed(line)) continue;
    for (const end of [line[0] ?? 0, line.at(-1) ?? 0]) endsAt.set(end, [...(endsAt.get(end) ?? []), index]);
  }
  const used = new Set<number>();
  /** Walks on from the last node of the path, as long as an unused line goes on there. */
  const goOn = (path: number[]): number[] => {
    for (;;) {
      const end = path.at(-1) ?? 0;
      const next = path[0] === end && path.length > 1 ? undefined : endsAt.get(end)?.find((index) => !used.has(index));
      if (next === undefined) return path;
      used.add(next);
      const line = lines[next] ?? [];
      const onward = line[0] === end ? line : line.toReversed();
      for (const node of onward.slice(1)) path.push(node);
    }
  };
  return lines.flatMap((line, index) => {
    if (used.has(index)) return [];
    used.add(index);
    if (isClosed(line)) return [[...line]];
    return [goOn(goOn([...line]).toReversed()).toReversed()];
  });
}

/** Twice the ring's signed area, in units of E7²; positive when it runs counter-clockwise on a map with north up. */
function doubledArea(columns: NodeColumns, ring: readonly number[]): number {
  const [lat0, lng0] = latLngE7(columns, ring[0] ?? 0);
  let sum = 0;
  for (const [index, node] of ring.entries()) {
    const [latA, lngA] = latLngE7(columns, node);
    const [latB, lngB] = latLngE7(columns, ring[(index + 1) % ring.length] ?? 0);
    sum += (lngA - lng0) * (latB - lat0) - (lngB - lng0) * (latA - lat0);
  }
  return sum;
}

/** How large the ring is, to compare by: its area in units of E7², without regard to what a degree of longitude measures there. */
export function areaE7(columns: NodeColumns, ring: readonly number[]): number {
  return Math.abs(doubledArea(columns, ring)) / 2;
}

/** Its centre of mass, E7; that of its corners when it has no area. */
export function centroidE7(columns: NodeColumns, ring: readonly number[]): { lat: number; lng: number } {
  const [lat0, lng0] = latLngE7(columns, ring[0] ?? 0);
  let [lat, lng] = [0, 0];
  const doubled = doubledArea(columns, ring);
  for (const [index, node] of ring.entries()) {
    const [latA, lngA] = latLngE7(columns, node).map((each, axis) => each - (axis === 0 ? lat0 : lng0)) as [
      number,
      number,
    ];
    const [latB, lngB] = latLngE7(columns, ring[(index + 1) % ring.length] ?? 0).map(
      (each, axis) => each - (axis === 0 ? lat0 : lng0),
    ) as [number, number];
    const weight = doubled === 0 ? 1 / (2 * ring.length) : (lngA * latB - lngB * latA) / (3 * doubled);
    lat += (latA + latB) * weight;
    lng += (lngA + lngB) * weight;
  }
  return { lat: Math.round(lat0 + lat), lng: Math.round(lng0 + lng) };
}

/** Whether the node lies within the ring: a ray to the east crosses it an odd number of times. A corner of it counts as within. */
export function contains(columns: NodeColumns, ring: readonly number[], node: number): boolean {
  if (ring.includes(node)) return true;
  const [lat, lng] = latLngE7(columns, node);
  let isWithin = false;
  for (const [index, corner] of ring.entries()) {
    const [latA, lngA] = latLngE7(columns, corner);
    const [latB, lngB] = latLngE7(columns, ring[(index + 1) % ring.length] ?? 0);
    if (latA > lat === latB > lat) continue;
    if (lng < ((lngB - lngA) * (lat - latA)) / (latB - latA) + lngA) isWithin = !isWithin;
  }
  return isWithin;
}
