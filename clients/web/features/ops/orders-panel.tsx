import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import { useMemo } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { CellBalance } from "#shared/domain/dispatch/supply.ts";

import { countsInOrder, couriersNamed, filtered, statusWords, type Board, type Filter } from "./board.ts";
import { CourierCard } from "./courier-card.tsx";
import type { Selected } from "./ops-map.tsx";
import { OrderTable } from "./order-table.tsx";
import { balanceWords, nearWhat, shortest } from "./supply.ts";
import { TimesKept } from "./times-kept.tsx";

export interface OrdersPanelProps {
  readonly hub: HubClient | undefined;
  readonly board: Board;
  readonly marketId: string;
  readonly nowMs: number;
  readonly balances: readonly CellBalance[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly selected: Selected;
  readonly onSelect: (selected: Selected) => void;
}

/** Couriers offered by a search: who types one letter more finds the rest. */
const MOST_FOUND = 6;
const MOST_SHORT = 3;

/** Beside the map: where couriers are short, who was found, and the orders that fit the filter. */
export function OrdersPanel(props: OrdersPanelProps) {
  const { hub, board, marketId, nowMs, balances, filter, onFilter, selected, onSelect } = props;
  const shown = useMemo(() => filtered(board, filter, nowMs), [board, filter, nowMs]);
  const found = couriersNamed(board, filter.text).slice(0, MOST_FOUND);
  const openOrder = (orderId: string) => onSelect({ orderId, courierId: undefined });
  return (
    <Stack spacing={1.25} sx={{ minWidth: 0 }}>
      {selected.courierId !== undefined && (
        <CourierCard
          board={board}
          courierId={selected.courierId}
          onOrder={openOrder}
          onClose={() => onSelect({ orderId: undefined, courierId: undefined })}
        />
      )}
      <ShortCells board={board} balances={balances} />
      <TimesKept hub={hub} marketId={marketId} />
      <TextField
        size="small"
        type="search"
        label="Find by order code, restaurant, customer or courier"
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
        onKeyDown={(event) => {
          const [first] = shown;
          if (event.key === "Enter" && first) openOrder(first.id);
        }}
      />
      {found.length > 0 && (
        <Box role="group" aria-label="Couriers found">
          {found.map(({ courierId, name }) => (
            <Button key={courierId} size="small" onClick={() => onSelect({ orderId: undefined, courierId })}>
              {name}
            </Button>
          ))}
        </Box>
      )}
      <States board={board} filter={filter} onFilter={onFilter} />
      <OrderTable
        board={board}
        marketId={marketId}
        orders={shown}
        nowMs={nowMs}
        selected={selected.orderId}
        onSelect={openOrder}
      />
    </Stack>
  );
}

function States({ board, filter, onFilter }: Pick<OrdersPanelProps, "board" | "filter" | "onFilter">) {
  return (
    <Box role="group" aria-label="Orders by state" sx={{ display: "flex", gap: 0.75, flexWrap: "wrap" }}>
      {countsInOrder(board.counts).map(({ status, count }) => {
        const pressed = filter.status === status;
        return (
          <Chip
            key={status}
            size="small"
            clickable
            aria-pressed={pressed}
            color={pressed ? "primary" : "default"}
            variant={pressed ? "filled" : "outlined"}
            label={
              <>
                <strong>{count.toLocaleString()}</strong> {statusWords(status)}
              </>
            }
            onClick={() => onFilter({ ...filter, status: pressed ? undefined : status })}
          />
        );
      })}
    </Box>
  );
}

function ShortCells({ board, balances }: Pick<OrdersPanelProps, "board" | "balances">) {
  const worst = shortest(balances, MOST_SHORT);
  if (worst.length === 0) return null;
  return (
    <Box component="section" aria-label="Short of couriers" sx={{ fontSize: 13 }}>
      <strong>Short of couriers</strong>
      {worst.map((balance) => (
        <div key={balance.cell}>
          around {nearWhat(board, balance.cell)}: {balanceWords(balance)}
        </div>
      ))}
    </Box>
  );
}
