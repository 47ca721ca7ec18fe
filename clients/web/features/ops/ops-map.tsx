import { useMemo } from "react";
import { Layer, Source } from "react-map-gl/maplibre";

import type { Point } from "#shared/contracts/geo.ts";
import { cellOutline } from "#shared/domain/geo/cells.ts";

import { CityMap } from "../../../common/map/city-map.tsx";
import { useMapColors } from "../../../common/map/map-colors.ts";
import { Pin } from "../../../common/map/pin.tsx";
import type { Market } from "../browse/use-place.ts";
import { placeOf, type Board, type Seen } from "./board.ts";
import { watchedZones } from "./watched-zones.ts";

export interface OpsMapProps {
  readonly market: Market;
  readonly board: Board;
  readonly restaurants: readonly { readonly id: string; readonly name: string; readonly point: Point }[];
  readonly seen: ReadonlyMap<string, Seen>;
  readonly selected: string | undefined;
  readonly onSelect: (orderId: string) => void;
}

/** The city: zones, restaurants, couriers where they are now, and the doors that wait. */
export function OpsMap({ market, board, restaurants, seen, selected, onSelect }: OpsMapProps) {
  const colors = useMapColors();
  const zones = useMemo(
    () =>
      outlines(
        watchedZones(
          market.center,
          restaurants.map((each) => each.point),
        ),
      ),
    [market.center, restaurants],
  );
  const fit = useMemo(
    () => (restaurants.length > 0 ? restaurants.map((each) => each.point) : [market.center]),
    [restaurants, market.center],
  );
  return (
    <CityMap marketId={market.id} center={market.center} fit={fit} label={`Map of ${market.name}`} height="100%">
      <Source id="zones" type="geojson" data={zones}>
        <Layer
          id="zones"
          type="line"
          paint={{ "line-color": colors.primary, "line-opacity": 0.25, "line-width": 1.2 }}
        />
      </Source>
      {restaurants.map(({ id, name, point }) => (
        <Pin key={id} at={point} kind="restaurant" label={name} small />
      ))}
      {board.orders.map(
        (order) =>
          order.drop &&
          order.status !== "DELIVERED" && (
            <Pin
              key={order.id}
              at={order.drop.point}
              kind="drop"
              label={`Order ${order.code ?? ""}`}
              small
              selected={order.id === selected}
              onClick={() => onSelect(order.id)}
            />
          ),
      )}
      {board.couriers.map((courier) => {
        const place = placeOf(courier, seen);
        const work = courier.holding > 0 ? `${courier.holding} in hand` : courier.hasOffer ? "has an offer" : "free";
        return (
          place && <Pin key={courier.courierId} at={place} kind="courier" label={`${courier.name}, ${work}`} small />
        );
      })}
    </CityMap>
  );
}

function outlines(zones: readonly string[]) {
  const coordinates = zones.map((zone) => {
    const ring = cellOutline(zone).map(({ lat, lng }) => [lng, lat]);
    return [...ring, ...ring.slice(0, 1)];
  });
  return { type: "Feature" as const, properties: {}, geometry: { type: "MultiLineString" as const, coordinates } };
}
