import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";
import { useState } from "react";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { useLink } from "../link/use-link.ts";
import { useMarketId } from "../link/use-market.ts";
import { beforePickup, type Stop } from "./next-step.ts";

const GIVE_BACK = ["My bike has a problem", "I had an accident", "The kitchen takes too long", "I cannot go on"];

/** What is not the next step: giving an order back before pick-up, turning back after it. Asked twice, never by a slip. */
export function OtherActions({ stop }: { readonly stop: Stop }) {
  const [asked, setAsked] = useState<SeenOrder>();
  const isBefore = asked !== undefined && beforePickup(asked);
  return (
    <>
      {stop.at !== "return" &&
        stop.orders.map((order) => (
          <Button
            key={order.id}
            color="inherit"
            size="large"
            onClick={() => setAsked(order)}
            sx={{ minHeight: 56, flex: "none" }}
          >
            {beforePickup(order) ? `Give ${order.code} back` : `Cannot hand ${order.code} over`}
          </Button>
        ))}
      {asked && <Ask order={asked} isBefore={isBefore} onClose={() => setAsked(undefined)} />}
    </>
  );
}

interface AskProps {
  readonly order: SeenOrder;
  readonly isBefore: boolean;
  readonly onClose: () => void;
}

function Ask({ order, isBefore, onClose }: AskProps) {
  const link = useLink();
  const marketId = useMarketId();
  const deliveryId = order.delivery?.id;
  const giveBack = (reason: string) => {
    if (marketId && deliveryId) link.say("delivery.unassign", { marketId, deliveryId, reason });
    onClose();
  };
  const turnBack = () => {
    if (marketId && deliveryId) link.say("delivery.turn-back", { marketId, deliveryId });
    onClose();
  };
  return (
    <Dialog open onClose={onClose} fullWidth aria-labelledby="ask-title">
      <DialogTitle id="ask-title" sx={{ fontSize: "1.5rem" }}>
        {isBefore ? `Give ${order.code} back?` : `Bring ${order.code} back?`}
      </DialogTitle>
      <DialogContent sx={{ fontSize: "1.0625rem" }}>
        {isBefore ? (
          <Stack sx={{ gap: 1.25 }}>
            <span>Somebody else will be asked. Why?</span>
            {GIVE_BACK.map((reason) => (
              <Button
                key={reason}
                variant="outlined"
                color="inherit"
                sx={{ minHeight: 56 }}
                onClick={() => giveBack(reason)}
              >
                {reason}
              </Button>
            ))}
          </Stack>
        ) : (
          "The order ends as not delivered, and the food goes back to the restaurant. Only if nobody takes it."
        )}
      </DialogContent>
      <DialogActions sx={{ p: 2 }}>
        <Button size="large" onClick={onClose} sx={{ minHeight: 56 }}>
          Go on with it
        </Button>
        {!isBefore && (
          <Button size="large" color="error" variant="contained" onClick={turnBack} sx={{ minHeight: 56 }}>
            Bring it back
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
