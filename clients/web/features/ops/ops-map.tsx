import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useEffect, useMemo, useState } from "react";
import { Popup } from "react-map-gl/maplibre";

import type { BoardRestaurant } from "#shared/contracts/board.ts";
import type { Point } from "#shared/contracts/geo.ts";
import type { CellBalance } from "#shared/domain/dispatch/supply.ts";

import { CityMap } from "../../../common/map/city-map.tsx";
import type { Market } from "../browse/use-place.ts";
import type { Board } from "./board.ts";
import type { Fleet } from "./map/fleet.ts";
import { Hands, type Hit } from "./map/hands.tsx";
import { CellsLayer, FleetLayer, PlacesLayers, WayLayer } from "./map/layers.tsx";
import { useMapPalette } from "./map/palette.ts";
import { MapLegend } from "./map-legend.tsx";
import { wordsOf } from "./hit-words.ts";
import { wayOf } from "./ways.ts";

export interface Selected {
  readonly orderId: string | undefined;
  readonly courierId: string | undefined;
}

export interface OpsMapProps {
  readonly market: Pick<Market, "id" | "name" | "center">;
  readonly board: Board;
  readonly restaurants: readonly BoardRestaurant[];
  readonly fleet: Fleet;
  readonly balances: readonly CellBalance[];
  /** Deployment time. */
  readonly nowMs: number;
  readonly selected: Selected;
  readonly onSelect: (selected: Selected) => void;
  readonly onZoom: (zoom: number) => void;
}

/** The city: supply and demand, restaurants, the doors that wait, couriers where they are now. */
export function OpsMap(props: OpsMapProps) {
  const { market, board, restaurants, fleet, balances, nowMs, selected, onSelect, onZoom } = props;
  const palette = useMapPalette();
  const [hover, setHover] = useState<Hit>();
  const [cells, setCells] = useState(true);
  // What is in view at first is the whole city; after that the operator moves the map.
  const known = restaurants.length > 0;
  const fit = useMemo(() => placesOf(restaurants, board, market.center), [known]);
  const orders = useMemo(() => [...board.orders.values()], [board]);
  const way = useWay(board, selected, fleet);
  const pick = (hit: Hit) => {
    if (hit?.kind === "order") onSelect({ orderId: hit.id, courierId: undefined });
    else if (hit?.kind === "courier") onSelect({ orderId: undefined, courierId: hit.id });
    else onSelect({ orderId: undefined, courierId: undefined });
    // A finger has no hover: what it touched is told.
    setHover(hit);
  };
  const told = hover && wordsOf(hover, { board, balances, restaurants });
  return (
    <Box sx={{ position: "relative", height: "100%" }}>
      <CityMap marketId={market.id} center={market.center} fit={fit} label={`Map of ${market.name}`} height="100%">
        <CellsLayer balances={balances} palette={palette} shown={cells} />
        <PlacesLayers
          restaurants={restaurants}
          orders={orders}
          nowMs={nowMs}
          selected={selected.orderId}
          palette={palette}
        />
        <WayLayer way={way} palette={palette} />
        <FleetLayer fleet={fleet} palette={palette} />
        <Hands fleet={fleet} onPick={pick} onHover={setHover} onZoom={onZoom} />
        {hover && told && (
          <Popup
            latitude={hover.at.lat}
            longitude={hover.at.lng}
            closeButton={false}
            closeOnClick={false}
            offset={14}
            maxWidth="260px"
          >
            <Typography variant="body2" sx={{ color: "#23201a" }}>
              {told}
            </Typography>
          </Popup>
        )}
      </CityMap>
      <MapLegend palette={palette} cells={cells} onCells={setCells} />
    </Box>
  );
}

function placesOf(restaurants: readonly BoardRestaurant[], board: Board, center: Point): Point[] {
  const couriers = [...board.couriers.values()].flatMap((courier) => courier.point ?? []);
  const places = [...restaurants.map((each) => each.point), ...couriers];
  return places.length > 0 ? places : [center];
}

/** How often the line follows its courier, wall ms. */
const WAY_MS = 500;

function useWay(board: Board, selected: Selected, fleet: Fleet): Point[] {
  const [way, setWay] = useState<Point[]>([]);
  const { orderId, courierId } = selected;
  useEffect(() => {
    fleet.select(
      courierId ?? (orderId === undefined ? undefined : (board.orders.get(orderId)?.courierId ?? undefined)),
    );
    if (orderId === undefined && courierId === undefined) {
      setWay([]);
      return undefined;
    }
    const draw = () => setWay(wayOf(board, { orderId, courierId }, (id) => fleet.placeOf(id, performance.now())));
    draw();
    const timer = setInterval(draw, WAY_MS);
    return () => clearInterval(timer);
  }, [board, orderId, courierId, fleet]);
  return way;
}
