import AppBar from "@mui/material/AppBar";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Stack from "@mui/material/Stack";
import Toolbar from "@mui/material/Toolbar";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";

import type { HubStatus } from "#shared/client/transport.ts";

import { ConnectionChip } from "../../common/connection-chip.tsx";
import { DemoChip } from "../../common/demo-chip.tsx";
import { TinMark } from "../../common/notice.tsx";
import { SignInForm } from "../../common/sign-in-form.tsx";
import { ColorModeButton } from "./color-mode-button.tsx";
import { useServices, type Screen } from "./services.ts";

export interface StaffFrameProps {
  readonly screen: Screen;
  readonly title: string;
  readonly status: HubStatus;
  /** Buttons in the head. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Head and body of a screen for people at work. */
export function StaffFrame({ screen, title, status, actions, children }: StaffFrameProps) {
  const { sessions } = useServices();
  return (
    <Box sx={{ minHeight: "100dvh", display: "flex", flexDirection: "column" }}>
      <AppBar position="sticky" sx={{ bgcolor: "background.default", borderBottom: 1, borderColor: "divider" }}>
        <Toolbar sx={{ gap: 1, flexWrap: "wrap", py: 0.5 }}>
          <TinMark size={30} />
          <Typography variant="h3" component="h1" sx={{ mr: "auto" }}>
            {title}
          </Typography>
          {actions}
          <DemoChip />
          <ConnectionChip status={status} />
          <ColorModeButton />
          <Button color="inherit" size="small" onClick={() => void sessions[screen].close()}>
            Sign out
          </Button>
        </Toolbar>
      </AppBar>
      <Box component="main" sx={{ flex: 1, minHeight: 0 }}>
        {children}
      </Box>
    </Box>
  );
}

/** The door of a screen for people at work. */
export function StaffSignIn({
  screen,
  title,
  hint,
}: {
  readonly screen: Screen;
  readonly title: string;
  readonly hint: string;
}) {
  const { sessions } = useServices();
  return (
    <Stack component="main" sx={{ minHeight: "100dvh", alignItems: "center", justifyContent: "center", p: 2, gap: 3 }}>
      <TinMark size={64} />
      <Card sx={{ p: 3, width: "100%", maxWidth: 400 }}>
        <SignInForm session={sessions[screen]} title={title} hint={hint} />
      </Card>
    </Stack>
  );
}
