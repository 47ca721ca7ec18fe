import Pause from "@mui/icons-material/Pause";
import PlayArrow from "@mui/icons-material/PlayArrow";
import SkipNext from "@mui/icons-material/SkipNext";
import SkipPrevious from "@mui/icons-material/SkipPrevious";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import MenuItem from "@mui/material/MenuItem";
import Slider from "@mui/material/Slider";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";

import { formatClockSeconds, formatSpan } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { jump, type Tick } from "./frames.ts";
import type { Playhead } from "./use-playhead.ts";

export interface ScrubberProps {
  readonly head: Playhead;
  readonly span: { readonly fromMs: number; readonly toMs: number };
  readonly ticks: readonly Tick[];
  readonly live: boolean;
}

const SPEEDS = [1, 10, 30, 60, 120];
/** One press of an arrow key. */
const STEP_MS = 5_000;

/** The time line: play, speed, one event on or back; every event is a tick on it. */
export function Scrubber({ head, span, ticks, live }: ScrubberProps) {
  const timeZone = useMarketZone();
  const leap = (to: "next" | "before") => head.seek(jump(ticks, head.atMs, to) ?? head.atMs);
  return (
    <Box component="section" aria-label="Time line" sx={{ px: 1.5 }}>
      <Slider
        aria-label="Time"
        size="small"
        min={span.fromMs}
        max={span.toMs}
        step={STEP_MS}
        value={head.atMs}
        onChange={(_, value) => head.seek(Array.isArray(value) ? (value[0] ?? span.fromMs) : value)}
        marks={ticks.map((tick) => ({ value: tick.atMs }))}
        getAriaValueText={(value) => `${formatSpan(value - span.fromMs)} after it was placed`}
        sx={{ display: "block", py: 1.5, "& .MuiSlider-mark": { width: 2, height: 12, bgcolor: "secondary.main" } }}
      />
      <Box sx={{ display: "flex", gap: 0.5, alignItems: "center", flexWrap: "wrap" }}>
        <IconButton aria-label="Event before" onClick={() => leap("before")}>
          <SkipPrevious />
        </IconButton>
        <IconButton aria-label={head.playing ? "Pause" : "Play"} onClick={() => head.play(!head.playing)}>
          {head.playing ? <Pause /> : <PlayArrow />}
        </IconButton>
        <IconButton aria-label="Next event" onClick={() => leap("next")}>
          <SkipNext />
        </IconButton>
        <TextField
          select
          size="small"
          label="Speed"
          value={head.speed}
          onChange={(event) => head.setSpeed(Number(event.target.value))}
          sx={{ width: 92 }}
        >
          {SPEEDS.map((speed) => (
            <MenuItem key={speed} value={speed}>
              {speed}×
            </MenuItem>
          ))}
        </TextField>
        <Typography component="output" aria-label="Shown time" sx={{ fontVariantNumeric: "tabular-nums", ml: 1 }}>
          <strong>{formatClockSeconds(head.atMs, timeZone)}</strong> · {formatSpan(head.atMs - span.fromMs)} of{" "}
          {formatSpan(span.toMs - span.fromMs)}
        </Typography>
        {live && (
          <Button
            size="small"
            variant={head.following ? "contained" : "outlined"}
            onClick={() => head.follow()}
            sx={{ ml: "auto" }}
          >
            {head.following ? "Live" : "To the live end"}
          </Button>
        )}
      </Box>
    </Box>
  );
}
