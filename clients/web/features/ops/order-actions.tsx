import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import MenuItem from "@mui/material/MenuItem";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState, type FormEvent } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { BoardCourier } from "#shared/contracts/board.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import { toMinor } from "./amount.ts";
import { useCommands, type Commands } from "../../lib/use-commands.ts";
import type { Powers } from "./powers.ts";

const KINDS = ["assign", "unassign", "pin", "unpin", "cancel", "refund"] as const;
type Kind = (typeof KINDS)[number];

const WORDS: Readonly<Record<Kind, { name: string; title: string; button: string }>> = {
  assign: { name: "Assign", title: "Give the delivery to a courier, without asking", button: "Give it" },
  unassign: {
    name: "Unassign",
    title: "Take the delivery from its courier; it is offered again unless it is pinned",
    button: "Take it away",
  },
  pin: { name: "Pin", title: "Keep dispatch from offering this delivery or adding to its trip", button: "Pin it" },
  unpin: { name: "Unpin", title: "Leave the delivery to dispatch again", button: "Unpin it" },
  cancel: {
    name: "Cancel",
    title: "Cancel the order and release or give back the money",
    button: "Cancel the order",
  },
  refund: { name: "Refund", title: "Give money back", button: "Give back" },
};

export interface OrderActionsProps {
  readonly hub: HubClient | undefined;
  readonly order: SeenOrder;
  readonly marketId: string;
  readonly may: Powers;
  /** On duty: who can be given the delivery. */
  readonly couriers: readonly Pick<BoardCourier, "courierId" | "name" | "holding">[];
}

/** What the office may do to an order, each with a reason that is kept. */
export function OrderActions({ hub, order, marketId, may, couriers }: OrderActionsProps) {
  const [kind, setKind] = useState<Kind>();
  const kinds = openTo(order, may);
  if (kinds.length === 0) return null;
  return (
    <Stack spacing={1.5}>
      <Stack direction="row" sx={{ gap: 1, flexWrap: "wrap" }}>
        {kinds.map((each) => (
          <Button
            key={each}
            size="small"
            variant={each === kind ? "contained" : "outlined"}
            color={each === "cancel" ? "error" : "primary"}
            aria-expanded={each === kind}
            onClick={() => setKind(each === kind ? undefined : each)}
          >
            {WORDS[each].name}
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
          couriers={couriers}
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

function ActionForm({ kind, hub, order, marketId, couriers, onDone }: ActionFormProps) {
  const { run, busy, failure } = useCommands(hub);
  const [reason, setReason] = useState("");
  const [amount, setAmount] = useState("");
  const [courierId, setCourierId] = useState("");
  const currency = order.currency ?? "EUR";
  const amountMinor = toMinor(amount, currency);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await sendAction(run, kind, { marketId, order, reason, amountMinor, courierId });
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
        {kind === "assign" && <CourierPick couriers={couriers} value={courierId} onPick={setCourierId} />}
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
          disabled={
            reason.trim() === "" ||
            (kind === "refund" && amountMinor === undefined) ||
            (kind === "assign" && courierId === "")
          }
        >
          {WORDS[kind].button}
        </Button>
      </Stack>
    </Card>
  );
}

interface CourierPickProps extends Pick<OrderActionsProps, "couriers"> {
  readonly value: string;
  readonly onPick: (courierId: string) => void;
}

function CourierPick({ couriers, value, onPick }: CourierPickProps) {
  return (
    <TextField
      select
      size="small"
      label="Courier"
      required
      value={value}
      onChange={(event) => onPick(event.target.value)}
      helperText={couriers.length === 0 ? "Nobody is on duty" : undefined}
    >
      {couriers.map((courier) => (
        <MenuItem key={courier.courierId} value={courier.courierId}>
          {courier.name}
          {courier.holding > 0 && ` (has ${courier.holding})`}
        </MenuItem>
      ))}
    </TextField>
  );
}

interface Said {
  readonly marketId: string;
  readonly order: SeenOrder;
  readonly reason: string;
  readonly amountMinor: number | undefined;
  readonly courierId: string;
}

/** @returns whether it was done */
async function sendAction(run: Commands["run"], kind: Kind, { marketId, order, ...said }: Said): Promise<boolean> {
  const { reason, amountMinor, courierId } = said;
  const ref = { marketId, orderId: order.id, reason };
  if (kind === "cancel") return run(kind, "order.cancel", ref);
  if (kind === "refund") return amountMinor ? run(kind, "order.refund", { ...ref, amountMinor }) : false;
  if (!order.delivery) return false;
  const delivery = { marketId, deliveryId: order.delivery.id, reason };
  if (kind === "unassign") return run(kind, "delivery.unassign", delivery);
  if (kind === "assign") return run(kind, "delivery.assign", { ...delivery, courierId });
  return run(kind, "delivery.pin", { ...delivery, pinned: kind === "pin" });
}

/** Too late to be cancelled. */
const OVER: readonly SeenOrder["status"][] = ["IN_DELIVERY", "DELIVERED", "CONCLUDED", "REJECTED", "CANCELLED"];
const HELD: readonly string[] = ["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT"];

/** The actions that this state and these powers leave open; the hub decides. */
function openTo(order: SeenOrder, may: Powers): Kind[] {
  const { payment, price, status } = order;
  const taken = Boolean(order.confirmedAtMs) && payment !== undefined && price !== undefined;
  const open: Readonly<Record<Kind, boolean>> = {
    ...byHand(order.delivery, may),
    cancel: may.cancel && !OVER.includes(status),
    refund: may.refund && taken && payment.refundedMinor < price.totalMinor,
  };
  return KINDS.filter((kind) => open[kind]);
}

/** What a dispatcher may do by hand, until the food is on its way. */
function byHand(delivery: SeenOrder["delivery"], may: Powers) {
  const status = may.dispatch ? delivery?.status : undefined;
  const waits = status === "PENDING";
  const held = status !== undefined && HELD.includes(status);
  const pinned = delivery?.pinned === true;
  return { assign: waits, unassign: held, pin: (waits || held) && !pinned, unpin: (waits || held) && pinned };
}
