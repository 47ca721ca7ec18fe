import type { ExpressionSpecification, Map as GlMap } from "maplibre-gl";
import { useEffect, useMemo, useState } from "react";
import { Layer, Source, useMap } from "react-map-gl/maplibre";

import type { BoardOrder, BoardRestaurant } from "#shared/contracts/board.ts";
import type { Point } from "#shared/contracts/geo.ts";
import type { CellBalance } from "#shared/domain/dispatch/supply.ts";

import { LABELS_FROM } from "../../../../common/map/city-style.ts";
import { cellsOf } from "../supply.ts";
import { lineOf } from "../ways.ts";
import { COURIER_STATES, type Fleet } from "./fleet.ts";
import { makeFleetLayer, rgbOf } from "./fleet-layer.ts";
import { addIcons } from "./icons.ts";
import { doorsOf } from "./looks.ts";
import type { MapPalette } from "./palette.ts";

/** Layers that a pointer can hit. */
export const DOORS = "ops-doors";
export const KITCHENS = "ops-kitchens";
export const CELLS = "ops-cells";

/** The map that this stands in, once its style is there. */
export function useStyledMap(): GlMap | undefined {
  const { current } = useMap();
  const map = current?.getMap();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    if (!map) return undefined;
    const look = () => setReady(map.isStyleLoaded() === true || map.getStyle().layers.length > 0);
    look();
    map.on("styledata", look);
    return () => void map.off("styledata", look);
  }, [map]);
  return ready ? map : undefined;
}

/** Cells of supply and demand, below the names of the map. */
export function CellsLayer({
  balances,
  palette,
  shown,
}: {
  readonly balances: readonly CellBalance[];
  readonly palette: MapPalette;
  readonly shown: boolean;
}) {
  const data = useMemo(() => cellsOf(shown ? balances : []), [balances, shown]);
  return (
    <Source id={CELLS} type="geojson" data={data}>
      <Layer
        id={CELLS}
        type="fill"
        beforeId={LABELS_FROM}
        paint={{
          "fill-color": ["interpolate", ["linear"], ["get", "pressure"], -0.5, palette.idle, 0.5, palette.short],
          "fill-opacity": ["interpolate", ["linear"], ["abs", ["get", "pressure"]], 0, 0.03, 1, 0.16, 3, 0.42],
          "fill-outline-color": palette.ink,
        }}
      />
    </Source>
  );
}

const sized = (selected: number, else_: number): ExpressionSpecification => [
  "case",
  ["get", "selected"],
  selected,
  else_,
];
const DOOR_SIZE: ExpressionSpecification = [
  "interpolate",
  ["linear"],
  ["zoom"],
  10,
  sized(0.6, 0.22),
  13,
  sized(0.95, 0.46),
  16,
  sized(1.2, 0.85),
];

/** Restaurants and doors, by pictures; small over a whole city. */
export function PlacesLayers(props: {
  readonly restaurants: readonly BoardRestaurant[];
  readonly orders: readonly BoardOrder[];
  readonly nowMs: number;
  readonly selected: string | undefined;
  readonly palette: MapPalette;
}) {
  const { restaurants, orders, nowMs, selected, palette } = props;
  const map = useStyledMap();
  const [drawn, setDrawn] = useState<MapPalette>();
  useEffect(() => {
    if (!map) return undefined;
    const draw = () => addIcons(map, palette);
    draw();
    setDrawn(palette);
    // Another style (day and night) comes without them.
    map.on("styleimagemissing", draw);
    return () => void map.off("styleimagemissing", draw);
  }, [map, palette]);
  const kitchens = useMemo(() => kitchensOf(restaurants), [restaurants]);
  const doors = useMemo(() => doorsOf(orders, nowMs, selected), [orders, nowMs, selected]);
  if (!drawn) return null;
  return (
    <>
      <Source id={KITCHENS} type="geojson" data={kitchens}>
        <Layer
          id={KITCHENS}
          type="symbol"
          layout={{
            "icon-image": "restaurant",
            "icon-allow-overlap": true,
            "icon-ignore-placement": true,
            "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.2, 13, 0.45, 16, 0.85],
          }}
        />
      </Source>
      <Source id={DOORS} type="geojson" data={doors}>
        <Layer
          id={DOORS}
          type="symbol"
          layout={{
            "icon-image": ["get", "icon"],
            "icon-allow-overlap": true,
            "icon-ignore-placement": true,
            "symbol-sort-key": ["get", "rank"],
            "icon-size": DOOR_SIZE,
          }}
        />
      </Source>
    </>
  );
}

function kitchensOf(restaurants: readonly BoardRestaurant[]) {
  return {
    type: "FeatureCollection" as const,
    features: restaurants.map(({ id, name, point }) => ({
      type: "Feature" as const,
      properties: { id, name },
      geometry: { type: "Point" as const, coordinates: [point.lng, point.lat] },
    })),
  };
}

/** The way that is still to go. */
export function WayLayer({ way, palette }: { readonly way: readonly Point[]; readonly palette: MapPalette }) {
  const data = useMemo(() => lineOf(way), [way]);
  return (
    <Source id="ops-way" type="geojson" data={data}>
      <Layer
        id="ops-way"
        type="line"
        layout={{ "line-cap": "round", "line-join": "round" }}
        paint={{ "line-color": palette.ink, "line-width": 2.5, "line-dasharray": [0.1, 2], "line-opacity": 0.85 }}
      />
    </Source>
  );
}

/** A map that was removed with its page has no style any more, whatever its type says. */
function isThere(map: GlMap): boolean {
  const style: unknown = map.getStyle();
  return style !== undefined && style !== null;
}

/** The couriers, on top of everything. */
export function FleetLayer({ fleet, palette }: { readonly fleet: Fleet; readonly palette: MapPalette }) {
  const map = useStyledMap();
  const layer = useMemo(
    () =>
      makeFleetLayer(
        `ops-fleet-${palette.night ? "night" : "day"}`,
        fleet,
        {
          states: COURIER_STATES.map((state) => rgbOf(palette.couriers[state])),
          rim: rgbOf(palette.rim),
          selected: rgbOf(palette.ink),
        },
        () => performance.now(),
      ),
    [fleet, palette],
  );
  useEffect(() => {
    if (!map) return undefined;
    const put = () => {
      if (!map.getLayer(layer.id)) map.addLayer(layer);
    };
    put();
    map.on("styledata", put);
    const stop = fleet.onChange(() => map.triggerRepaint());
    return () => {
      stop();
      map.off("styledata", put);
      if (isThere(map) && map.getLayer(layer.id)) map.removeLayer(layer.id);
    };
  }, [map, layer, fleet]);
  return null;
}
