import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Chip from "@mui/material/Chip";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableContainer from "@mui/material/TableContainer";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatClock } from "../../../common/format.ts";
import { Empty } from "../../../common/notice.tsx";
import { useNow } from "../../../common/use-now.ts";
import { statusWords } from "./board.ts";

export interface OrderTableProps {
  readonly orders: readonly SeenOrder[];
  /** Before the filter. */
  readonly total: number;
  readonly selected: string | undefined;
  readonly onSelect: (orderId: string) => void;
}

/** The open orders. */
export function OrderTable({ orders, total, selected, onSelect }: OrderTableProps) {
  const nowMs = useNow(10_000);
  if (orders.length === 0) {
    return <Empty title={total === 0 ? "No open orders" : "No order fits the filter"} />;
  }
  return (
    <TableContainer component={Card}>
      <Table size="small" aria-label="Open orders">
        <TableHead>
          <TableRow>
            {["Order", "State", "Restaurant", "Courier", "Placed", "Promised"].map((head) => (
              <TableCell key={head}>{head}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {orders.map((order) => (
            <TableRow
              key={order.id}
              hover
              selected={order.id === selected}
              onClick={() => onSelect(order.id)}
              sx={{ cursor: "pointer" }}
            >
              <TableCell sx={{ py: 0 }}>
                <Button size="small" aria-label={`Open order ${order.code ?? ""}`} sx={{ px: 0.5, minWidth: 0 }}>
                  {order.code}
                </Button>
              </TableCell>
              <TableCell>
                <Chip size="small" label={statusWords(order.status)} />
              </TableCell>
              <TableCell>{order.restaurantName}</TableCell>
              <TableCell>{order.kind === "takeaway" ? "take-away" : (order.delivery?.courierName ?? "–")}</TableCell>
              <TableCell>{order.placedAtMs ? formatClock(order.placedAtMs) : ""}</TableCell>
              <TableCell
                sx={{
                  color: isLate(order, nowMs) ? "error.main" : undefined,
                  fontWeight: isLate(order, nowMs) ? 700 : 400,
                }}
              >
                {order.promise ? formatClock(order.promise.p90AtMs) : "–"}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function isLate(order: SeenOrder, nowMs: number): boolean {
  return order.promise !== null && order.promise !== undefined && order.promise.p90AtMs < nowMs;
}
