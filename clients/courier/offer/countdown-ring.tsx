import Box from "@mui/material/Box";

const RADIUS = 44;
const AROUND = 2 * Math.PI * RADIUS;

/** What is left of a time, as a ring that closes and a number of seconds. */
export function CountdownRing({ leftMs, ofMs }: { readonly leftMs: number; readonly ofMs: number }) {
  const share = ofMs <= 0 ? 0 : Math.min(1, Math.max(0, leftMs / ofMs));
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const color = seconds <= 10 ? "error.main" : "secondary.main";
  return (
    <Box
      role="timer"
      aria-label={`${seconds} seconds left`}
      sx={{ position: "relative", width: 92, height: 92, flex: "none", color }}
    >
      <Box component="svg" viewBox="0 0 100 100" aria-hidden sx={{ width: "100%", transform: "rotate(-90deg)" }}>
        <Box
          component="circle"
          cx="50"
          cy="50"
          r={RADIUS}
          sx={{ fill: "none", stroke: "var(--mui-palette-divider)", strokeWidth: 9 }}
        />
        <circle
          cx="50"
          cy="50"
          r={RADIUS}
          fill="none"
          stroke="currentColor"
          strokeWidth="9"
          strokeLinecap="round"
          strokeDasharray={AROUND}
          strokeDashoffset={AROUND * (1 - share)}
          style={{ transition: "stroke-dashoffset 250ms linear" }}
        />
      </Box>
      <Box
        aria-hidden
        sx={{
          position: "absolute",
          inset: 0,
          display: "grid",
          placeItems: "center",
          fontSize: "2rem",
          fontWeight: 800,
          color: "text.primary",
          fontVariantNumeric: "tabular-nums",
        }}
      >
        {seconds}
      </Box>
    </Box>
  );
}
