import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import Card from "@mui/material/Card";
import Typography from "@mui/material/Typography";
import { useEffect, useRef } from "react";

import { eventWords } from "../../../common/event-words.ts";
import { formatClockSeconds } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import type { Tick } from "./frames.ts";

export interface ReplayLogProps {
  readonly ticks: readonly Tick[];
  readonly atMs: number;
  readonly onSeek: (atMs: number) => void;
}

/** Everything that happened; the newest by the moment that is shown stands out. A touch goes there. */
export function ReplayLog({ ticks, atMs, onSeek }: ReplayLogProps) {
  const timeZone = useMarketZone();
  const current = ticks.findLast((tick) => tick.atMs <= atMs)?.id;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const row = list.current?.querySelector<HTMLElement>("[aria-current]");
    // Within the list only: the page stays where it is.
    if (row && list.current) list.current.scrollTop = row.offsetTop - list.current.clientHeight / 2;
  }, [current]);
  return (
    <Card component="section" aria-label="What happened" sx={{ p: 1.5 }}>
      <Typography variant="h5" component="h3">
        What happened
      </Typography>
      <Box
        component="ol"
        ref={list}
        sx={{ listStyle: "none", p: 0, m: 0, maxHeight: 270, overflowY: "auto", position: "relative" }}
      >
        {ticks.map((tick) => (
          <li key={tick.id} {...(tick.id === current ? { "aria-current": "step" as const } : {})}>
            <ButtonBase
              onClick={() => onSeek(tick.atMs)}
              sx={{
                width: "100%",
                justifyContent: "start",
                textAlign: "left",
                gap: 1.5,
                px: 1,
                py: 0.5,
                borderRadius: 1,
                fontSize: 14,
                opacity: tick.atMs > atMs ? 0.5 : 1,
                bgcolor: tick.id === current ? "action.selected" : undefined,
              }}
            >
              <Box component="span" sx={{ fontVariantNumeric: "tabular-nums", color: "text.secondary" }}>
                {formatClockSeconds(tick.atMs, timeZone)}
              </Box>
              <Box component="span" sx={{ fontWeight: 600, flex: 1 }}>
                {eventWords(tick.type, "office")}
                <Box component="small" sx={{ display: "block", fontWeight: 400, color: "text.secondary" }}>
                  {tick.type}
                </Box>
              </Box>
              <Box component="span" sx={{ color: "text.secondary" }}>
                {tick.who}
              </Box>
            </ButtonBase>
          </li>
        ))}
      </Box>
    </Card>
  );
}
