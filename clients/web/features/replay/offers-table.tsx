import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import Typography from "@mui/material/Typography";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { BlackBox, BlackBoxOffer, BlackBoxSuggestion } from "#shared/contracts/black-box.ts";

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

/** Who was asked by then, what became of it, and why; and what the order's couriers had been advised before. */
export function OffersTable({ hub, marketId, box, atMs }: OffersTableProps) {
  const made = box.offers.filter((offer) => offer.offeredAtMs <= atMs);
  const advised = box.suggestions.filter((each) => each.madeAtMs <= atMs);
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
      {advised.map((each) => (
        <Typography key={each.id} variant="body2" color="textSecondary" sx={{ mt: 1 }}>
          {each.courierName} had been advised at {formatClockSeconds(each.madeAtMs, timeZone)} to wait near{" "}
          {each.restaurantName}, {formatSpan(each.wayMs)} away: {advisedWords(each, atMs)}.
        </Typography>
      ))}
    </Card>
  );
}

const ENDED: Readonly<Record<NonNullable<BlackBoxSuggestion["ended"]>, string>> = {
  dismissed: "said no",
  arrived: "went there",
  overtaken: "had not come there when the next offer or work came",
  "off-duty": "went off duty",
  replaced: "was advised something else",
};

function advisedWords({ ended, endedAtMs, expiresAtMs }: BlackBoxSuggestion, atMs: number): string {
  if (ended !== null && endedAtMs !== null && endedAtMs <= atMs) return ENDED[ended];
  return expiresAtMs <= atMs ? "did not go, nor say so" : "not answered yet";
}

function becameWords(offer: BlackBoxOffer, atMs: number): string {
  if (offer.answeredAtMs === null || offer.answeredAtMs > atMs) return "open";
  const why = offer.declineReason ? `, “${offer.declineReason}”` : "";
  return `${statusWords(offer.status).toLowerCase()} after ${formatSpan(offer.answeredAtMs - offer.offeredAtMs)}${why}`;
}
