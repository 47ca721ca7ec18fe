// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import "maplibre-gl/dist/maplibre-gl.css";

import Box from "@mui/material/Box";
import { useColorScheme } from "@mui/material/styles";
import useMediaQuery from "@mui/material/useMediaQuery";
import type { StyleSpecification } from "maplibre-gl";
import * as maplibre from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { useMemo, useRef, useEffect, type ReactNode } from "react";
import { Map as GlMap, NavigationControl, ScaleControl, Source, Layer, type MapRef } from "react-map-gl/maplibre";

import type { Point } from "#shared/contracts/geo.ts";

import { DARK, LIGHT } from "../theme.ts";
import { gridAround } from "./grid.ts";

// A setting of the library, not state of ours: without it the worker is looked for beside the page.
maplibre.setWorkerUrl(workerUrl);

export interface PlainMapProps {
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
  readonly children?: ReactNode;
}

/** A map without a network: paper, a grid of 500 m, a scale, and what the platform itself knows. */
export function PlainMap({ center, zoom = 12.5, fit, label, height = 320, onPick, onMove, children }: PlainMapProps) {
  const ref = useRef<MapRef>(null);
  const colors = useMapColors();
  const style = useMemo(() => plainStyle(colors.paper), [colors.paper]);
  const grid = useMemo(() => multiLine(gridAround(center, 500, 40)), [center.lat, center.lng]);
  const showAll = useFit(ref, fit);

  const tellBounds = () => {
    const bounds = ref.current?.getBounds();
    if (!bounds || !onMove) return;
    const [south, west, north, east] = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    onMove({ southWest: { lat: south, lng: west }, northEast: { lat: north, lng: east } });
  };

  return (
    <Box
      role="region"
      aria-label={label}
      sx={{ height, borderRadius: "inherit", overflow: "hidden", "& .maplibregl-map": { font: "inherit" } }}
    >
      <GlMap
        ref={ref}
        mapLib={maplibre}
        initialViewState={{ latitude: center.lat, longitude: center.lng, zoom }}
        mapStyle={style}
        attributionControl={false}
        dragRotate={false}
        cursor={onPick ? "crosshair" : "grab"}
        onClick={(event) => onPick?.({ lat: event.lngLat.lat, lng: event.lngLat.lng })}
        onLoad={() => {
          showAll(0);
          tellBounds();
        }}
        onMoveEnd={tellBounds}
        style={{ width: "100%", height: "100%" }}
      >
        <Source id="grid" type="geojson" data={grid}>
          <Layer id="grid" type="line" paint={{ "line-color": colors.line, "line-width": 1 }} />
        </Source>
        <NavigationControl position="top-right" showCompass={false} />
        <ScaleControl position="bottom-left" />
        {children}
      </GlMap>
    </Box>
  );
}

/** Colours for layers: MapLibre draws on a canvas and knows no CSS variables. */
export function useMapColors() {
  const { mode, systemMode } = useColorScheme();
  const prefersDark = useMediaQuery("(prefers-color-scheme: dark)");
  const night = mode === "dark" || (mode !== "light" && (systemMode === "dark" || prefersDark));
  const palette = night ? DARK : LIGHT;
  return {
    paper: night ? "#15201c" : "#efe6d2",
    line: night ? "#22302a" : "#e2d6bb",
    primary: palette.primary.main,
    secondary: palette.secondary.main,
    ink: palette.text.secondary,
  };
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

function plainStyle(paper: string): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "paper", type: "background", paint: { "background-color": paper } }],
  };
}

function multiLine(lines: ReturnType<typeof gridAround>) {
  return {
    type: "Feature" as const,
    properties: {},
    geometry: {
      type: "MultiLineString" as const,
      coordinates: lines.map((line) => line.map(([lng, lat]) => [lng, lat])),
    },
  };
}
