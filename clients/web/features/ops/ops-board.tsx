import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useCallback, useEffect, useMemo, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { HubStatus } from "#shared/client/transport.ts";
import type { BoardRestaurant } from "#shared/contracts/board.ts";
import type { ZoneFrame } from "#shared/contracts/streams.ts";

import { useDeploymentConfig } from "../../../common/deployment.ts";
import type { Failure } from "../../../common/failure.ts";
import { MarketZoneContext } from "../../../common/market-zone.ts";
import { Failed, Loading } from "../../../common/notice.tsx";
import { useNow } from "../../../common/use-now.ts";
import { useRestaurantsQuery } from "../../app/data.ts";
import { StaffFrame } from "../../app/staff-frame.tsx";
import { useHub } from "../../lib/use-hub.ts";
import type { Market } from "../browse/use-place.ts";
import type { Board, Filter } from "./board.ts";
import { FigureStrip } from "./figures.tsx";
import { Fleet } from "./map/fleet.ts";
import { OpsMap, type Selected } from "./ops-map.tsx";
import { OrderDrawer } from "./order-drawer.tsx";
import { OrdersPanel } from "./orders-panel.tsx";
import type { Powers } from "./powers.ts";
import { resolutionAt, supplyOf } from "./supply.ts";
import { useBoard, useZones } from "./use-board.ts";

export interface OpsBoardProps {
  readonly market: Market;
  readonly markets: readonly Market[];
  readonly may: Powers;
  readonly onMarket: (marketId: string) => void;
}

const NOTHING: Selected = { orderId: undefined, courierId: undefined };

/** Map, figures and orders of one market, live. */
export function OpsBoard({ market, markets, may, onMarket }: OpsBoardProps) {
  const { hub, status } = useHub("ops");
  const { board, failure } = useBoard(hub, market.id);
  const [selected, setSelected] = useState(NOTHING);
  return (
    <StaffFrame
      screen="ops"
      title={`${market.name} · operations`}
      status={status}
      actions={markets.length > 1 && <PickMarket market={market} markets={markets} onMarket={onMarket} />}
    >
      <Warnings status={status} failure={failure} />
      <MarketZoneContext value={market.timeZone}>
        {board && <City hub={hub} market={market} board={board} selected={selected} onSelect={setSelected} />}
        {!board && !failure && <Loading what="Gathering the city…" />}
        {selected.orderId !== undefined && (
          <OrderDrawer
            key={selected.orderId}
            hub={hub}
            marketId={market.id}
            orderId={selected.orderId}
            may={may}
            couriers={[...(board?.couriers.values() ?? [])]}
            onClose={() => setSelected(NOTHING)}
          />
        )}
      </MarketZoneContext>
    </StaffFrame>
  );
}

interface CityProps {
  readonly hub: HubClient | undefined;
  readonly market: Market;
  readonly board: Board;
  readonly selected: Selected;
  readonly onSelect: (selected: Selected) => void;
}

function City({ hub, market, board, selected, onSelect }: CityProps) {
  const nowMs = useNow(10_000);
  const restaurants = useRestaurants(market.id, board);
  const places = useMemo(() => restaurants.map((restaurant) => restaurant.point), [restaurants]);
  const fleet = useFleet(market, board);
  const onFrame = useCallback((frame: ZoneFrame) => fleet.take(frame, performance.now()), [fleet]);
  const { refused } = useZones(hub, market.id, { center: market.center, places }, onFrame);
  const [filter, setFilter] = useState<Filter>({ only: "all", status: undefined, text: "" });
  const [zoom, setZoom] = useState(13);
  const res = resolutionAt(zoom);
  const balances = useMemo(
    () => supplyOf(board, (id) => fleet.placeOf(id, performance.now()), res),
    [board, fleet, res],
  );
  return (
    <Box sx={{ display: "flex", flexDirection: "column", gap: 1.25, p: 1.25 }}>
      {refused && <Alert severity="warning">Live positions are not available: {refused.title}</Alert>}
      <FigureStrip board={board} nowMs={nowMs} only={filter.only} onOnly={(only) => setFilter({ ...filter, only })} />
      <Box
        sx={{
          display: "grid",
          gap: 1.25,
          gridTemplateColumns: { lg: "minmax(0, 1fr) minmax(0, 540px)" },
          alignItems: "start",
        }}
      >
        <Card
          sx={{
            height: { xs: "58dvh", lg: "calc(100dvh - 172px)" },
            minHeight: 320,
            position: { lg: "sticky" },
            top: 76,
          }}
        >
          <OpsMap
            market={market}
            board={board}
            restaurants={restaurants}
            fleet={fleet}
            balances={balances}
            nowMs={nowMs}
            selected={selected}
            onSelect={onSelect}
            onZoom={setZoom}
          />
        </Card>
        <OrdersPanel
          hub={hub}
          board={board}
          marketId={market.id}
          nowMs={nowMs}
          balances={balances}
          filter={filter}
          onFilter={setFilter}
          selected={selected}
          onSelect={onSelect}
        />
      </Box>
    </Box>
  );
}

/** The couriers as the map draws them, kept with the board. */
function useFleet(market: Market, board: Board): Fleet {
  const { lat, lng } = market.center;
  const rate = useDeploymentConfig()?.clockRate;
  const fleet = useMemo(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return new Fleet({ lat, lng }, performance.now(), still, rate);
  }, [lat, lng, rate]);
  useEffect(() => fleet.setCouriers(board.couriers.values(), performance.now()), [fleet, board]);
  return fleet;
}

function PickMarket({ market, markets, onMarket }: Omit<OpsBoardProps, "may">) {
  return (
    <TextField
      select
      size="small"
      label="City"
      value={market.id}
      onChange={(event) => onMarket(event.target.value)}
      sx={{ width: 180 }}
    >
      {markets.map((each) => (
        <MenuItem key={each.id} value={each.id}>
          {each.name}
        </MenuItem>
      ))}
    </TextField>
  );
}

function Warnings({ status, failure }: { readonly status: HubStatus; readonly failure: Failure | undefined }) {
  if (status === "offline") {
    return (
      <Alert severity="warning" variant="filled" square>
        No connection: this picture may be old.
      </Alert>
    );
  }
  return failure ? <Failed failure={failure} /> : null;
}

/** The market's restaurants: from the catalogue, and from the open orders, so that none that matters is missing. */
function useRestaurants(marketId: string, board: Board): readonly BoardRestaurant[] {
  const { data } = useRestaurantsQuery({ marketId, limit: 100 });
  const ofOrders = board.restaurants;
  return useMemo(() => {
    const known = new Map((data?.restaurants ?? []).map(({ id, name, point }) => [id, { id, name, point }]));
    for (const restaurant of ofOrders.values()) known.set(restaurant.id, restaurant);
    return [...known.values()];
  }, [data, ofOrders]);
}
