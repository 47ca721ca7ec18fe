import type { Point } from "#shared/contracts/geo.ts";
import { DEGREE_M } from "#shared/domain/geo/distance.ts";

type Line = readonly (readonly [number, number])[];

/**
 * Lines every `stepM` metres around a centre: scale and direction on a map that has no streets yet.
 *
 * @returns GeoJSON line coordinates, [lng, lat]
 */
export function gridAround(center: Point, stepM: number, steps: number): Line[] {
  const stepLat = stepM / DEGREE_M;
  const stepLng = stepLat / Math.max(0.05, Math.cos((center.lat * Math.PI) / 180));
  const [reachLat, reachLng] = [steps * stepLat, steps * stepLng];
  const lines: Line[] = [];
  for (let i = -steps; i <= steps; i += 1) {
    const [lat, lng] = [center.lat + i * stepLat, center.lng + i * stepLng];
    lines.push([
      [center.lng - reachLng, lat],
      [center.lng + reachLng, lat],
    ]);
    lines.push([
      [lng, center.lat - reachLat],
      [lng, center.lat + reachLat],
    ]);
  }
  return lines;
}

/** A circle of `radiusM` metres as a closed GeoJSON ring, [lng, lat]. */
export function circleAround(center: Point, radiusM: number, corners = 72): Line {
  const lat = radiusM / DEGREE_M;
  const lng = lat / Math.max(0.05, Math.cos((center.lat * Math.PI) / 180));
  return Array.from({ length: corners + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    return [center.lng + lng * Math.cos(angle), center.lat + lat * Math.sin(angle)] as const;
  });
}
