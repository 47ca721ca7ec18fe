import MenuBook from "@mui/icons-material/MenuBookOutlined";
import NotificationsActive from "@mui/icons-material/NotificationsActiveOutlined";
import NotificationsOff from "@mui/icons-material/NotificationsOffOutlined";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import Snackbar from "@mui/material/Snackbar";
import Stack from "@mui/material/Stack";
import Switch from "@mui/material/Switch";
import Typography from "@mui/material/Typography";
import { useCallback, useState } from "react";

import { applyRestaurantEvent, type RestaurantState } from "#shared/client/merge.ts";
import type { HubStatus } from "#shared/client/transport.ts";
import type { SeenEvent } from "#shared/contracts/streams.ts";

import { MarketZoneContext } from "../../../common/market-zone.ts";
import { Empty, Loading } from "../../../common/notice.tsx";
import { useNow } from "../../../common/use-now.ts";
import { useMarketsQuery, useMenuQuery, useRestaurantQuery } from "../../app/data.ts";
import { StaffFrame } from "../../app/staff-frame.tsx";
import { useHub } from "../../lib/use-hub.ts";
import { useStream } from "../../lib/use-stream.ts";
import { GoneOut } from "./gone-out.tsx";
import { StockDialog } from "./stock-dialog.tsx";
import { Ticket } from "./ticket.tsx";
import { allDay, columnsOf, prepChoices, unanswered, type Column } from "./tickets.ts";
import { useBell } from "./use-bell.ts";
import { useKitchenCommands, type KitchenCommands, type Place } from "./use-kitchen-commands.ts";

/** Offered until the restaurant's own usual time is known, minutes. */
const USUAL_MIN = 15;

/** The kitchen's screen: tickets by state, what is to be cooked all day, pause and stock. */
export function KitchenBoard({ place }: { readonly place: Place }) {
  const { hub, status } = useHub("kitchen");
  const restaurant = useRestaurantQuery(place);
  const menu = useMenuQuery(place);
  const { data } = useMarketsQuery({});
  const timeZone = data?.markets.find((market) => market.id === place.marketId)?.timeZone;
  const { refetch } = menu;
  const onEvent = useCallback((event: SeenEvent) => void ("item" in event.payload && refetch()), [refetch]);
  const { state, events, closed } = useStream<RestaurantState>(hub, {
    kind: "restaurant",
    marketId: place.marketId,
    id: place.restaurantId,
    apply: applyRestaurantEvent,
    onEvent,
  });
  const commands = useKitchenCommands(hub, place);
  const [stockOpen, setStockOpen] = useState(false);
  return (
    <StaffFrame
      screen="kitchen"
      title={restaurant.data?.name ?? "Kitchen"}
      status={status}
      actions={<Actions state={state} commands={commands} onStock={() => setStockOpen(true)} />}
    >
      <Warnings status={status} paused={state?.paused === true} />
      <MarketZoneContext value={timeZone}>
        {state ? (
          <Columns
            state={state}
            events={events}
            commands={commands}
            usualMin={restaurant.data?.prepMinutes ?? USUAL_MIN}
          />
        ) : (
          <Waiting closed={closed} />
        )}
      </MarketZoneContext>
      {stockOpen && (
        <StockDialog
          menu={menu.data}
          place={place}
          commands={commands}
          onClose={() => setStockOpen(false)}
          onChanged={() => void menu.refetch()}
        />
      )}
      <Refused commands={commands} />
    </StaffFrame>
  );
}

function Waiting({ closed }: { readonly closed: boolean }) {
  if (!closed) return <Loading what="Fetching the tickets…" />;
  return <Empty title="Not your kitchen">This account may not see these tickets (any more).</Empty>;
}

function Warnings({ status, paused }: { readonly status: HubStatus; readonly paused: boolean }) {
  return (
    <>
      {status === "offline" && (
        <Alert severity="warning" variant="filled" square>
          No connection: these tickets may be old. New ones appear as soon as the connection is back.
        </Alert>
      )}
      {paused && (
        <Alert severity="info" square>
          New orders are paused. Customers see that you take none now.
        </Alert>
      )}
    </>
  );
}

