import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";

import { Failed, Loading } from "../../../common/notice.tsx";
import { useAnswer } from "../../../common/use-answer.ts";
import { stageWords, undeliveredWords } from "./told-times.ts";

export interface TimesKeptProps {
  readonly hub: HubClient | undefined;
  readonly marketId: string;
}

/** How good the times were that customers were told: opened when somebody asks. [ETA43] */
export function TimesKept({ hub, marketId }: TimesKeptProps) {
  const [open, setOpen] = useState(false);
  return (
    <Box component="section" aria-label="Times that customers were told">
      <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
        How good were the times we told?
      </Button>
      {open && <Told hub={hub} marketId={marketId} />}
    </Box>
  );
}

function Told({ hub, marketId }: TimesKeptProps) {
  const { answer: accuracy, failure, refetch } = useAnswer(hub, "eta.accuracy", { marketId });
  if (failure) return <Failed failure={failure} onRetry={refetch} />;
  if (!accuracy) return <Loading what="Looking up what was told…" />;
  const { orders, stages, undelivered } = accuracy;
  return (
    <Box role="status">
      <Typography variant="body2">
        {orders === 0
          ? "No order has been delivered yet."
          : `The last ${orders.toLocaleString()} delivered ${orders === 1 ? "order" : "orders"}.`}
      </Typography>
      {stages.map((each) => (
        <Typography key={each.stage} variant="body2" sx={{ mt: 0.5 }}>
          {stageWords(each)}
        </Typography>
      ))}
      <Typography variant="body2" sx={{ mt: 0.5 }}>
        {undeliveredWords(undelivered)}
      </Typography>
    </Box>
  );
}
