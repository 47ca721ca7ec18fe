import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useState } from "react";

import { formatClock } from "../../common/format.ts";
import { useNow } from "../../common/use-now.ts";
import { useDemoRide } from "../gps/use-demo-ride.ts";
import { DemoRideSwitch } from "../gps/demo-ride-switch.tsx";
import { useServices } from "../app/services.ts";
import { useAppSelector } from "../app/store.ts";
import type { GpsState } from "../gps/locate.ts";
import { useLink } from "../link/use-link.ts";
import { useMarketId } from "../link/use-market.ts";

const HOURS = [1, 2, 3, 4, 6, 8];
const HOUR_MS = 3_600_000;

/** Before and after a shift: how long to ride, and one button. */
export function OffDuty() {
  const link = useLink();
  const marketId = useMarketId();
  const { nowMs: timeNowMs } = useServices();
  const nowMs = useNow(15_000);
  const { gps, point } = useAppSelector((state) => state.place);
  const starting = useAppSelector((state) => state.outbox.queue.some((each) => each.name === "shift.start"));
  const demo = useDemoRide();
  const [hours, setHours] = useState(4);
  const start = () => {
    if (point && marketId) link.say("shift.start", { marketId, endsAtMs: timeNowMs() + hours * HOUR_MS, point });
  };
  return (
    <Stack sx={{ flex: 1, p: 2.5, gap: 3, maxWidth: 560, width: "100%", mx: "auto" }}>
      <Typography variant="h1">Off duty</Typography>
      <Stack role="group" aria-label="Planned end" sx={{ gap: 1.5 }}>
        <Typography sx={{ fontSize: "1.125rem" }}>
          Ride until <strong>{formatClock(nowMs + hours * HOUR_MS)}</strong>
        </Typography>
        <Stack direction="row" sx={{ flexWrap: "wrap", gap: 1.25 }}>
          {HOURS.map((each) => (
            <Chip
              key={each}
              label={each === 1 ? "1 hour" : `${each} hours`}
              onClick={() => setHours(each)}
              aria-pressed={each === hours}
              color={each === hours ? "primary" : "default"}
              variant={each === hours ? "filled" : "outlined"}
              sx={{ height: 52, px: 1, fontSize: "1.0625rem", borderRadius: 99, transition: "none" }}
            />
          ))}
        </Stack>
      </Stack>
      {!demo.on && <GpsWords gps={gps} />}
      {demo.offered && <DemoRideSwitch on={demo.on} />}
      <Button
        variant="contained"
        onClick={start}
        disabled={!point}
        loading={starting}
        sx={{ mt: "auto", minHeight: 88, fontSize: "1.5rem" }}
      >
        Go on shift
      </Button>
    </Stack>
  );
}

const WORDS: Partial<Record<GpsState, { severity: "info" | "warning" | "error"; text: string }>> = {
  asking: { severity: "info", text: "Looking for where you are…" },
  denied: {
    severity: "error",
    text: "Tiffin may not see where you are. Allow the location for this page in the browser's settings; without it there are no offers.",
  },
  lost: { severity: "warning", text: "No GPS here. Step outside for a moment." },
};

function GpsWords({ gps }: { readonly gps: GpsState }) {
  const words = WORDS[gps];
  return words ? (
    <Alert severity={words.severity} sx={{ fontSize: "1rem" }}>
      {words.text}
    </Alert>
  ) : null;
}
