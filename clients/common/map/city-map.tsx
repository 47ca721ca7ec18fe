// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import "maplibre-gl/dist/maplibre-gl.css";

import Box from "@mui/material/Box";
import * as maplibre from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { useMemo, useRef, useEffect, type ReactNode } from "react";
import { AttributionControl, Map as GlMap, NavigationControl, ScaleControl, type MapRef } from "react-map-gl/maplibre";

import type { Point } from "#shared/contracts/geo.ts";

import { cityStyle, plainStyle } from "./city-style.ts";
import { DAY, NIGHT, useNight } from "./map-colors.ts";
import { useMarketMap } from "./market-maps.ts";
import { useTilesAway } from "./use-tiles-away.ts";

// A setting of the library, not state of ours: without it the worker is looked for beside the page.
maplibre.setWorkerUrl(workerUrl);

export interface CityMapProps {
  /** Whose city is drawn; paper and a grid where it is not known, not covered or not to be had. */
  readonly marketId: string | undefined;
  /** Where the map looks at first, and where its grid is centred. */
  readonly center: Point;
  readonly zoom?: number;
  /** What must be in view; the map moves when the set changes. */
  readonly fit?: readonly Point[];
  /** Said to those who do not see the map. */
  readonly label: string;
  readonly height?: number | string;
  readonly onPick?: (point: Point) => void;
  readonly onMove?: (bounds: { readonly southWest: Point; readonly northEast: Point }) => void;
  /** Pins, sources and layers; a layer with `beforeId={LABELS_FROM}` lies under the names. */
  readonly children?: ReactNode;
}

/** From farther away a city is a spot in an empty frame. */
const SMALLEST_ZOOM = 10;

/** The city's streets, buildings, parks and water, in the colours of the page. */
export function CityMap(props: CityMapProps) {
  const { center, zoom = 12.5, fit, label, height = 320, onPick, onMove, children } = props;
  const ref = useRef<MapRef>(null);
  const { style, isCity, tilesAway } = useStyle(props.marketId, center);
  const showAll = useFit(ref, fit);

  const tellBounds = () => {
    const bounds = ref.current?.getBounds();
    if (!bounds || !onMove) return;
    const [south, west, north, east] = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    onMove({ southWest: { lat: south, lng: west }, northEast: { lat: north, lng: east } });
  };

  return (
    <Box role="region" aria-label={label} sx={FRAME} style={{ height }}>
      <GlMap
        ref={ref}
        mapLib={maplibre}
        initialViewState={{ latitude: center.lat, longitude: center.lng, zoom }}
        mapStyle={style}
        minZoom={isCity ? SMALLEST_ZOOM : 0}
        attributionControl={false}
        dragRotate={false}
        cursor={onPick ? "crosshair" : "grab"}
        onClick={(event) => onPick?.({ lat: event.lngLat.lat, lng: event.lngLat.lng })}
        onLoad={() => {
          showAll(0);
          tellBounds();
        }}
        onMoveEnd={tellBounds}
        onError={tilesAway.onError}
        onSourceData={tilesAway.onSourceData}
        style={{ width: "100%", height: "100%" }}
      >
        <NavigationControl position="top-right" showCompass={false} />
        <ScaleControl position="bottom-left" />
        {isCity && <AttributionControl position="bottom-right" compact={false} />}
        {children}
      </GlMap>
    </Box>
  );
}

/** The controls in the page's own colours and type; the notice small, and always to be read. */
const FRAME = {
  borderRadius: "inherit",
  overflow: "hidden",
  "& .maplibregl-map": { font: "inherit" },
  "& .maplibregl-ctrl-group": { bgcolor: "background.paper", boxShadow: 1, borderRadius: 2, overflow: "hidden" },
  "& .maplibregl-ctrl-group button + button": { borderColor: "divider" },
  "[data-dark] & .maplibregl-ctrl-icon": { filter: "invert(1)" },
  "& .maplibregl-ctrl-scale": {
    bgcolor: "transparent",
    color: "text.secondary",
    borderColor: "text.secondary",
    borderWidth: "0 1.5px 1.5px",
    fontSize: 10,
  },
  "& .maplibregl-ctrl.maplibregl-ctrl-attrib": {
    bgcolor: "color-mix(in srgb, var(--mui-palette-background-paper) 72%, transparent)",
    borderTopLeftRadius: 8,
    px: 0.75,
    fontSize: 10.5,
    "& a": { color: "text.secondary" },
  },
} as const;

/** The style of the market's city, or a plain one; changed in place, so that the camera stays. */
function useStyle(marketId: string | undefined, center: Point) {
  const paint = useNight() ? NIGHT : DAY;
  const map = useMarketMap(marketId);
  const tilesAway = useTilesAway();
  const { lat, lng } = center;
  const style = useMemo(() => {
    const grid = { lat, lng };
    if (map) return cityStyle(map, paint, tilesAway.isAway ? grid : undefined);
    // Not known yet: paper alone, so that no grid flashes up before the streets.
    return plainStyle(paint, map === null ? grid : undefined);
  }, [map, paint, tilesAway.isAway, lat, lng]);
  return { style, isCity: map !== null && map !== undefined, tilesAway };
}

/** Keeps `fit` in view: on every change of its places, and by the answer once the map is there. */
function useFit(ref: React.RefObject<MapRef | null>, fit: readonly Point[] | undefined): (durationMs: number) => void {
  const key = fit?.map((point) => `${point.lat.toFixed(4)},${point.lng.toFixed(4)}`).join(" ") ?? "";
  const showAll = (durationMs: number) => {
    if (!fit || fit.length === 0) return;
    const [lats, lngs] = [fit.map((point) => point.lat), fit.map((point) => point.lng)];
    const corners: [number, number, number, number] = [
      Math.min(...lngs),
      Math.min(...lats),
      Math.max(...lngs),
      Math.max(...lats),
    ];
    ref.current?.fitBounds(corners, { padding: 64, maxZoom: 15, duration: durationMs });
  };
  // The key stands for the points: a new array with the same places must not move the map.
  useEffect(() => showAll(500), [key]);
  return showAll;
}
