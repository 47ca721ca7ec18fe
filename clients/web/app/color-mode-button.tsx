import DarkMode from "@mui/icons-material/DarkModeOutlined";
import LightMode from "@mui/icons-material/LightModeOutlined";
import IconButton from "@mui/material/IconButton";
import { useColorScheme } from "@mui/material/styles";
import Tooltip from "@mui/material/Tooltip";

/** Switches between the light and the dark look; until it is used, the system's choice holds. */
export function ColorModeButton() {
  const { mode, systemMode, setMode } = useColorScheme();
  const night = (mode === "system" ? systemMode : mode) === "dark";
  const label = night ? "Light colours" : "Dark colours";
  return (
    <Tooltip title={label}>
      <IconButton aria-label={label} color="inherit" onClick={() => setMode(night ? "light" : "dark")}>
        {night ? <LightMode /> : <DarkMode />}
      </IconButton>
    </Tooltip>
  );
}
