import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useEffect, useState, type FormEvent } from "react";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";
import { formatMoney, formatSpan } from "../../../common/format.ts";
import { Failed, Loading } from "../../../common/notice.tsx";
import { useNow } from "../../../common/use-now.ts";
import { useConfigQuery } from "../../app/data.ts";
import { queryFailure } from "../../app/query-failure.ts";
import { useServices } from "../../app/services.ts";
import { confirmCard, type Card as CardFields } from "./confirm-card.ts";
import { StripeForm, type StripeFormProps } from "./stripe-form.tsx";

/** Takes the payment of an order that waits for it. */
export function PayCard({ order }: { readonly order: SeenOrder }) {
  const settle = useSettle(order);
  const { price, currency } = order;
  return (
    <Card component="section" aria-label="Payment" sx={{ p: 2.5 }}>
      <Stack spacing={2}>
        <Typography variant="h3" component="h2">
          Pay {price && currency && formatMoney(price.totalMinor, currency)}
        </Typography>
        <PayBy atMs={order.payByAtMs} />
        {settle.failure && <Failed failure={settle.failure} onRetry={() => void settle.ask()} />}
        {!settle.secret && !settle.failure && <Loading what="Preparing the payment…" />}
        {settle.secret && <HowToPay secret={settle.secret} onConfirmed={settle.ask} />}
      </Stack>
    </Card>
  );
}

function PayBy({ atMs }: { readonly atMs: number | null | undefined }) {
  const leftMs = (atMs ?? 0) - useNow();
  if (leftMs <= 0) return null;
  return <Typography color="textSecondary">The order is kept for {formatSpan(leftMs)}.</Typography>;
}

interface HowToPayProps {
  readonly secret: string;
  readonly onConfirmed: () => Promise<void>;
}

function HowToPay({ secret, onConfirmed }: HowToPayProps) {
  const { data: config, error, refetch } = useConfigQuery();
  if (!config) {
    if (!error) return <Loading what="Asking how to pay…" />;
    return <Failed failure={queryFailure(error)} onRetry={() => void refetch()} />;
  }
  const Form = config.paymentsMode === "sandbox" ? SandboxForm : StripeForm;
  return <Form config={config} secret={secret} onConfirmed={onConfirmed} />;
}

/** From Stripe's list of test cards; the sandbox knows them too. */
const TEST_CARDS = [
  ["Approved", "4242 4242 4242 4242"],
  ["Declined", "4000 0000 0000 0002"],
  ["Asks the bank first", "4000 0025 0000 3155"],
] as const;

/** Confirms the card at the sandbox; a bank that wants to see the customer is another page. */
function usePay({ config, secret, onConfirmed }: StripeFormProps) {
  const services = useServices();
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  const pay = async (card: CardFields) => {
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
  return { pay, busy, message };
}

function SandboxForm(props: StripeFormProps) {
  const { pay, busy, message } = usePay(props);
  const [card, setCard] = useState<CardFields>({ number: "", expiry: "", cvc: "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void pay(card);
  };
  return (
    <Stack component="form" spacing={2} aria-label="Card" onSubmit={submit}>
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
      <CardInputs card={card} onChange={(change) => setCard({ ...card, ...change })} />
      {message && <Alert severity="error">{message}</Alert>}
      <Button type="submit" size="large" variant="contained" loading={busy}>
        Pay now
      </Button>
    </Stack>
  );
}

interface CardInputsProps {
  readonly card: CardFields;
  readonly onChange: (change: Partial<CardFields>) => void;
}

function CardInputs({ card, onChange }: CardInputsProps) {
  return (
    <>
      <TextField
        label="Card number"
        required
        autoComplete="cc-number"
        value={card.number}
        onChange={(event) => onChange({ number: event.target.value })}
        slotProps={{ htmlInput: { inputMode: "numeric", maxLength: 23 } }}
      />
      <Stack direction="row" spacing={2}>
        <TextField
          label="Expiry (MM/YY)"
          required
          autoComplete="cc-exp"
          value={card.expiry}
          onChange={(event) => onChange({ expiry: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 9, pattern: "\\d{1,2} ?/ ?\\d{2}(\\d{2})?" } }}
        />
        <TextField
          label="CVC"
          required
          autoComplete="cc-csc"
          value={card.cvc}
          onChange={(event) => onChange({ cvc: event.target.value })}
          slotProps={{ htmlInput: { inputMode: "numeric", maxLength: 4 } }}
        />
      </Stack>
    </>
  );
}

/**
 * Asks the hub to look at the payment: first, so that it is begun and has a secret; after paying here; and when the
 * customer comes back from the card's bank. Asking again changes nothing that has been done.
 */
function useSettle(order: SeenOrder) {
  const { apis } = useServices();
  const [secret, setSecret] = useState(order.payment?.clientSecret ?? undefined);
  const [failure, setFailure] = useState<Failure>();
  const { marketId = "", id: orderId } = order;
  const ask = async () => {
    setFailure(undefined);
    try {
      const seen = await apis.customer.call("order.settle", { marketId, orderId });
      setSecret(seen.payment?.clientSecret ?? undefined);
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  useEffect(() => void ask(), [orderId]);
  return { ask, secret, failure };
}
