import Close from "@mui/icons-material/Close";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";

import { formatClock } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { heldBy, statusWords, type Board } from "./board.ts";
import { stateOf } from "./map/fleet.ts";
import { COURIER_WORDS } from "./map/palette.ts";

export interface CourierCardProps {
  readonly board: Board;
  readonly courierId: string;
  readonly onOrder: (orderId: string) => void;
  readonly onClose: () => void;
}

/** A courier: what he holds, in the order of his stops. */
export function CourierCard({ board, courierId, onOrder, onClose }: CourierCardProps) {
  const timeZone = useMarketZone();
  const courier = board.couriers.get(courierId);
  if (!courier) return null;
  const held = heldBy(board, courierId);
  return (
    <Card component="section" aria-label={`Courier ${courier.name}`} sx={{ p: 1.5 }}>
      <Box sx={{ display: "flex", alignItems: "start", justifyContent: "space-between" }}>
        <Box>
          <Typography variant="h4">{courier.name}</Typography>
          <Typography variant="body2" color="textSecondary">
            {statusWords(courier.vehicle)}, {COURIER_WORDS[stateOf(courier)]}
            {courier.fixAtMs !== null && ` · last told ${formatClock(courier.fixAtMs, timeZone)}`}
          </Typography>
        </Box>
        <IconButton aria-label="Close the courier" onClick={onClose}>
          <Close />
        </IconButton>
      </Box>
      {held.map((order) => (
        <Box key={order.id} sx={{ display: "flex", gap: 1, alignItems: "baseline", flexWrap: "wrap" }}>
          <Button size="small" aria-label={`Open the courier's order ${order.code}`} onClick={() => onOrder(order.id)}>
            {order.code}
          </Button>
          <Typography variant="body2">
            {board.restaurants.get(order.restaurantId)?.name} → {order.customerName} ·{" "}
            {statusWords(order.deliveryStatus ?? order.status)}
            {order.promisedAtMs !== null && ` · promised ${formatClock(order.promisedAtMs, timeZone)}`}
          </Typography>
        </Box>
      ))}
      {held.length === 0 && <Typography color="textSecondary">Nothing in hand.</Typography>}
    </Card>
  );
}
