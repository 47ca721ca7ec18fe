import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { lazy, Suspense, useEffect, useState } from "react";
import { useParams, useSearchParams } from "react-router";

import { applyOrderEvent } from "#shared/client/merge.ts";
import type { HubClient } from "#shared/client/hub-client.ts";
import type { SeenEvent } from "#shared/contracts/streams.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import { ConnectionChip } from "../../../common/connection-chip.tsx";
import { formatClock } from "../../../common/format.ts";
import { Empty, Loading } from "../../../common/notice.tsx";
import { SignInForm } from "../../../common/sign-in-form.tsx";
import { useNow } from "../../../common/use-now.ts";
import { useSession } from "../../../common/use-session.ts";
import { useServices } from "../../app/services.ts";
import { useHub } from "../../lib/use-hub.ts";
import { usePosition } from "../../lib/use-position.ts";
import { useStream } from "../../lib/use-stream.ts";
import { PriceLines } from "../basket/price-lines.tsx";
import { useMarket, type Market } from "../browse/use-place.ts";
import { CancelButton } from "./cancel-button.tsx";
import { PayCard } from "./pay-card.tsx";
import { toldWords, headline, minutesWords, isLate, isOver, mayCancel } from "./stages.ts";
import { StageList } from "./stage-list.tsx";

const TrackMap = lazy(async () => ({ default: (await import("./track-map.tsx")).TrackMap }));

/** `/orders/:orderId`: one order, live. */
export function TrackPage() {
  const { orderId } = useParams();
  const { market } = useMarket();
  const { sessions } = useServices();
  const signedIn = useSession(sessions.customer);
  useCleanAddress();
  if (signedIn) return <Tracked market={market} orderId={orderId} />;
  return (
    <Card sx={{ p: 3, maxWidth: 420, mx: "auto" }}>
      <SignInForm session={sessions.customer} title="Sign in to see this order" />
    </Card>
  );
}

/** The card's bank sends the customer back with the payment in the address: there it must not stay. */
function useCleanAddress(): void {
  const [search, setSearch] = useSearchParams();
  const market = search.get("market");
  const isBack = search.has("payment_intent");
  useEffect(() => {
    if (isBack) setSearch(market === null ? {} : { market }, { replace: true });
  }, [isBack, market, setSearch]);
}

function Tracked({ market, orderId }: { readonly market: Market | undefined; readonly orderId: string | undefined }) {
  const { hub, status } = useHub("customer");
  const watched = useStream<SeenOrder>(hub, {
    kind: "order",
    marketId: market?.id,
    id: orderId,
    apply: applyOrderEvent,
  });
  const { state: order, events, closed } = watched;
  const timeZone = market?.timeZone;
  if (closed && !order) return <Empty title="No such order">It may belong to another account.</Empty>;
  if (!order) return <Loading what={status === "offline" ? "Waiting for the connection…" : "Finding your order…"} />;
  return (
    <Box sx={{ display: "grid", gap: 3, gridTemplateColumns: { md: "minmax(0, 1fr) 360px" }, alignItems: "start" }}>
      <Stack spacing={3} sx={{ minWidth: 0 }}>
        <Stack direction="row" sx={{ justifyContent: "space-between", alignItems: "center" }}>
          <Typography variant="overline" color="textSecondary">
            {order.restaurantName} · order {order.code}
          </Typography>
          <ConnectionChip status={status} />
        </Stack>
        <Headline order={order} timeZone={timeZone} />
        {order.status === "PENDING_PAYMENT" && <PayCard order={order} />}
        <WhereIsIt hub={hub} order={order} />
        <StageList order={order} timeZone={timeZone} />
        {mayCancel(order) && <CancelButton order={order} />}
      </Stack>
      <Aside order={order} events={events} timeZone={timeZone} />
    </Box>
  );
}

interface OrderTimes {
  readonly order: SeenOrder;
  /** The market's. */
  readonly timeZone: string | undefined;
}

function Headline({ order, timeZone }: OrderTimes) {
  return (
    <div>
      <Typography variant="h1" aria-live="polite">
        {headline(order)}
      </Typography>
      {!isOver(order) && <When order={order} timeZone={timeZone} />}
      {order.endReason && (
        <Alert severity="info" sx={{ mt: 1.5 }}>
          {order.endReason}
        </Alert>
      )}
    </div>
  );
}