function Refused({ commands }: { readonly commands: KitchenCommands }) {
  return (
    <Snackbar
      open={commands.failure !== undefined}
      autoHideDuration={6000}
      onClose={commands.forget}
      anchorOrigin={{ vertical: "bottom", horizontal: "center" }}
    >
      <Alert severity="error" variant="filled" onClose={commands.forget}>
        {commands.failure?.title}
      </Alert>
    </Snackbar>
  );
}

interface ActionsProps {
  readonly state: RestaurantState | undefined;
  readonly commands: KitchenCommands;
  readonly onStock: () => void;
}

function Actions({ state, commands, onStock }: ActionsProps) {
  const bell = useBell(unanswered(state));
  const pause = (paused: boolean) => void commands.run("pause", "restaurant.pause", { ...commands.place, paused });
  return (
    <>
      <Button
        startIcon={bell.on ? <NotificationsActive /> : <NotificationsOff />}
        color={bell.on ? "success" : "warning"}
        onClick={bell.toggle}
        aria-pressed={bell.on}
      >
        {bell.on ? "Sound is on" : "Switch the sound on"}
      </Button>
      <Button startIcon={<MenuBook />} color="inherit" onClick={onStock}>
        Menu and stock
      </Button>
      <FormControlLabel
        disabled={!state}
        control={<Switch checked={state?.paused === false} onChange={(_, taking) => pause(!taking)} />}
        label={state?.paused ? "Paused" : "Taking orders"}
      />
    </>
  );
}

interface ColumnsProps {
  readonly state: RestaurantState;
  readonly events: readonly SeenEvent[];
  readonly commands: KitchenCommands;
  readonly usualMin: number;
}

function Columns({ state, events, commands, usualMin }: ColumnsProps) {
  const nowMs = useNow();
  const counts = allDay(state.orders);
  const prep = prepChoices(usualMin);
  return (
    <Stack sx={{ p: { xs: 1, sm: 1.5 }, gap: 1.5 }}>
      <Stack
        direction="row"
        component="ul"
        aria-label="To cook, all day"
        sx={{ gap: 1, p: 0, m: 0, listStyle: "none", overflowX: "auto", minHeight: 36 }}
      >
        {counts.length === 0 && (
          <Typography component="li" color="textSecondary">
            Nothing to cook.
          </Typography>
        )}
        {counts.map(({ name, count }) => (
          <Box
            component="li"
            key={name}
            sx={{
              flex: "none",
              px: 1.5,
              py: 0.5,
              borderRadius: 99,
              bgcolor: "background.paper",
              border: 1,
              borderColor: "divider",
              fontSize: "1.05rem",
            }}
          >
            <strong>{count}</strong> {name}
          </Box>
        ))}
      </Stack>
      <Box
        sx={{
          display: "grid",
          gap: 1.5,
          alignItems: "start",
          gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr", lg: "repeat(4, minmax(0, 1fr))" },
        }}
      >
        {columnsOf(state.orders).map((column) => (
          <TicketColumn key={column.status} column={column} nowMs={nowMs} prep={prep} commands={commands} />
        ))}
      </Box>
      <GoneOut orders={state.orders} events={events} />
    </Stack>
  );
}

interface TicketColumnProps {
  readonly column: Column;
  readonly nowMs: number;
  readonly prep: readonly number[];
  readonly commands: KitchenCommands;
}

function TicketColumn({ column, nowMs, prep, commands }: TicketColumnProps) {
  return (
    <Box component="section" aria-label={`${column.title} tickets`}>
      <Typography variant="h4" component="h2" sx={{ mb: 1 }}>
        {column.title}{" "}
        <Typography component="span" color="textSecondary" sx={{ fontSize: "inherit" }}>
          {column.orders.length}
        </Typography>
      </Typography>
      <Stack spacing={1.25}>
        {column.orders.map((order) => (
          <Ticket key={order.id} order={order} nowMs={nowMs} prep={prep} commands={commands} />
        ))}
        {column.orders.length === 0 && (
          <Box sx={{ border: "1.5px dashed", borderColor: "divider", borderRadius: 1, height: 72 }} />
        )}
      </Stack>
    </Box>
  );
}
