import Box from "@mui/material/Box";
import FormControlLabel from "@mui/material/FormControlLabel";
import Switch from "@mui/material/Switch";
import Typography from "@mui/material/Typography";

import { useMarketMap } from "../../common/map/market-maps.ts";
import { useServices } from "../app/services.ts";
import { useAppSelector } from "../app/store.ts";
import { useMarketId } from "../link/use-market.ts";
import { needsDemoRide } from "./demo-switch.ts";

/** Off duty in a sandbox: to ride through the market's streets from anywhere. Brought forward where nothing else will do. */
export function DemoRideSwitch({ on }: { readonly on: boolean }) {
  const { demoSwitch } = useServices();
  const { gps, point } = useAppSelector((state) => state.place);
  const map = useMarketMap(useMarketId());
  const suggested = !on && needsDemoRide({ gps, point, map });
  return (
    <Box
      sx={{
        p: 2,
        borderRadius: 3,
        border: suggested ? 2 : 1,
        borderColor: suggested ? "primary.main" : "divider",
        order: suggested ? -1 : 0,
      }}
    >
      <FormControlLabel
        control={<Switch checked={on} onChange={(_, checked) => demoSwitch.turn(checked)} />}
        label="Ride without leaving your chair (demo)"
        slotProps={{ typography: { sx: { fontSize: "1.125rem", fontWeight: 600 } } }}
      />
      <Typography color="text.secondary">
        {suggested ? "You are not in this city, or it cannot be seen where you are. " : ""}
        Your place is made up: it starts in the middle of the city and rides to each stop along real streets. The
        buttons stay yours.
      </Typography>
    </Box>
  );
}
