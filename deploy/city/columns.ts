import { E7 } from "#shared/domain/city/city.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import type { OsmData } from "./osm-data.ts";

/** Where nodes of the data lie. */
export type NodeColumns = Pick<OsmData, "latE7" | "lngE7">;

/** Coordinates by the node's index: latitude, longitude, both E7. */
export function latLngE7({ latE7, lngE7 }: NodeColumns, node: number): [number, number] {
  return [latE7[node] ?? 0, lngE7[node] ?? 0];
}

export function pointOf(columns: NodeColumns, node: number): Point {
  const [lat, lng] = latLngE7(columns, node);
  return { lat: lat / E7, lng: lng / E7 };
}

/** Along the nodes, metres. */
export function pathLengthM(columns: NodeColumns, nodes: readonly number[]): number {
  let sum = 0;
  for (let index = 1; index < nodes.length; index++) {
    sum += distanceM(pointOf(columns, nodes[index - 1] ?? 0), pointOf(columns, nodes[index] ?? 0));
  }
  return sum;
}
