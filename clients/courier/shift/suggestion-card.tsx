import NavigationIcon from "@mui/icons-material/NavigationOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { MoveSuggestion } from "#shared/contracts/views.ts";

import { geoLink } from "../map/geo-link.ts";

export interface SuggestionCardProps {
  readonly suggestion: MoveSuggestion;
  readonly onStay: () => void;
}

/** Where orders are expected: the way there, or stay. Advice, and it says so. */
export function SuggestionCard({ suggestion, onStay }: SuggestionCardProps) {
  const { restaurantName, restaurantLine, point, wayMs } = suggestion;
  return (
    <Box component="section" aria-label="Suggestion">
      <Box role="status">
        <Typography sx={{ fontSize: "1.25rem", fontWeight: 700, lineHeight: 1.25, overflowWrap: "anywhere" }}>
          Orders are expected near {restaurantName}, {minutesWords(wayMs)} away
        </Typography>
        <Typography color="text.secondary" sx={{ fontSize: "1.0625rem", mt: 0.5 }}>
          {restaurantLine && `${restaurantLine}. `}Only a suggestion: you can stay where you are.
        </Typography>
      </Box>
      <Stack direction="row" sx={{ gap: 1.5, mt: 1.5 }}>
        <Button
          variant="outlined"
          color="inherit"
          onClick={onStay}
          sx={{ minHeight: 56, flex: "1 1 auto", whiteSpace: "nowrap", fontSize: "1.0625rem", borderWidth: 2 }}
        >
          Stay here
        </Button>
        <Button
          variant="contained"
          color="secondary"
          href={geoLink(point, restaurantName)}
          startIcon={<NavigationIcon aria-hidden />}
          sx={{ minHeight: 56, flex: "1 1 auto", whiteSpace: "nowrap", fontSize: "1.0625rem" }}
        >
          Show the way
        </Button>
      </Stack>
    </Box>
  );
}

/** A rider reads minutes, not seconds. */
function minutesWords(spanMs: number): string {
  return `${Math.max(1, Math.round(spanMs / 60_000))} min`;
}
