import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import Chip from "@mui/material/Chip";
import MenuItem from "@mui/material/MenuItem";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import { useMemo, useState } from "react";

import type { HubStatus } from "#shared/client/transport.ts";
import type { OrderStatus } from "#shared/contracts/states.ts";

import type { Failure } from "../../../common/failure.ts";
import { Failed, Loading } from "../../../common/notice.tsx";
import { useRestaurantsQuery } from "../../app/data.ts";
import { StaffFrame } from "../../app/staff-frame.tsx";
import { useHub } from "../../lib/use-hub.ts";
import type { Market } from "../browse/use-place.ts";
import { countsInOrder, filtered, restaurantsOf, statusWords, type Board } from "./board.ts";
import { OpsMap } from "./ops-map.tsx";
import { OrderDrawer } from "./order-drawer.tsx";
import { OrderTable } from "./order-table.tsx";
import type { Powers } from "./powers.ts";
import { useBoard, useCouriers } from "./use-board.ts";

export interface OpsBoardProps {
  readonly market: Market;
  readonly markets: readonly Market[];
  readonly may: Powers;
  readonly onMarket: (marketId: string) => void;
}

/** Map, counts and orders of one market, live. */
export function OpsBoard({ market, markets, may, onMarket }: OpsBoardProps) {
  const { hub, status } = useHub("ops");
  const { board, failure } = useBoard(hub, market.id);
  const restaurants = useRestaurants(market.id, board);
  const places = useMemo(() => restaurants.map((restaurant) => restaurant.point), [restaurants]);
  const { seen, refused } = useCouriers(hub, market.id, market.center, places);
  const [orderId, setOrderId] = useState<string>();
  return (
    <StaffFrame
      screen="ops"
      title={`${market.name} · operations`}
      status={status}
      actions={markets.length > 1 && <PickMarket market={market} markets={markets} onMarket={onMarket} />}
    >
      <Warnings status={status} failure={failure} refused={refused} />
      {board && (
        <Box
          sx={{
            display: "grid",
            gap: 1.5,
            p: 1.5,
            gridTemplateColumns: { lg: "minmax(0, 1fr) minmax(0, 1fr)" },
            alignItems: "start",
          }}
        >
          <Card sx={{ height: { xs: 340, lg: "calc(100dvh - 96px)" }, position: { lg: "sticky" }, top: 80 }}>
            <OpsMap
              market={market}
              board={board}
              restaurants={restaurants}
              seen={seen}
              selected={orderId}
              onSelect={setOrderId}
            />
          </Card>
          <Orders board={board} selected={orderId} onSelect={setOrderId} />
        </Box>
      )}
      {!board && !failure && <Loading what="Gathering the city…" />}
      {orderId !== undefined && (
        <OrderDrawer
          key={orderId}
          hub={hub}
          marketId={market.id}
          orderId={orderId}
          may={may}
          nameOf={(id) => board?.couriers.find((courier) => courier.courierId === id)?.name}
          onClose={() => setOrderId(undefined)}
        />
      )}
    </StaffFrame>
  );
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

interface WarningsProps {
  readonly status: HubStatus;
  readonly failure: Failure | undefined;
  readonly refused: Failure | undefined;
}

function Warnings({ status, failure, refused }: WarningsProps) {
  if (status === "offline") {
    return (
      <Alert severity="warning" variant="filled" square>
        No connection: this picture may be old.
      </Alert>
    );
  }
  return (
    <>
      {failure && <Failed failure={failure} />}
      {refused && (
        <Alert severity="warning" square>
          Live positions are not available: {refused.title}
        </Alert>
      )}
    </>
  );
}

interface OrdersProps {
  readonly board: Board;
  readonly selected: string | undefined;
  readonly onSelect: (orderId: string) => void;
}

function Orders({ board, selected, onSelect }: OrdersProps) {
  const [state, setState] = useState<OrderStatus>();
  const [text, setText] = useState("");
  const working = board.couriers.filter((courier) => courier.holding > 0).length;
  const shown = filtered(board.orders, state, text);
  return (
    <Stack spacing={1.5} sx={{ minWidth: 0 }}>
      <Stack
        direction="row"
        useFlexGap
        role="group"
        aria-label="Orders by state"
        sx={{ gap: 1, flexWrap: "wrap", alignItems: "center" }}
      >
        {countsInOrder(board.counts).map(({ status, count }) => (
          <Chip
            key={status}
            clickable
            aria-pressed={state === status}
            color={state === status ? "primary" : "default"}
            variant={state === status ? "filled" : "outlined"}
            label={
              <>
                <strong>{count}</strong> {statusWords(status)}
              </>
            }
            onClick={() => setState(state === status ? undefined : status)}
          />
        ))}
        <Chip
          variant="outlined"
          label={
            <>
              <strong>{board.couriers.length}</strong> couriers on duty, <strong>{working}</strong> carrying
            </>
          }
        />
      </Stack>
      <TextField
        size="small"
        type="search"
        label="Find an order by code, restaurant, customer or courier"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <OrderTable orders={shown} total={board.orders.length} selected={selected} onSelect={onSelect} />
    </Stack>
  );
}

/** The market's restaurants: from the catalogue, and from the open orders, so that none that matters is missing. */
function useRestaurants(marketId: string, board: Board | undefined) {
  const { data } = useRestaurantsQuery({ marketId, limit: 100 });
  const ofOrders = board?.orders;
  return useMemo(() => {
    const known = (data?.restaurants ?? []).map(({ id, name, point }) => ({ id, name, point }));
    const more = restaurantsOf(ofOrders ?? []).filter((each) => !known.some((other) => other.id === each.id));
    return [...known, ...more];
  }, [data, ofOrders]);
}
