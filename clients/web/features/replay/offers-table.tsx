import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import Typography from "@mui/material/Typography";

import type { BlackBox, BlackBoxOffer } from "#shared/contracts/black-box.ts";

import { formatSpan } from "../../../common/format.ts";
import { statusWords } from "../ops/board.ts";
import { weighedOf } from "../ops/weighed.ts";
import { clock } from "./scrubber.tsx";

/** Who was asked by then, what became of it, and who else was weighed. */
export function OffersTable({ box, atMs }: { readonly box: BlackBox; readonly atMs: number }) {
  const made = box.offers.filter((offer) => offer.offeredAtMs <= atMs);
  const names = new Map(box.offers.map((offer) => [offer.courierId, offer.courierName]));
  return (
    <Card component="section" aria-label="Offers" sx={{ p: 1.5 }}>
      <Typography variant="h5" component="h3">
        Offers
      </Typography>
      {made.length === 0 && <Typography color="textSecondary">No courier had been asked.</Typography>}
      {made.map((offer) => (
        <Box key={offer.id} sx={{ mt: 1 }}>
          <strong>{offer.courierName}</strong>, asked at {clock(offer.offeredAtMs)}: {becameWords(offer, atMs)}
          <Box component="ul" sx={{ m: 0, pl: 2.5, fontSize: 13, color: "text.secondary" }}>
            {weighedOf({ ...offer.reason, courierId: offer.courierId })
              .toSorted((a, b) => a.cost - b.cost)
              .map((row) => (
                <li key={row.courierId}>
                  {names.get(row.courierId) ?? `…${row.courierId.slice(-6)}`}
                  {row.chosen && " (chosen)"}: rides {formatSpan(row.travelMs)}, waits {formatSpan(row.idleMs)}, food
                  waits {formatSpan(row.delayMs)}
                </li>
              ))}
          </Box>
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
