import History from "@mui/icons-material/History";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Chip from "@mui/material/Chip";
import IconButton from "@mui/material/IconButton";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableContainer from "@mui/material/TableContainer";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { memo, useState } from "react";
import { Link } from "react-router";

import type { BoardOrder } from "#shared/contracts/board.ts";

import { formatClock } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { Empty } from "../../../common/notice.tsx";
import { isLate, statusWords, type Board } from "./board.ts";
import { replayPath } from "./replay-path.ts";

export interface OrderTableProps {
  readonly board: Board;
  readonly marketId: string;
  /** Those that fit the filter, in their order. */
  readonly orders: readonly BoardOrder[];
  /** Deployment time. */
  readonly nowMs: number;
  readonly selected: string | undefined;
  readonly onSelect: (orderId: string) => void;
}

/** Rows drawn at a time: thousands would make the page slow, and nobody reads them. */
const PAGE = 60;

/** The open orders, the most urgent first; it says how many it does not show. */
export function OrderTable({ board, marketId, orders, nowMs, selected, onSelect }: OrderTableProps) {
  const timeZone = useMarketZone();
  const [most, setMost] = useState(PAGE);
  if (orders.length === 0) {
    return <Empty title={board.orders.size === 0 ? "No open orders" : "No order fits the filter"} />;
  }
  const hidden = orders.length - most;
  return (
    <TableContainer component={Card}>
      <Table size="small" aria-label="Open orders" sx={{ "& td, & th": { px: 1 } }}>
        <TableHead>
          <TableRow>
            {["Order", "State", "Restaurant", "Courier", "Promised", ""].map((head) => (
              <TableCell key={head}>{head}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {orders.slice(0, most).map((order) => (
            <OrderRow
              timeZone={timeZone}
              key={order.id}
              order={order}
              marketId={marketId}
              restaurantName={board.restaurants.get(order.restaurantId)?.name ?? ""}
              late={isLate(order, nowMs)}
              selected={order.id === selected}
              onSelect={onSelect}
            />
          ))}
        </TableBody>
      </Table>
      {hidden > 0 && (
        <Box sx={{ p: 1, textAlign: "center", color: "text.secondary" }}>
          {most} of {orders.length.toLocaleString()} shown.
          <Button size="small" onClick={() => setMost(most + PAGE)}>
            Show {Math.min(PAGE, hidden)} more
          </Button>
        </Box>
      )}
    </TableContainer>
  );
}

interface OrderRowProps {
  readonly timeZone: string | undefined;
  readonly order: BoardOrder;
  readonly marketId: string;
  readonly restaurantName: string;
  readonly late: boolean;
  readonly selected: boolean;
  readonly onSelect: (orderId: string) => void;
}

const OrderRow = memo(({ timeZone, order, marketId, restaurantName, late, selected, onSelect }: OrderRowProps) => (
  <TableRow hover selected={selected} onClick={() => onSelect(order.id)} sx={{ cursor: "pointer" }}>
    <TableCell sx={{ py: 0 }}>
      <Button size="small" aria-label={`Open order ${order.code}`} sx={{ px: 0.5, minWidth: 0 }}>
        {order.code}
      </Button>
    </TableCell>
    <TableCell>
      <Chip size="small" label={statusWords(order.status)} />
    </TableCell>
    <TableCell>{restaurantName}</TableCell>
    <TableCell>{order.kind === "takeaway" ? "take-away" : (order.courierName ?? "–")}</TableCell>
    <TableCell sx={{ color: late ? "error.main" : undefined, fontWeight: late ? 700 : 400 }}>
      {order.promisedAtMs === null ? "–" : formatClock(order.promisedAtMs, timeZone)}
    </TableCell>
    <TableCell sx={{ py: 0 }}>
      <IconButton
        size="small"
        component={Link}
        to={replayPath(marketId, order.id)}
        aria-label={`Black box of ${order.code}`}
        title="Black box: what each of its people saw"
        onClick={(event) => event.stopPropagation()}
        sx={{ minWidth: 36, minHeight: 36 }}
      >
        <History fontSize="small" />
      </IconButton>
    </TableCell>
  </TableRow>
));
OrderRow.displayName = "OrderRow";
