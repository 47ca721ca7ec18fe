import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";

import type { HubClient } from "#shared/client/hub-client.ts";

import { formatClockSeconds } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { useDeliveryWhy } from "./use-delivery-why.ts";
import { WhyCourier } from "./why-courier.tsx";

export interface WhyNowProps {
  readonly hub: HubClient | undefined;
  readonly marketId: string;
  readonly deliveryId: string;
  /** Of the order's newest event. */
  readonly seq: number;
}

/** Why the delivery waits, or who has it and why, in words; with the couriers of the round that they follow from. */
export function WhyNow({ hub, marketId, deliveryId, seq }: WhyNowProps) {
  const why = useDeliveryWhy(hub, marketId, deliveryId, seq);
  const timeZone = useMarketZone();
  if (!why) return null;
  return (
    <Box component="section" aria-label="Why it is so">
      <Typography variant="h4" component="h3" sx={{ mb: 0.5 }}>
        Why it is so
      </Typography>
      <Typography role="status">{why.words}</Typography>
      {why.decisionId !== null && (
        <>
          {why.decidedAtMs !== null && (
            <Typography variant="body2" color="textSecondary">
              Decided at {formatClockSeconds(why.decidedAtMs, timeZone)}.
            </Typography>
          )}
          <WhyCourier
            hub={hub}
            decision={{ marketId, decisionId: why.decisionId, deliveryId }}
            question="Each courier, and why or why not"
          />
        </>
      )}
    </Box>
  );
}
