import Alert from "@mui/material/Alert";

import { useDemoRide } from "./use-demo-ride.ts";

/** Said on every screen for as long as it is so. */
export function DemoRideLine() {
  const { on } = useDemoRide();
  return on ? (
    <Alert severity="info" square sx={{ flex: "none", fontSize: "1rem", py: 0 }}>
      Demo ride: your place is made up.
    </Alert>
  ) : null;
}
