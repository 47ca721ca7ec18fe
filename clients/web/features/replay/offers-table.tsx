import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import Typography from "@mui/material/Typography";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { BlackBox, BlackBoxOffer } from "#shared/contracts/black-box.ts";

import { formatClockSeconds, formatSpan } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { statusWords } from "../ops/board.ts";
import { WhyCourier } from "../ops/why-courier.tsx";

export interface OffersTableProps {
  readonly hub: HubClient | undefined;
  readonly marketId: string;
  readonly box: BlackBox;
  readonly atMs: number;
}

/** Who was asked by then, what became of it, and why. */
export function OffersTable({ hub, marketId, box, atMs }: OffersTableProps) {
  const made = box.offers.filter((offer) => offer.offeredAtMs <= atMs);
  const timeZone = useMarketZone();
  const deliveryId = box.order.delivery?.id;
  return (
    <Card component="section" aria-label="Offers" sx={{ p: 1.5 }}>
      <Typography variant="h5" component="h3">
        Offers
      </Typography>
      {made.length === 0 && <Typography color="textSecondary">No courier had been asked.</Typography>}
      {made.map((offer) => (
        <Box key={offer.id} sx={{ mt: 1 }}>
          <strong>{offer.courierName}</strong>, asked at {formatClockSeconds(offer.offeredAtMs, timeZone)}:{" "}
          {becameWords(offer, atMs)}
          {offer.decisionId !== null && deliveryId !== undefined && (
            <WhyCourier hub={hub} decision={{ marketId, decisionId: offer.decisionId, deliveryId }} />
          )}
        </Box>
      ))}
    </Card>
  );
}

function becameWords(offer: BlackBoxOffer, atMs: number): string {
  if (offer.answeredAtMs === null || offer.answeredAtMs > atMs) return "open";
  const why = offer.declineReason ? `, “${offer.declineReason}”` : "";
  return `${statusWords(offer.status).toLowerCase()} after ${formatSpan(offer.answeredAtMs - offer.offeredAtMs)}${why}`;
}
