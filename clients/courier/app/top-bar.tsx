import DarkModeIcon from "@mui/icons-material/DarkModeOutlined";
import LightModeIcon from "@mui/icons-material/LightModeOutlined";
import LogoutIcon from "@mui/icons-material/LogoutOutlined";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Stack from "@mui/material/Stack";
import { useColorScheme } from "@mui/material/styles";
import Typography from "@mui/material/Typography";
import useMediaQuery from "@mui/material/useMediaQuery";

import { ConnectionChip } from "../../common/connection-chip.tsx";
import { DemoChip } from "../../common/demo-chip.tsx";
import { formatClock } from "../../common/format.ts";
import { TinMark } from "../../common/notice.tsx";
import { unsent } from "../link/outbox.ts";
import { useServices } from "./services.ts";
import { useAppSelector } from "./store.ts";

/** Who rides, whether the screen is live, and what has not reached the hub yet. */
export function TopBar() {
  const { session } = useServices();
  const status = useAppSelector((state) => state.duty.status);
  const name = useAppSelector((state) => state.duty.courier?.name);
  return (
    <Box component="header" sx={{ borderBottom: 1, borderColor: "divider", bgcolor: "background.paper" }}>
      <Stack direction="row" sx={{ alignItems: "center", gap: 1, px: 2, py: 0.75 }}>
        <TinMark size={26} />
        <Typography noWrap sx={{ fontWeight: 700, flex: 1, minWidth: 0 }}>
          {name ?? "Courier"}
        </Typography>
        <DemoChip />
        <ConnectionChip status={status} />
        <DayNight />
        <IconButton aria-label="Sign out" onClick={() => void session.close()}>
          <LogoutIcon />
        </IconButton>
      </Stack>
      <Unsent />
    </Box>
  );
}

/** Said plainly: what is on this screen may be old, and what was said may not have arrived. */
function Unsent() {
  const { status, heardAtMs } = useAppSelector((state) => state.duty);
  const waiting = useAppSelector((state) => unsent(state.outbox).length);
  const fixes = useAppSelector((state) => state.place.unsentFixes);
  if (status === "live") return null;
  const since = heardAtMs === null ? "" : ` This is how it stood at ${formatClock(heardAtMs)}.`;
  const said = waiting === 0 ? "" : ` ${waiting === 1 ? "One step waits" : `${waiting} steps wait`} to be sent.`;
  const way = fixes < 10 ? "" : " Your way is being kept.";
  return (
    <Alert severity="warning" role="alert" square sx={{ fontSize: "1rem", py: 0.5 }}>
      <strong>No connection.</strong>
      {since}
      {said}
      {way} Go on riding: it is sent by itself.
    </Alert>
  );
}

function DayNight() {
  const { mode, systemMode, setMode } = useColorScheme();
  const prefersDark = useMediaQuery("(prefers-color-scheme: dark)");
  const night = mode === "dark" || (mode !== "light" && (systemMode === "dark" || prefersDark));
  return (
    <IconButton aria-label={night ? "Day colours" : "Night colours"} onClick={() => setMode(night ? "light" : "dark")}>
      {night ? <LightModeIcon /> : <DarkModeIcon />}
    </IconButton>
  );
}
