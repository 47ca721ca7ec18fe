import type { MapMouseEvent, Map as GlMap } from "maplibre-gl";
import { useEffect, useRef } from "react";
import { useMap } from "react-map-gl/maplibre";

import type { Point } from "#shared/contracts/geo.ts";

import { type Fleet } from "./fleet.ts";
import { sizeAt } from "./fleet-layer.ts";
import { CELLS, DOORS, KITCHENS } from "./layers.tsx";

/** What lies under a pointer. */
export type Hit =
  | { readonly kind: "courier" | "order" | "restaurant" | "cell"; readonly id: string; readonly at: Point }
  | undefined;

export interface HandsProps {
  readonly fleet: Fleet;
  readonly onPick: (hit: Hit) => void;
  readonly onHover: (hit: Hit) => void;
  readonly onZoom: (zoom: number) => void;
}

/** Finger and mouse on the operator's map: couriers first, then doors, restaurants, cells. */
export function Hands({ fleet, onPick, onHover, onZoom }: HandsProps) {
  const { current } = useMap();
  const map = current?.getMap();
  const calls = useRef({ onPick, onHover, onZoom });
  calls.current = { onPick, onHover, onZoom };
  useEffect(() => {
    if (!map) return undefined;
    let frame = 0;
    const pick = (event: MapMouseEvent) => calls.current.onPick(hitAt(map, fleet, event));
    const hover = (event: MapMouseEvent) => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const hit = hitAt(map, fleet, event);
        map.getCanvas().style.cursor = hit && hit.kind !== "cell" ? "pointer" : "";
        calls.current.onHover(hit);
      });
    };
    const leave = () => calls.current.onHover(undefined);
    const zoomed = () => calls.current.onZoom(map.getZoom());
    zoomed();
    map.on("click", pick);
    map.on("mousemove", hover);
    map.on("mouseout", leave);
    map.on("zoomend", zoomed);
    return () => {
      cancelAnimationFrame(frame);
      map.off("click", pick);
      map.off("mousemove", hover);
      map.off("mouseout", leave);
      map.off("zoomend", zoomed);
    };
  }, [map, fleet]);
  return null;
}

/** CSS px of a tile of the square that the whole world is at zoom 0. */
const WORLD_PX = 512;
const REACH_PX = 6;

function hitAt(map: GlMap, fleet: Fleet, event: MapMouseEvent): Hit {
  const at = { lat: event.lngLat.lat, lng: event.lngLat.lng };
  const reachPx = Math.max(REACH_PX, sizeAt(map.getZoom()));
  const courierId = fleet.nearest(at, reachPx / (WORLD_PX * 2 ** map.getZoom()), performance.now());
  if (courierId !== undefined) return { kind: "courier", id: courierId, at };
  const { x, y } = event.point;
  const layers = [DOORS, KITCHENS, CELLS].filter((layer) => map.getLayer(layer));
  const found = map.queryRenderedFeatures(
    [
      [x - REACH_PX, y - REACH_PX],
      [x + REACH_PX, y + REACH_PX],
    ],
    { layers },
  );
  for (const [layer, kind] of [
    [DOORS, "order"],
    [KITCHENS, "restaurant"],
    [CELLS, "cell"],
  ] as const) {
    const feature = found.find((each) => each.layer.id === layer);
    const id: unknown = feature?.properties[kind === "cell" ? "cell" : "id"];
    if (typeof id === "string") return { kind, id, at };
  }
  return undefined;
}
