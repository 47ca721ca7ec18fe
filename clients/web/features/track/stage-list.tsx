import Check from "@mui/icons-material/Check";
import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatClock } from "../../../common/format.ts";
import { stagesOf } from "./stages.ts";

const LOOK = {
  done: { bgcolor: "primary.main", color: "primary.contrastText", borderColor: "primary.main" },
  now: { bgcolor: "secondary.main", color: "secondary.contrastText", borderColor: "secondary.main" },
  ahead: { bgcolor: "transparent", color: "text.secondary", borderColor: "divider" },
} as const;

export interface StageListProps {
  readonly order: SeenOrder;
  /** The market's. */
  readonly timeZone: string | undefined;
}

/** The stages of an order, with the times at which they were reached. */
export function StageList({ order, timeZone }: StageListProps) {
  const stages = stagesOf(order);
  if (stages.length === 0) return null;
  return (
    <Stack component="ol" aria-label="Stages" sx={{ listStyle: "none", p: 0, m: 0 }}>
      {stages.map((stage, at) => (
        <Stack
          component="li"
          direction="row"
          key={stage.label}
          aria-current={stage.state === "now" ? "step" : undefined}
          sx={{ gap: 2, minHeight: 46 }}
        >
          <Stack sx={{ alignItems: "center" }}>
            <Box
              sx={{
                width: 26,
                height: 26,
                flex: "none",
                borderRadius: "50%",
                border: 2,
                display: "grid",
                placeItems: "center",
                ...LOOK[stage.state],
              }}
            >
              {stage.state === "done" && <Check sx={{ fontSize: 16 }} />}
            </Box>
            {at < stages.length - 1 && (
              <Box sx={{ flex: 1, width: 2, bgcolor: stage.state === "done" ? "primary.main" : "divider" }} />
            )}
          </Stack>
          <Typography
            sx={{
              fontWeight: stage.state === "now" ? 700 : 400,
              color: stage.state === "ahead" ? "text.secondary" : "text.primary",
            }}
          >
            {stage.label}
            {stage.atMs !== null && stage.state === "done" && (
              <Typography component="span" color="textSecondary">
                {" "}
                · {formatClock(stage.atMs, timeZone)}
              </Typography>
            )}
          </Typography>
        </Stack>
      ))}
    </Stack>
  );
}
