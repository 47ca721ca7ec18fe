import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";

import type { SeenOrder } from "#shared/contracts/views.ts";

import type { KitchenCommands } from "./use-kitchen-commands.ts";

const REASONS = ["Too busy", "Something is sold out", "Closing soon", "Cannot do what was asked"];

export interface RejectDialogProps {
  readonly order: SeenOrder;
  readonly commands: KitchenCommands;
  readonly onClose: () => void;
}

/** Why the kitchen does not take it: the customer reads it, and pays nothing. */
export function RejectDialog({ order, commands, onClose }: RejectDialogProps) {
  const reject = async (reason: string) => {
    const ref = { marketId: commands.place.marketId, orderId: order.id };
    await commands.run(order.id, "order.reject", { ...ref, reason });
    onClose();
  };
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="reject-title">
      <DialogTitle id="reject-title">Reject {order.code}: why?</DialogTitle>
      <DialogContent>
        <Stack spacing={1}>
          {REASONS.map((reason) => (
            <Button key={reason} size="large" color="error" variant="outlined" onClick={() => void reject(reason)}>
              {reason}
            </Button>
          ))}
          <Button size="large" onClick={onClose}>
            Do not reject
          </Button>
        </Stack>
      </DialogContent>
    </Dialog>
  );
}
