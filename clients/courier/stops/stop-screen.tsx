import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatClock } from "../../common/format.ts";
import { useAppSelector } from "../app/store.ts";
import { unsent } from "../link/outbox.ts";
import { useLink } from "../link/use-link.ts";
import { useMarketId } from "../link/use-market.ts";
import { laterOrders, nextStop, type Stop } from "./next-step.ts";
import { OrderAtStop } from "./order-at-stop.tsx";
import { OtherActions } from "./other-actions.tsx";
import { PlaceCard } from "./place-card.tsx";
import { stepLabel } from "./words.ts";

/** The work in hand, one stop at a time: where, what, and one big button for what comes next. */
export function StopScreen({ work }: { readonly work: readonly SeenOrder[] }) {
  const link = useLink();
  const marketId = useMarketId();
  const waiting = useAppSelector((state) => unsent(state.outbox).length > 0);
  const stop = nextStop(work);
  if (!stop) return null;
  const go = () => {
    for (const order of stop.of) {
      if (marketId && order.delivery) link.say(stop.step, { marketId, deliveryId: order.delivery.id });
    }
  };
  const later = laterOrders(work, stop);
  return (
    <Stack sx={{ flex: 1, minHeight: 0 }}>
      <Stack sx={{ flex: 1, p: 2, gap: 2, overflowY: "auto", maxWidth: 640, width: "100%", mx: "auto" }}>
        <PlaceCard stop={stop} />
        {stop.orders.map((order) => (
          <OrderAtStop key={order.id} order={order} at={stop.at} />
        ))}
        {later.length > 0 && <Later orders={later} />}
        <OtherActions stop={stop} />
      </Stack>
      <Box
        sx={{
          position: "sticky",
          bottom: 0,
          p: 2,
          pb: "max(16px, env(safe-area-inset-bottom))",
          borderTop: 1,
          borderColor: "divider",
          bgcolor: "background.paper",
        }}
      >
        <Wait stop={stop} />
        <Button
          fullWidth
          variant="contained"
          disabled={stop.waiting}
          onClick={go}
          sx={{ minHeight: 92, fontSize: "1.625rem", lineHeight: 1.15 }}
        >
          {stepLabel(stop)}
        </Button>
        {waiting && (
          <Typography role="status" color="text.secondary" sx={{ textAlign: "center", mt: 1 }}>
            Your last step is being sent…
          </Typography>
        )}
      </Box>
    </Stack>
  );
}

function Wait({ stop }: { readonly stop: Stop }) {
  if (!stop.waiting) return null;
  const readyAtMs = Math.max(...stop.orders.map((order) => order.readyEstimateAtMs ?? 0));
  return (
    <Typography role="status" sx={{ fontSize: "1.125rem", fontWeight: 600, textAlign: "center", mb: 1.25 }}>
      Not ready yet{readyAtMs > 0 ? `. The kitchen says ${formatClock(readyAtMs)}` : ""}
    </Typography>
  );
}

function Later({ orders }: { readonly orders: readonly SeenOrder[] }) {
  return (
    <Box component="section" aria-label="After this">
      <Typography variant="overline" component="h2">
        After this
      </Typography>
      <Stack component="ol" sx={{ m: 0, pl: 0, listStyle: "none", gap: 0.5 }}>
        {orders.map((order) => (
          <Typography component="li" key={order.id} sx={{ fontSize: "1.0625rem" }}>
            <strong>{order.code}</strong> · {order.drop?.line || order.restaurantName}
          </Typography>
        ))}
      </Stack>
    </Box>
  );
}
