import type { Position } from "geojson";

/**
 * Where the name of a polygon stands: at its outer ring's centroid; where that lies outside, in the middle of the longest
 * stretch of the polygon on the centroid's parallel.
 */
export function labelPoint(rings: readonly (readonly Position[])[]): Position {
  const [lng, lat] = centroid(rings[0] ?? []);
  const crossings = rings.flatMap((ring) => crossingsAt(ring, lat)).toSorted((a, b) => a - b);
  let longest: readonly [number, number] | undefined;
  for (let at = 0; at + 1 < crossings.length; at += 2) {
    const [west, east] = [crossings[at] ?? 0, crossings[at + 1] ?? 0];
    if (west <= lng && lng <= east) return [lng, lat];
    if (!longest || east - west > longest[1] - longest[0]) longest = [west, east];
  }
  return longest ? [(longest[0] + longest[1]) / 2, lat] : [lng, lat];
}

/** Centroid of the area inside a closed ring; its first point where there is no area. */
function centroid(ring: readonly Position[]): readonly [number, number] {
  const [lng0 = 0, lat0 = 0] = ring[0] ?? [];
  let [double, sumLng, sumLat] = [0, 0, 0];
  // Reckoned from the first point: far from it the small differences would be lost.
  const near = ring.map(([lng = lng0, lat = lat0]) => [lng - lng0, lat - lat0] as const);
  for (const [at, [lngA, latA]] of near.slice(0, -1).entries()) {
    const [lngB, latB] = near[at + 1] ?? [lngA, latA];
    const cross = lngA * latB - lngB * latA;
    double += cross;
    sumLng += (lngA + lngB) * cross;
    sumLat += (latA + latB) * cross;
  }
  return double === 0 ? [lng0, lat0] : [lng0 + sumLng / (3 * double), lat0 + sumLat / (3 * double)];
}

/** Longitudes at which a closed ring crosses a parallel. */
function crossingsAt(ring: readonly Position[], lat: number): number[] {
  const found: number[] = [];
  for (let at = 0; at + 1 < ring.length; at++) {
    const [lngA = 0, latA = 0] = ring[at] ?? [];
    const [lngB = 0, latB = 0] = ring[at + 1] ?? [];
    if (latA > lat !== latB > lat) found.push(lngA + ((lat - latA) / (latB - latA)) * (lngB - lngA));
  }
  return found;
}
