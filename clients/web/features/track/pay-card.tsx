import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useEffect, useState, type FormEvent } from "react";
import { useSearchParams } from "react-router";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { failureOf } from "../../../common/failure.ts";
import { formatMoney, formatSpan } from "../../../common/format.ts";
import { Failed, Loading } from "../../../common/notice.tsx";
import { useNow } from "../../../common/use-now.ts";
import { useConfigQuery } from "../../app/data.ts";
import { queryFailure } from "../../app/query-failure.ts";
import { useServices, type PaymentsConfig } from "../../app/services.ts";
import { confirmCard } from "./confirm-card.ts";
import { StripeForm } from "./stripe-form.tsx";

/** Takes the payment of an order that waits for it. */
export function PayCard({ order }: { readonly order: SeenOrder }) {
  const { data: config, error, refetch } = useConfigQuery();
  const nowMs = useNow();
  const settle = useSettle(order);
  const secret = order.payment?.clientSecret;
  const leftMs = order.payByAtMs ? order.payByAtMs - nowMs : undefined;
  return (
    <Card component="section" aria-label="Payment" sx={{ p: 2.5 }}>
      <Stack spacing={2}>
        <Typography variant="h3" component="h2">
          Pay {order.price && order.currency ? formatMoney(order.price.totalMinor, order.currency) : ""}
        </Typography>
        {leftMs !== undefined && leftMs > 0 && (
          <Typography color="textSecondary">The order is kept for {formatSpan(leftMs)}.</Typography>
        )}
        {settle.message && <Alert severity="error">{settle.message}</Alert>}
        {error && !config && <Failed failure={queryFailure(error)} onRetry={() => void refetch()} />}
        {!config && !error && <Loading what="Asking how to pay…" />}
        {config && secret && <Form config={config} secret={secret} onConfirmed={settle.ask} />}
        {config && !secret && (
          <Alert
            severity="info"
            action={
              <Button color="inherit" onClick={() => void settle.ask()}>
                Ask again
              </Button>
            }
          >
            The payment provider has not answered yet.
          </Alert>
        )}
      </Stack>
    </Card>
  );
}

interface FormProps {
  readonly config: PaymentsConfig;
  readonly secret: string;
  readonly onConfirmed: () => Promise<void>;
}

function Form(props: FormProps) {
  return props.config.paymentsMode === "sandbox" ? <SandboxForm {...props} /> : <StripeForm {...props} />;
}

/** From Stripe's list of test cards; the sandbox knows them too. */
const TEST_CARDS = [
  ["Approved", "4242 4242 4242 4242"],
  ["Declined", "4000 0000 0000 0002"],
  ["Asks the bank first", "4000 0025 0000 3155"],
] as const;

function SandboxForm({ config, secret, onConfirmed }: FormProps) {
  const services = useServices();
  const [card, setCard] = useState({ number: "", expiry: "", cvc: "" });
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  const pay = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setMessage("");
    try {
      const result = await confirmCard(services.fetch, config, secret, card, location.href);
      if (result.outcome === "redirect") return location.assign(result.url);
      if (result.outcome === "refused") setMessage(result.message);
      else await onConfirmed();
    } catch {
      setMessage("The payment provider cannot be reached. Nothing was charged; try again.");
    }
    setBusy(false);
  };
  return (
    <Stack component="form" spacing={2} aria-label="Card" onSubmit={(event) => void pay(event)}>
      <Alert severity="info">This is a sandbox: no real money moves and real cards are refused. Use a test card:</Alert>
      <Stack direction="row" useFlexGap role="group" aria-label="Test cards" sx={{ gap: 1, flexWrap: "wrap" }}>
        {TEST_CARDS.map(([label, number]) => (
          <Chip
            key={number}
            clickable
            variant="outlined"
            label={`${label} · …${number.slice(-4)}`}
            onClick={() => setCard({ number, expiry: "12/34", cvc: "123" })}
          />
        ))}
      </Stack>
      <TextField
        label="Card number"
        required
        autoComplete="cc-number"
        value={card.number}
        onChange={(event) => setCard({ ...card, number: event.target.value })}
        slotProps={{ htmlInput: { inputMode: "numeric", maxLength: 23 } }}
      />
      <Stack direction="row" spacing={2}>
        <TextField
          label="Expiry (MM/YY)"
          required
          autoComplete="cc-exp"
          value={card.expiry}
          onChange={(event) => setCard({ ...card, expiry: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 9, pattern: "\\d{1,2} ?/ ?\\d{2}(\\d{2})?" } }}
        />
        <TextField
          label="CVC"
          required
          autoComplete="cc-csc"
          value={card.cvc}
          onChange={(event) => setCard({ ...card, cvc: event.target.value })}
          slotProps={{ htmlInput: { inputMode: "numeric", maxLength: 4 } }}
        />
      </Stack>
      {message && <Alert severity="error">{message}</Alert>}
      <Button type="submit" size="large" variant="contained" loading={busy}>
        Pay now
      </Button>
    </Stack>
  );
}

/** Asks the hub to look at the payment: after paying here, and when the customer comes back from the card's bank. */
function useSettle(order: SeenOrder) {
  const { apis } = useServices();
  const [search, setSearch] = useSearchParams();
  const [message, setMessage] = useState("");
  const marketId = order.marketId ?? "";
  const orderId = order.id;
  const ask = async () => {
    setMessage("");
    try {
      await apis.customer.call("order.settle", { marketId, orderId });
    } catch (error) {
      setMessage(failureOf(error).title);
    }
  };
  const back = search.get("payment_intent") !== null;
  useEffect(() => {
    if (!back) return;
    void ask();
    setSearch({ market: marketId }, { replace: true });
  }, [back]);
  return { ask, message };
}
