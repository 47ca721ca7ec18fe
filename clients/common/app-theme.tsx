import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider, type Theme } from "@mui/material/styles";
import type { ReactNode } from "react";

/** Puts the theme and the base styles around an app. `theme` comes from `makeTheme`, made once in `main.tsx`. */
export function AppTheme({ theme, children }: { readonly theme: Theme; readonly children: ReactNode }) {
  return (
    <ThemeProvider theme={theme} defaultMode="system">
      <CssBaseline enableColorScheme />
      {children}
    </ThemeProvider>
  );
}
