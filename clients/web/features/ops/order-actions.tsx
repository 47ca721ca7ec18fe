import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState, type FormEvent } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import { toMinor } from "./amount.ts";
import { useCommands } from "../../lib/use-commands.ts";
import type { Powers } from "./powers.ts";

const KINDS = ["unassign", "cancel", "refund"] as const;
type Kind = (typeof KINDS)[number];

const WORDS: Readonly<Record<Kind, { title: string; button: string }>> = {
  unassign: { title: "Take the delivery from its courier; it is offered again", button: "Take it away" },
  cancel: { title: "Cancel the order and release or give back the money", button: "Cancel the order" },
  refund: { title: "Give money back", button: "Give back" },
};

export interface OrderActionsProps {
  readonly hub: HubClient | undefined;
  readonly order: SeenOrder;
  readonly marketId: string;
  readonly may: Powers;
}

/** What the office may do to an order, each with a reason that is kept. */
export function OrderActions({ hub, order, marketId, may }: OrderActionsProps) {
  const [kind, setKind] = useState<Kind>();
  const kinds = openTo(order, may);
  if (kinds.length === 0) return null;
  return (
    <Stack spacing={1.5}>
      <Stack direction="row" sx={{ gap: 1 }}>
        {kinds.map((each) => (
          <Button
            key={each}
            size="small"
            variant={each === kind ? "contained" : "outlined"}
            color={each === "cancel" ? "error" : "primary"}
            aria-expanded={each === kind}
            onClick={() => setKind(each === kind ? undefined : each)}
          >
            {each === "unassign" ? "Unassign" : each === "cancel" ? "Cancel" : "Refund"}
          </Button>
        ))}
      </Stack>
      {kind && (
        <ActionForm
          key={kind}
          kind={kind}
          hub={hub}
          order={order}
          marketId={marketId}
          onDone={() => setKind(undefined)}
        />
      )}
    </Stack>
  );
}

interface ActionFormProps extends Omit<OrderActionsProps, "may"> {
  readonly kind: Kind;
  readonly onDone: () => void;
}

function ActionForm({ kind, hub, order, marketId, onDone }: ActionFormProps) {
  const { run, busy, failure } = useCommands(hub);
  const [reason, setReason] = useState("");
  const [amount, setAmount] = useState("");
  const currency = order.currency ?? "EUR";
  const amountMinor = toMinor(amount, currency);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const ref = { marketId, orderId: order.id, reason };
    let done = false;
    if (kind === "cancel") done = await run(kind, "order.cancel", ref);
    else if (kind === "refund" && amountMinor) done = await run(kind, "order.refund", { ...ref, amountMinor });
    else if (kind === "unassign" && order.delivery)
      done = await run(kind, "delivery.unassign", { marketId, deliveryId: order.delivery.id, reason });
    if (done) onDone();
  };
  return (
    <Card
      component="form"
      aria-label={WORDS[kind].title}
      onSubmit={(event: FormEvent) => void submit(event)}
      sx={{ p: 2 }}
    >
      <Stack spacing={1.5}>
        <Typography sx={{ fontWeight: 600 }}>{WORDS[kind].title}</Typography>
        {kind === "refund" && (
          <TextField
            size="small"
            label={`Amount, ${currency}`}
            required
            value={amount}
            error={amount !== "" && amountMinor === undefined}
            onChange={(event) => setAmount(event.target.value)}
            slotProps={{ htmlInput: { inputMode: "decimal" } }}
          />
        )}
        <TextField
          size="small"
          label="Reason"
          required
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
        {failure && <Alert severity="error">{failure.title}</Alert>}
        <Button
          type="submit"
          variant="contained"
          loading={busy.has(kind)}
          disabled={reason.trim() === "" || (kind === "refund" && amountMinor === undefined)}
        >
          {WORDS[kind].button}
        </Button>
      </Stack>
    </Card>
  );
}

/** Too late to be cancelled. */
const OVER: readonly SeenOrder["status"][] = ["IN_DELIVERY", "DELIVERED", "CONCLUDED", "REJECTED", "CANCELLED"];
const HELD: readonly string[] = ["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT"];

/** The actions that this state and these powers leave open; the hub decides. */
function openTo(order: SeenOrder, may: Powers): Kind[] {
  const { delivery, payment, price, status } = order;
  const held = delivery !== null && delivery !== undefined && HELD.includes(delivery.status);
  const taken = Boolean(order.confirmedAtMs) && payment !== undefined && price !== undefined;
  const open: Readonly<Record<Kind, boolean>> = {
    unassign: may.unassign && held,
    cancel: may.cancel && !OVER.includes(status),
    refund: may.refund && taken && payment.refundedMinor < price.totalMinor,
  };
  return KINDS.filter((kind) => open[kind]);
}
