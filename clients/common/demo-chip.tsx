import Chip from "@mui/material/Chip";
import Tooltip from "@mui/material/Tooltip";

import { useDeploymentConfig } from "./deployment.ts";

/** Says of a sandbox that it is one, and of a fast clock how fast it is. Nothing where real money moves in real time. [DMO9] */
export function DemoChip() {
  const config = useDeploymentConfig();
  if (!config) return null;
  const sandbox = config.paymentsMode === "sandbox";
  const fast = config.clockRate !== 1;
  if (!sandbox && !fast) return null;
  const label = [sandbox ? "Demo" : "", fast ? `clock ×${config.clockRate}` : ""].filter(Boolean).join(" · ");
  const words = [
    sandbox ? "No real money moves here. Menus, prices, hours and people are demo data." : "",
    fast ? `The clock of this deployment runs ${config.clockRate} times as fast as yours.` : "",
  ];
  return (
    <Tooltip title={words.filter(Boolean).join(" ")}>
      <Chip size="small" variant="outlined" color="secondary" label={label} sx={{ minWidth: 0 }} />
    </Tooltip>
  );
}
