import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { useState } from "react";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";
import { useServices } from "../../app/services.ts";

/** Cancels the order after asking once. */
export function CancelButton({ order }: { readonly order: SeenOrder }) {
  const { apis } = useServices();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("Changed my mind");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const cancel = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await apis.customer.call("order.cancel", { marketId: order.marketId ?? "", orderId: order.id, reason });
      setAsking(false);
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  return (
    <>
      <Button color="error" variant="outlined" sx={{ alignSelf: "start" }} onClick={() => setAsking(true)}>
        Cancel order
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} maxWidth="xs" fullWidth aria-labelledby="cancel-title">
        <DialogTitle id="cancel-title">Cancel this order?</DialogTitle>
        <DialogContent>
          <TextField
            label="Why"
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            sx={{ mt: 1 }}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
          {failure && (
            <Alert severity="error" sx={{ mt: 2 }}>
              {failure.title}
            </Alert>
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={() => setAsking(false)}>Keep it</Button>
          <Button
            color="error"
            variant="contained"
            disabled={reason.trim() === ""}
            loading={busy}
            onClick={() => void cancel()}
          >
            Cancel the order
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
