import Box from "@mui/material/Box";
import FormControlLabel from "@mui/material/FormControlLabel";
import Paper from "@mui/material/Paper";
import Switch from "@mui/material/Switch";
import Typography from "@mui/material/Typography";

import { COURIER_STATES } from "./map/fleet.ts";
import { LOOK_WORDS, ORDER_LOOKS } from "./map/looks.ts";
import { COURIER_WORDS, type MapPalette } from "./map/palette.ts";

export interface MapLegendProps {
  readonly palette: MapPalette;
  readonly cells: boolean;
  readonly onCells: (shown: boolean) => void;
}

/** What the colours mean, and which layers are drawn. */
export function MapLegend({ palette, cells, onCells }: MapLegendProps) {
  return (
    <Paper
      component="aside"
      aria-label="Legend"
      elevation={3}
      sx={{ position: "absolute", left: 10, top: 10, px: 1.5, py: 1, opacity: 0.94, maxWidth: 190 }}
    >
      <Box component="details" open={globalThis.innerWidth > 700}>
        <Box component="summary" sx={{ cursor: "pointer", fontWeight: 700, fontSize: 13 }}>
          Legend
        </Box>
        <Heading>Couriers</Heading>
        {COURIER_STATES.map((state) => (
          <Row key={state} color={palette.couriers[state]} words={COURIER_WORDS[state]} />
        ))}
        <Heading>Orders</Heading>
        {ORDER_LOOKS.map((look) => (
          <Row key={look} color={palette.orders[look]} words={LOOK_WORDS[look]} />
        ))}
        <FormControlLabel
          sx={{ mt: 0.5, "& .MuiTypography-root": { fontSize: 13, fontWeight: 700 } }}
          control={<Switch size="small" checked={cells} onChange={(_, shown) => onCells(shown)} />}
          label="Supply and demand"
        />
        {cells && (
          <>
            <Box
              sx={{
                height: 8,
                borderRadius: 1,
                background: `linear-gradient(90deg, ${palette.idle}, transparent, ${palette.short})`,
              }}
            />
            <Box sx={{ display: "flex", justifyContent: "space-between", fontSize: 11, color: "text.secondary" }}>
              <span>idle</span>
              <span>balanced</span>
              <span>short</span>
            </Box>
          </>
        )}
      </Box>
    </Paper>
  );
}

function Heading({ children }: { readonly children: string }) {
  return (
    <Typography sx={{ fontSize: 11, fontWeight: 700, color: "text.secondary", mt: 0.75, textTransform: "uppercase" }}>
      {children}
    </Typography>
  );
}

function Row({ color, words }: { readonly color: string; readonly words: string }) {
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 1, fontSize: 13, lineHeight: 1.6 }}>
      <Box sx={{ width: 11, height: 11, borderRadius: "50%", bgcolor: color, flex: "none" }} />
      {words}
    </Box>
  );
}
