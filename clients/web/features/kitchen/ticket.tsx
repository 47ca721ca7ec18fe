import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useState } from "react";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatClock, formatSpan } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { RejectDialog } from "./reject-dialog.tsx";
import { dueAtMs, urgencyOf } from "./tickets.ts";
import type { KitchenCommands } from "./use-kitchen-commands.ts";

const LOOK = { calm: "success.main", soon: "warning.main", late: "error.main" } as const;

export interface TicketProps {
  readonly order: SeenOrder;
  readonly nowMs: number;
  readonly prep: readonly number[];
  readonly commands: KitchenCommands;
}

/** One ticket: what to cook, how long is left, and the next step under one touch. */
export function Ticket({ order, nowMs, prep, commands }: TicketProps) {
  const urgency = urgencyOf(order, nowMs);
  return (
    <Card
      component="article"
      aria-label={`Ticket ${order.code ?? ""}`}
      sx={{ borderLeft: 8, borderLeftColor: LOOK[urgency], borderRadius: 1 }}
    >
      <Box sx={{ px: 1.25, py: 1 }}>
        <Stack direction="row" sx={{ alignItems: "baseline", gap: 1 }}>
          <Box sx={{ fontWeight: 800, fontSize: "1.35rem", letterSpacing: ".02em" }}>{order.code}</Box>
          <Typography variant="body2" color="textSecondary" noWrap sx={{ flex: 1, minWidth: 0 }}>
            {order.kind === "takeaway" ? "Take-away" : "Delivery"} · {order.customerName}
          </Typography>
          <Timer order={order} nowMs={nowMs} color={LOOK[urgency]} />
        </Stack>
        <Box component="ul" sx={{ listStyle: "none", p: 0, my: 0.75 }}>
          {order.lines?.map((line, at) => (
            <Box component="li" key={at} sx={{ fontSize: "1.15rem", lineHeight: 1.25, mb: 0.25 }}>
              <strong>{line.quantity}×</strong> {line.name}
              {line.modifiers.length > 0 && (
                <Box sx={{ fontSize: ".95rem", color: "text.secondary", pl: 3 }}>
                  {line.modifiers.map((each) => each.name).join(", ")}
                </Box>
              )}
              {line.note && <Note text={line.note} />}
            </Box>
          ))}
        </Box>
        {order.note && <Note text={order.note} />}
        <Courier order={order} />
        <Actions order={order} prep={prep} commands={commands} />
      </Box>
    </Card>
  );
}

function Note({ text }: { readonly text: string }) {
  return (
    <Box
      sx={{
        bgcolor: "secondary.main",
        color: "secondary.contrastText",
        borderRadius: 0.5,
        px: 1,
        py: 0.25,
        my: 0.5,
        fontSize: ".95rem",
        fontWeight: 600,
      }}
    >
      {text}
    </Box>
  );
}

function Timer({ order, nowMs, color }: { readonly order: SeenOrder; readonly nowMs: number; readonly color: string }) {
  const dueMs = dueAtMs(order);
  if (dueMs === undefined) return null;
  const ready = order.status === "READY";
  const spanMs = Math.abs(dueMs - nowMs);
  const word = ready ? "waiting" : nowMs > dueMs ? "over" : "left";
  return (
    <Typography component="span" sx={{ fontWeight: 700, color, flex: "none", fontVariantNumeric: "tabular-nums" }}>
      {formatSpan(spanMs)} <small>{word}</small>
    </Typography>
  );
}

function Courier({ order }: { readonly order: SeenOrder }) {
  const timeZone = useMarketZone();
  if (order.kind === "takeaway" || order.status === "CREATED") return null;
  const { delivery, eta } = order;
  if (!delivery?.courierName)
    return (
      <Typography variant="body2" color="textSecondary">
        No courier yet
      </Typography>
    );
  const here = delivery.status === "ARRIVED_AT_MERCHANT";
  return (
    <Typography variant="body2" sx={{ fontWeight: here ? 700 : 400 }}>
      {delivery.courierName} {here ? "is here" : delivery.status === "PICKUP_ONGOING" ? "is on the way" : "takes it"}
      {eta && ` · at the customer's ${formatClock(eta.p50AtMs, timeZone)}`}
    </Typography>
  );
}

function Actions({ order, prep, commands }: Omit<TicketProps, "nowMs">) {
  const { place, run, busy } = commands;
  const ref = { marketId: place.marketId, orderId: order.id };
  const isBusy = busy.has(order.id);
  if (order.status === "CREATED") return <Answer order={order} prep={prep} commands={commands} />;
  if (order.status === "CONFIRMED") {
    return <Big label="Start cooking" busy={isBusy} onClick={() => void run(order.id, "order.start", ref)} />;
  }
  if (order.status === "PREPARING") {
    const delay = () => void run(order.id, "order.delay", { ...ref, addMinutes: 5 });
    return (
      <Stack direction="row" sx={{ gap: 1, alignItems: "end" }}>
        <Big label="Ready" busy={isBusy} onClick={() => void run(order.id, "order.ready", ref)} />
        <Button variant="outlined" disabled={isBusy} sx={{ flex: "none", minHeight: 48 }} onClick={delay}>
          +5 min
        </Button>
      </Stack>
    );
  }
  if (order.status !== "READY" || order.kind !== "takeaway") return null;
  return <Big label="Handed out" busy={isBusy} onClick={() => void run(order.id, "order.hand-out", ref)} />;
}

/** One touch confirms with its time. */
function Answer({ order, prep, commands }: Omit<TicketProps, "nowMs">) {
  const [rejecting, setRejecting] = useState(false);
  const { place, run, busy } = commands;
  const isBusy = busy.has(order.id);
  const confirm = (prepMinutes: number) =>
    void run(order.id, "order.confirm", { marketId: place.marketId, orderId: order.id, prepMinutes });
  return (
    <Stack direction="row" role="group" aria-label="Confirm: ready in" sx={{ gap: 0.5, mt: 1 }}>
      {prep.map((prepMinutes) => (
        <Button
          key={prepMinutes}
          variant="contained"
          disabled={isBusy}
          sx={{ minWidth: 0, px: 0, flex: 1, whiteSpace: "nowrap", minHeight: 52 }}
          aria-label={`Confirm, ready in ${prepMinutes} minutes`}
          onClick={() => confirm(prepMinutes)}
        >
          {prepMinutes} min
        </Button>
      ))}
      <Button color="error" disabled={isBusy} sx={{ minWidth: 0, px: 1 }} onClick={() => setRejecting(true)}>
        Reject
      </Button>
      {rejecting && <RejectDialog order={order} commands={commands} onClose={() => setRejecting(false)} />}
    </Stack>
  );
}

function Big({
  label,
  busy,
  onClick,
}: {
  readonly label: string;
  readonly busy: boolean;
  readonly onClick: () => void;
}) {
  return (
    <Button
      fullWidth
      variant="contained"
      size="large"
      loading={busy}
      sx={{ mt: 0.75, minHeight: 48, fontSize: "1.1rem" }}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
