import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import CircularProgress from "@mui/material/CircularProgress";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";

import type { Failure } from "./failure.ts";

/** Something is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <Stack role="status" sx={{ alignItems: "center", py: 8, gap: 2 }}>
      <CircularProgress aria-hidden color="secondary" />
      <Typography color="textSecondary">{what}</Typography>
    </Stack>
  );
}

/** There is nothing here, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Stack sx={{ alignItems: "center", textAlign: "center", py: 7, px: 2, gap: 1.5 }}>
      <TinMark />
      <Typography variant="h4" component="p">
        {title}
      </Typography>
      {children && <Box sx={{ color: "text.secondary", maxWidth: 420 }}>{children}</Box>}
    </Stack>
  );
}

/** It did not work, why, and the way to try again. */
export function Failed({ failure, onRetry }: { readonly failure: Failure; readonly onRetry?: () => void }) {
  const retry = onRetry && (
    <Button color="inherit" size="small" onClick={onRetry}>
      Try again
    </Button>
  );
  return (
    <Alert severity={failure.code === "offline" ? "warning" : "error"} action={retry} sx={{ my: 2 }}>
      <strong>{failure.title}</strong>
      {failure.code === "offline" && <div>{failure.detail}</div>}
    </Alert>
  );
}

/** The mark: three stacked tins under one handle. */
export function TinMark({ size = 44 }: { readonly size?: number }) {
  return (
    <Box
      component="svg"
      viewBox="0 0 48 48"
      aria-hidden
      sx={{ width: size, height: size, color: "secondary.main", flex: "none" }}
    >
      <path d="M12 42V12a12 9 0 0 1 24 0v30" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
      <rect x="9" y="14" width="30" height="8" rx="3.5" fill="currentColor" />
      <rect x="9" y="24" width="30" height="8" rx="3.5" fill="currentColor" opacity=".78" />
      <rect x="9" y="34" width="30" height="9" rx="3.5" fill="currentColor" opacity=".58" />
    </Box>
  );
}
