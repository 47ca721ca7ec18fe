import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Dialog from "@mui/material/Dialog";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useEffect, useState } from "react";

import type { Point } from "#shared/contracts/geo.ts";
import type { OfferView } from "#shared/contracts/views.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

import { useDeploymentConfig } from "../../common/deployment.ts";
import { formatDistance, formatMoney } from "../../common/format.ts";
import { useNow } from "../../common/use-now.ts";
import { useAppSelector } from "../app/store.ts";
import { answerTo } from "../link/shown.ts";
import { DemoRideLine } from "../gps/demo-ride-line.tsx";
import { useLink } from "../link/use-link.ts";
import { useMarketId } from "../link/use-market.ts";
import { LazyRideMap } from "../map/lazy-ride-map.tsx";
import { startAlarm } from "./alarm.ts";
import { CountdownRing } from "./countdown-ring.tsx";

const REASONS = ["Too far", "Too much to carry", "My bike has a problem", "I need a break", "Not safe there"];

/** An offer fills the screen until it is answered or over: what it pays, where it goes, how long is left. */
export function OfferScreen({ offer }: { readonly offer: OfferView }) {
  const link = useLink();
  const marketId = useMarketId();
  const nowMs = useNow(250);
  // Counted in the seconds of the person who must answer, however fast the clock of the deployment goes.
  const rate = useDeploymentConfig()?.clockRate ?? 1;
  const here = useAppSelector((state) => state.place.point);
  const said = useAppSelector((state) => answerTo(offer.id, state.outbox.queue));
  const [declining, setDeclining] = useState(false);
  const pay = formatMoney(offer.payMinor, offer.currency);
  const leftMs = (offer.expiresAtMs - nowMs) / rate;
  const over = leftMs <= 0;
  const quiet = over || said !== undefined;
  useEffect(() => {
    if (quiet) return undefined;
    const alarm = startAlarm(window);
    return () => alarm.stop();
  }, [quiet]);

  const ref = marketId && { marketId, offerId: offer.id };
  const accept = () => ref && link.say("offer.accept", ref);
  const decline = (reason: string) => ref && link.say("offer.decline", { ...ref, reason });
  return (
    <Dialog
      fullScreen
      open
      aria-label="Offer"
      slotProps={{ transition: { timeout: 120 }, paper: { sx: { borderRadius: 0 } } }}
    >
      <Stack sx={{ height: "100dvh" }}>
        <DemoRideLine />
        <Stack direction="row" sx={{ alignItems: "center", gap: 2, p: 2.5, pb: 1.5 }}>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <Typography variant="overline" component="p">
              {offer.drops.length === 1 ? "New offer" : `New offer, ${offer.drops.length} orders`}
            </Typography>
            <Typography
              aria-label="Pay"
              sx={{
                fontSize: pay.length > 8 ? "2.5rem" : "3.25rem",
                fontWeight: 800,
                lineHeight: 1,
                fontVariantNumeric: "tabular-nums",
              }}
            >
              {pay}
            </Typography>
          </Box>
          <CountdownRing leftMs={leftMs} ofMs={(offer.expiresAtMs - offer.offeredAtMs) / rate} />
        </Stack>
        <Box sx={{ flex: 1, minHeight: 140 }}>
          <LazyRideMap
            here={here}
            place={{ point: offer.pickupPoint, kind: "restaurant", label: `Pick up at ${offer.restaurantName}` }}
            areas={offer.drops.map((drop) => drop.areaPoint)}
            label="Where the offer goes"
            height="100%"
          />
        </Box>
        <Stack sx={{ p: 2.5, pb: "max(20px, env(safe-area-inset-bottom))", gap: 2 }}>
          <Way offer={offer} here={here} />
          {declining ? (
            <Reasons onPick={decline} onBack={() => setDeclining(false)} />
          ) : (
            <Answers said={said} over={over} onAccept={accept} onDecline={() => setDeclining(true)} />
          )}
        </Stack>
      </Stack>
    </Dialog>
  );
}

function Way({ offer, here }: { readonly offer: OfferView; readonly here: Point | null }) {
  return (
    <Box>
      <Typography sx={{ fontSize: "1.375rem", fontWeight: 700, lineHeight: 1.2 }}>{offer.restaurantName}</Typography>
      <Typography sx={{ fontSize: "1.0625rem" }} color="text.secondary">
        {here && `${formatDistance(distanceM(here, offer.pickupPoint))} away · `}
        {offer.restaurantLine}
      </Typography>
      {offer.why && <Typography color="text.secondary">{offer.why}</Typography>}
      {offer.drops.map((drop) => (
        <Typography key={drop.deliveryId} sx={{ fontSize: "1.125rem", mt: 0.5 }}>
          <strong>{drop.orderCode}</strong> · {formatDistance(drop.distanceM)} to ride with it
        </Typography>
      ))}
    </Box>
  );
}

interface AnswersProps {
  readonly said: "accept" | "decline" | undefined;
  readonly over: boolean;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
}

function Answers({ said, over, onAccept, onDecline }: AnswersProps) {
  if (over && !said) {
    return (
      <Typography role="status" sx={{ fontSize: "1.25rem", py: 3, textAlign: "center" }}>
        The time is over. It goes to somebody else.
      </Typography>
    );
  }
  return (
    <Stack direction="row" sx={{ gap: 1.5 }}>
      <Button
        variant="outlined"
        color="inherit"
        loading={said === "decline"}
        disabled={said !== undefined}
        onClick={onDecline}
        sx={{ minHeight: 92, flex: 1, fontSize: "1.25rem", borderWidth: 2 }}
      >
        Decline
      </Button>
      <Button
        variant="contained"
        loading={said === "accept"}
        disabled={said !== undefined}
        onClick={onAccept}
        sx={{ minHeight: 92, flex: 2, fontSize: "1.75rem" }}
      >
        Accept
      </Button>
    </Stack>
  );
}

function Reasons({ onPick, onBack }: { readonly onPick: (reason: string) => void; readonly onBack: () => void }) {
  return (
    <Stack role="group" aria-label="Why not?" sx={{ gap: 1.5 }}>
      <Typography sx={{ fontSize: "1.125rem", fontWeight: 700 }}>Why not?</Typography>
      <Stack direction="row" sx={{ flexWrap: "wrap", gap: 1 }}>
        {REASONS.map((reason) => (
          <Chip
            key={reason}
            label={reason}
            onClick={() => onPick(reason)}
            sx={{ height: 52, px: 1, fontSize: "1.0625rem", borderRadius: 99 }}
          />
        ))}
      </Stack>
      <Button size="large" onClick={onBack} sx={{ minHeight: 56 }}>
        Back to the offer
      </Button>
    </Stack>
  );
}
