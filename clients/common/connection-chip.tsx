import Chip from "@mui/material/Chip";

import type { HubStatus } from "#shared/client/transport.ts";

const WORDS = {
  connecting: { label: "Connecting…", color: "default" },
  live: { label: "Live", color: "success" },
  offline: { label: "Offline, trying again", color: "warning" },
} as const satisfies Record<HubStatus, { label: string; color: string }>;

/** Whether what is on the screen is live. */
export function ConnectionChip({ status }: { readonly status: HubStatus }) {
  const { label, color } = WORDS[status];
  return (
    <Chip
      role="status"
      aria-label={`Connection: ${label}`}
      size="small"
      label={label}
      color={color}
      variant="outlined"
    />
  );
}
