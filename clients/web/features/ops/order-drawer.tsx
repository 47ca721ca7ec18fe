import Close from "@mui/icons-material/Close";
import History from "@mui/icons-material/History";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import { Fragment } from "react";
import { Link } from "react-router";

import type { HubClient } from "#shared/client/hub-client.ts";
import { applyOrderEvent } from "#shared/client/merge.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatClock, formatMoney } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { Empty, Failed, Loading } from "../../../common/notice.tsx";
import { useAnswer } from "../../../common/use-answer.ts";
import { useStream } from "../../lib/use-stream.ts";
import { statusWords } from "./board.ts";
import { EventLog } from "./event-log.tsx";
import { LedgerTable } from "./ledger-table.tsx";
import { OrderActions, type OrderActionsProps } from "./order-actions.tsx";
import type { Powers } from "./powers.ts";
import { replayPath } from "./replay-path.ts";
import { WhyNow } from "./why-now.tsx";

export interface OrderDrawerProps {
  readonly hub: HubClient | undefined;
  readonly marketId: string;
  readonly orderId: string;
  readonly may: Powers;
  /** On duty. */
  readonly couriers: OrderActionsProps["couriers"];
  readonly onClose: () => void;
}

/** One order with all that happened to it and the money that moved, live. */
export function OrderDrawer({ hub, marketId, orderId, may, couriers, onClose }: OrderDrawerProps) {
  const {
    state: order,
    events,
    closed,
  } = useStream<SeenOrder>(hub, { kind: "order", marketId, id: orderId, apply: applyOrderEvent });
  const seq = events.at(-1)?.seq ?? 0;
  const { answer: story, failure, refetch } = useAnswer(hub, "order.story", { marketId, orderId }, seq);
  return (
    <Drawer
      open
      anchor="right"
      onClose={onClose}
      slotProps={{ paper: { sx: { width: { xs: "100%", sm: 520 } }, "aria-label": "Order" } }}
    >
      <Stack sx={{ p: 2.5, gap: 2 }}>
        <Stack direction="row" sx={{ justifyContent: "space-between" }}>
          <Typography variant="h2">Order {order?.code}</Typography>
          <Button
            component={Link}
            to={replayPath(marketId, orderId)}
            size="small"
            variant="outlined"
            startIcon={<History />}
            sx={{ ml: "auto", mr: 1 }}
          >
            Black box
          </Button>
          <IconButton aria-label="Close the order" onClick={onClose}>
            <Close />
          </IconButton>
        </Stack>
        {order ? (
          <>
            <Facts order={order} />
            <OrderActions hub={hub} order={order} marketId={marketId} may={may} couriers={couriers} />
            {order.delivery && !order.endedAtMs && (
              <WhyNow hub={hub} marketId={marketId} deliveryId={order.delivery.id} seq={events.at(-1)?.seq ?? 0} />
            )}
          </>
        ) : (
          <Waiting closed={closed} />
        )}
        {failure && <Failed failure={failure} onRetry={refetch} />}
        {story && (
          <>
            <EventLog events={story.events} hub={hub} marketId={marketId} />
            <LedgerTable rows={story.ledger} />
          </>
        )}
      </Stack>
    </Drawer>
  );
}

function Waiting({ closed }: { readonly closed: boolean }) {
  return closed ? <Empty title="No such order" /> : <Loading what="Opening the order…" />;
}

/** What there is to know of an order, name and words; without words it is left out. */
function factsOf(order: SeenOrder, timeZone: string | undefined): [string, string | undefined][] {
  const { delivery, price, currency = "EUR", eta } = order;
  return [
    ["State", statusWords(order.status)],
    ["Restaurant", joined(order.restaurantName, order.restaurantLine)],
    ["Customer", order.customerName],
    ["To", order.drop ? order.drop.line || "a place on the map" : "take-away"],
    [
      "Delivery",
      delivery ? joined(statusWords(delivery.status), delivery.courierName, delivery.pinned && "pinned") : undefined,
    ],
    ["Expected", eta ? `${formatClock(eta.p50AtMs, timeZone)}–${formatClock(eta.p90AtMs, timeZone)}` : undefined],
    ["Total", price && formatMoney(price.totalMinor, currency)],
    ["Payment", paymentWords(order.payment, currency)],
  ];
}

function joined(...parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(", ");
}

function paymentWords(payment: SeenOrder["payment"], currency: string): string | undefined {
  if (!payment) return undefined;
  const back = payment.refundedMinor > 0 ? `${formatMoney(payment.refundedMinor, currency)} given back` : undefined;
  return joined(statusWords(payment.status), back);
}

function Facts({ order }: { readonly order: SeenOrder }) {
  const timeZone = useMarketZone();
  return (
    <>
      <Box
        component="dl"
        sx={{
          display: "grid",
          gridTemplateColumns: "auto 1fr",
          columnGap: 2,
          rowGap: 0.5,
          m: 0,
          "& dt": { color: "text.secondary" },
          "& dd": { m: 0 },
        }}
      >
        {factsOf(order, timeZone).map(
          ([name, value]) =>
            value && (
              <Fragment key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </Fragment>
            ),
        )}
      </Box>
      <Typography variant="body2">
        {order.lines?.map((line) => `${line.quantity} × ${line.name}`).join(", ")}
      </Typography>
      {order.endReason && <Alert severity="info">{order.endReason}</Alert>}
    </>
  );
}
