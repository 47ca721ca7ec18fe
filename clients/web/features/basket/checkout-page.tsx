import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import Typography from "@mui/material/Typography";
import { lazy, Suspense, useState } from "react";
import { Link, useNavigate } from "react-router";

import { formatClock, formatMoney } from "../../../common/format.ts";
import { Empty, Failed } from "../../../common/notice.tsx";
import { SignInForm } from "../../../common/sign-in-form.tsx";
import { useSession } from "../../../common/use-session.ts";
import { useServices } from "../../app/services.ts";
import { useAppDispatch, useAppSelector } from "../../app/store.ts";
import { BasketLines } from "./basket-panel.tsx";
import { kindChosen, noteWritten, tipChosen } from "./basket.ts";
import { PriceLines } from "./price-lines.tsx";
import { usePlaceOrder } from "./use-place-order.ts";
import { useBasketQuote } from "./use-quote.ts";

/** Brings the map library with it. */
const PlaceDialog = lazy(async () => ({ default: (await import("../browse/place-dialog.tsx")).PlaceDialog }));

/** `/checkout`: how, where to, what it costs, and the order. */
export function CheckoutPage() {
  const basket = useAppSelector((state) => state.basket);
  if (basket.lines.length === 0) {
    return (
      <Empty title="Your basket is empty">
        <Button component={Link} to="/" variant="contained">
          Look at the restaurants
        </Button>
      </Empty>
    );
  }
  return (
    <Box sx={{ display: "grid", gap: 3, gridTemplateColumns: { md: "minmax(0, 1fr) 380px" }, alignItems: "start" }}>
      <Stack spacing={3}>
        <Typography variant="h1">Checkout</Typography>
        <Card sx={{ p: 2.5 }}>
          <Typography variant="h3" component="h2" sx={{ mb: 2 }}>
            <Link
              to={`/r/${basket.restaurantId}?market=${basket.marketId}`}
              style={{ color: "inherit", textDecoration: "none" }}
            >
              {basket.restaurantName}
            </Link>
          </Typography>
          <BasketLines lines={basket.lines} />
        </Card>
        <How />
      </Stack>
      <Pay />
    </Box>
  );
}

function How() {
  const { basket, market, pointChosen } = useBasketQuote();
  const place = useAppSelector((state) => state.place);
  const dispatch = useAppDispatch();
  const [picking, setPicking] = useState(false);
  const delivery = basket.kind === "delivery";
  return (
    <Card sx={{ p: 2.5 }}>
      <Stack spacing={2}>
        <ToggleButtonGroup
          exclusive
          fullWidth
          color="primary"
          value={basket.kind}
          aria-label="Delivery or take-away"
          onChange={(_, kind: "delivery" | "takeaway" | null) => kind && dispatch(kindChosen(kind))}
        >
          <ToggleButton value="delivery">Bring it to me</ToggleButton>
          <ToggleButton value="takeaway">I pick it up</ToggleButton>
        </ToggleButtonGroup>
        {delivery && (
          <Stack direction="row" sx={{ justifyContent: "space-between", alignItems: "center", gap: 2 }}>
            <div>
              <Typography sx={{ fontWeight: 600 }}>
                {pointChosen ? place.line || "Your place on the map" : `The centre of ${market?.name ?? "the city"}`}
              </Typography>
              <Typography variant="body2" color="textSecondary">
                {pointChosen ? place.instructions : "You have not chosen a place yet."}
              </Typography>
            </div>
            <Button variant="outlined" onClick={() => setPicking(true)}>
              Change address
            </Button>
          </Stack>
        )}
        <TextField
          label="A word to the kitchen"
          value={basket.note}
          onChange={(event) => dispatch(noteWritten(event.target.value))}
          slotProps={{ htmlInput: { maxLength: 300 } }}
        />
        {delivery && <Tip />}
      </Stack>
      {picking && market && (
        <Suspense fallback={null}>
          <PlaceDialog market={market} onClose={() => setPicking(false)} />
        </Suspense>
      )}
    </Card>
  );
}

/** Tips offered, per cent of the dishes. */
const TIPS_PCT = [0, 5, 10, 15];

function Tip() {
  const { basket, lastQuote: quote } = useBasketQuote();
  const dispatch = useAppDispatch();
  if (!quote) return null;
  // Whole tens of minor units: nobody tips 1.17.
  const tips = TIPS_PCT.map((pct) => Math.round((quote.price.itemsMinor * pct) / 1000) * 10);
  return (
    <Stack
      direction="row"
      useFlexGap
      role="group"
      aria-label="Tip for the courier"
      sx={{ gap: 1, flexWrap: "wrap", alignItems: "center" }}
    >
      <Typography variant="body2" sx={{ mr: 1 }}>
        Tip for the courier
      </Typography>
      {[...new Set([...tips, basket.tipMinor])]
        .toSorted((a, b) => a - b)
        .map((tip) => (
          <Chip
            key={tip}
            clickable
            aria-pressed={basket.tipMinor === tip}
            color={basket.tipMinor === tip ? "secondary" : "default"}
            variant={basket.tipMinor === tip ? "filled" : "outlined"}
            label={tip === 0 ? "None" : formatMoney(tip, quote.currency)}
            onClick={() => dispatch(tipChosen(tip))}
          />
        ))}
    </Stack>
  );
}

function Pay() {
  const { quote, lastQuote, failure, isFetching, refetch, market } = useBasketQuote();
  const { sessions } = useServices();
  const signedIn = useSession(sessions.customer);
  const navigate = useNavigate();
  const placing = usePlaceOrder((order) => void navigate(`/orders/${order.id}?market=${order.marketId ?? ""}`));
  return (
    <Card sx={{ p: 2.5, position: { md: "sticky" }, top: 88 }}>
      <Stack spacing={2} aria-busy={isFetching}>
        {failure && <Failed failure={failure} onRetry={refetch} />}
        {lastQuote && (
          <Stack spacing={2} sx={{ opacity: quote ? 1 : 0.5 }}>
            <PriceLines price={lastQuote.price} currency={lastQuote.currency} />
            <Typography color="textSecondary">
              Expected {formatClock(lastQuote.eta.p50AtMs, market?.timeZone)}–
              {formatClock(lastQuote.eta.p90AtMs, market?.timeZone)}
            </Typography>
          </Stack>
        )}
        {placing.failure && <Alert severity="error">{placing.failure.title}</Alert>}
        {signedIn ? (
          <Button
            variant="contained"
            size="large"
            disabled={!quote}
            loading={placing.isPlacing}
            onClick={() => quote && void placing.place(quote.price.totalMinor).then((placed) => placed || refetch())}
          >
            {quote ? `Place order · ${formatMoney(quote.price.totalMinor, quote.currency)}` : "Place order"}
          </Button>
        ) : (
          <SignInForm session={sessions.customer} title="Sign in to order" canRegister />
        )}
      </Stack>
    </Card>
  );
}