/** When it comes, what was promised, and who brings it. */
function When({ order, timeZone }: OrderTimes) {
  const { eta, promise } = order;
  const nowMs = useNow(5_000);
  const said = promise && `We said ${formatClock(promise.p50AtMs, timeZone)}–${formatClock(promise.p90AtMs, timeZone)}`;
  const kitchen =
    order.readyEstimateAtMs && order.readyAtMs === null
      ? `the kitchen is ready about ${formatClock(order.readyEstimateAtMs, timeZone)}`
      : null;
  return (
    <>
      {eta && (
        <Typography variant="h4" component="p" sx={{ mt: 1 }}>
          {order.kind === "takeaway" ? "Ready" : "With you"} {minutesWords(eta.p50AtMs - nowMs)}
          <Typography component="span" color="textSecondary" sx={{ ml: 1, whiteSpace: "nowrap" }}>
            {formatClock(eta.p50AtMs, timeZone)}–{formatClock(eta.p90AtMs, timeZone)}
          </Typography>
        </Typography>
      )}
      <Typography color="textSecondary">{[said, kitchen].filter(Boolean).join(" · ")}</Typography>
      {isLate(order) && (
        <Alert severity="warning" sx={{ mt: 1.5 }}>
          It takes longer than we said. The new time is above.
        </Alert>
      )}
      {order.delivery?.courierName && (
        <Typography sx={{ mt: 1 }}>{order.delivery.courierName} brings it to you.</Typography>
      )}
    </>
  );
}

/** The map, as long as there is something to see on it. */
function WhereIsIt({ hub, order }: { readonly hub: HubClient | undefined; readonly order: SeenOrder }) {
  const carried = order.status === "IN_DELIVERY";
  const position = usePosition(hub, carried ? order.id : undefined);
  if (isOver(order) || order.status === "PENDING_PAYMENT" || !order.restaurantPoint) return null;
  return (
    <Card sx={{ height: 320 }}>
      <Suspense fallback={<Loading what="Unfolding the map…" />}>
        <TrackMap
          marketId={order.marketId}
          restaurant={order.restaurantPoint}
          restaurantName={order.restaurantName ?? "Restaurant"}
          drop={order.drop?.point}
          courier={carried ? position : undefined}
          courierName={order.delivery?.courierName ?? "Your courier"}
        />
      </Suspense>
    </Card>
  );
}

function Aside({ order, events, timeZone }: OrderTimes & { readonly events: readonly SeenEvent[] }) {
  const [told, setTold] = useState("");
  const last = events.at(-1);
  useEffect(() => setTold(last ? toldWords(last, timeZone) : ""), [last, timeZone]);
  return (
    <Stack spacing={2}>
      <Card sx={{ p: 2.5 }}>
        <Typography variant="h4" component="h2" sx={{ mb: 1 }}>
          Your order
        </Typography>
        {order.lines?.map((line, at) => (
          <Typography key={at} sx={{ mb: 0.5 }}>
            {line.quantity} × {line.name}
            <Typography component="span" variant="body2" color="textSecondary">
              {" "}
              {[...line.modifiers.map((each) => each.name), line.note].filter(Boolean).join(", ")}
            </Typography>
          </Typography>
        ))}
        {order.drop && (
          <Typography variant="body2" color="textSecondary" sx={{ my: 1 }}>
            To {order.drop.line || "the place on the map"}
          </Typography>
        )}
        {order.price && order.currency && <PriceLines price={order.price} currency={order.currency} />}
        {order.payment && (
          <Typography variant="body2" color="textSecondary">
            Payment: {order.payment.status.toLowerCase().replaceAll("_", " ")}
          </Typography>
        )}
      </Card>
      {events.length > 0 && (
        <Card sx={{ p: 2.5 }} component="section" aria-label="What happened while you watched">
          <Typography variant="h4" component="h2">
            As it happens
          </Typography>
          <Box component="ol" sx={{ pl: 0, m: 0, mt: 1, listStyle: "none" }}>
            {events.toReversed().map((event) => (
              <Typography component="li" variant="body2" key={event.id}>
                {formatClock(event.atMs, timeZone)} · {toldWords(event, timeZone)}
              </Typography>
            ))}
          </Box>
          <Box
            sx={{ position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" }}
            aria-live="polite"
          >
            {told}
          </Box>
        </Card>
      )}
    </Stack>
  );
}
