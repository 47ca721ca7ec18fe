import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useMemo } from "react";
import { Link, useParams } from "react-router";

import { applyOrderEvent } from "#shared/client/merge.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import type { Failure } from "../../../common/failure.ts";
import { MarketZoneContext } from "../../../common/market-zone.ts";
import { Empty, Failed, Loading } from "../../../common/notice.tsx";
import { useNow } from "../../../common/use-now.ts";
import { useSession } from "../../../common/use-session.ts";
import { useMarketsQuery } from "../../app/data.ts";
import { useServices } from "../../app/services.ts";
import { StaffFrame, StaffSignIn } from "../../app/staff-frame.tsx";
import { useHub } from "../../lib/use-hub.ts";
import { useStream } from "../../lib/use-stream.ts";
import { statusWords } from "../ops/board.ts";
import { LedgerTable } from "../ops/ledger-table.tsx";
import { EtaPlot } from "./eta-plot.tsx";
import { etasOf, frameAt, isLive, spanOf, ticksOf } from "./frames.ts";
import { OffersTable, type OffersTableProps } from "./offers-table.tsx";
import { Panels } from "./panels.tsx";
import { ReplayLog } from "./replay-log.tsx";
import { ReplayMap } from "./replay-map.tsx";
import { Scrubber } from "./scrubber.tsx";
import { useBlackBox } from "./use-black-box.ts";
import { useKeys } from "./use-keys.ts";
import { usePlayhead } from "./use-playhead.ts";

/** `/ops/:marketId/orders/:orderId/replay`: an order's black box. */
export function ReplayPage() {
  const { sessions } = useServices();
  const signedIn = useSession(sessions.ops);
  const { marketId = "", orderId = "" } = useParams();
  if (!signedIn)
    return <StaffSignIn screen="ops" title="Black box" hint="For dispatchers, support and administrators." />;
  return <Opened key={`${marketId}/${orderId}`} marketId={marketId} orderId={orderId} />;
}

function Opened({ marketId, orderId }: { readonly marketId: string; readonly orderId: string }) {
  const { hub, status } = useHub("ops");
  const { events } = useStream<SeenOrder>(hub, { kind: "order", marketId, id: orderId, apply: applyOrderEvent });
  const { box, failure, refetch } = useBlackBox(hub, marketId, orderId, events.at(-1)?.seq ?? 0);
  const { data } = useMarketsQuery({});
  const timeZone = data?.markets.find((market) => market.id === marketId)?.timeZone;
  const back = (
    <Button size="small" component={Link} to="/ops">
      To the map
    </Button>
  );
  return (
    <StaffFrame
      screen="ops"
      title={`Black box${box ? ` · order ${box.order.code ?? ""}` : ""}`}
      status={status}
      actions={back}
    >
      {failure && <Refused failure={failure} onRetry={refetch} />}
      {!box && !failure && <Loading what="Opening the black box…" />}
      <MarketZoneContext value={timeZone}>
        {box && <Replay hub={hub} marketId={marketId} box={box} />}
      </MarketZoneContext>
    </StaffFrame>
  );
}

function Refused({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) {
  return failure.code === "order.not-found" ? (
    <Empty title="No such order here">It is of another city, or the address is not whole.</Empty>
  ) : (
    <Failed failure={failure} onRetry={onRetry} />
  );
}

function Replay({ hub, marketId, box }: Omit<OffersTableProps, "atMs">) {
  const nowMs = useNow(1_000);
  const live = isLive(box);
  const span = spanOf(box, nowMs);
  const head = usePlayhead(span, live);
  const ticks = useMemo(() => ticksOf(box), [box]);
  const told = useMemo(() => etasOf(box), [box]);
  const frame = useMemo(() => frameAt(box, head.atMs), [box, head.atMs]);
  useKeys(head, ticks);
  const { order } = box;
  return (
    <Box
      sx={{ p: { xs: 1, md: 1.5 }, display: "flex", flexDirection: "column", gap: 1.25, maxWidth: 1800, mx: "auto" }}
    >
      <Typography color="textSecondary">
        {order.restaurantName} → {order.customerName} · {statusWords(order.status)}
        {live ? ", still going on" : ""}
      </Typography>
      <Box sx={{ position: "sticky", top: { xs: 0, md: 66 }, zIndex: 3, bgcolor: "background.default", py: 0.5 }}>
        <Scrubber head={head} span={span} ticks={ticks} live={live} />
      </Box>
      <Panels frame={frame} />
      <Box sx={{ display: "grid", gap: 1.25, gridTemplateColumns: { xs: "1fr", lg: "repeat(3, minmax(0, 1fr))" } }}>
        <ReplayMap box={box} frame={frame} />
        <EtaPlot
          told={told}
          span={span}
          atMs={head.atMs}
          promisedAtMs={order.promise?.p90AtMs}
          deliveredAtMs={order.deliveredAtMs ?? undefined}
        />
        <ReplayLog ticks={ticks} atMs={head.atMs} onSeek={(atMs) => head.seek(atMs)} />
      </Box>
      <Box sx={{ display: "grid", gap: 1.25, gridTemplateColumns: { xs: "1fr", lg: "2fr 1fr" } }}>
        <OffersTable hub={hub} marketId={marketId} box={box} atMs={head.atMs} />
        <LedgerTable rows={box.ledger.filter((row) => row.atMs <= head.atMs)} />
      </Box>
      <Typography variant="body2" color="textSecondary">
        What cannot be told afterwards: whether a screen was open and connected, and which of the allowed positions
        reached it — they are dropped first when a line is slow. No notifications are sent, so none are kept.
      </Typography>
    </Box>
  );
}
