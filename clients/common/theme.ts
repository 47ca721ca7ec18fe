import { createTheme } from "@mui/material/styles";

/** Headings in a warm serif, text in the reader's own interface type: no font is fetched. */
const SERIF = '"Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Book Antiqua", Georgia, serif';
const SANS = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

/** Curry leaf, marigold, chilli and tin, on warm paper; by night on the green-black of a banana leaf. */
export const LIGHT = {
  primary: { main: "#14594a", light: "#3c8271", dark: "#0a3a30", contrastText: "#fffaf0" },
  secondary: { main: "#e59a13", light: "#f5bf57", dark: "#a86c02", contrastText: "#221704" },
  error: { main: "#b3301f", contrastText: "#fff7f3" },
  warning: { main: "#a85f00", contrastText: "#fffaf0" },
  success: { main: "#2f7a3d", contrastText: "#fffaf0" },
  info: { main: "#2c5f86", contrastText: "#fffaf0" },
  background: { default: "#f7f1e5", paper: "#fffcf5" },
  text: { primary: "#23201a", secondary: "#625a4c" },
  divider: "#e2d7c1",
};
export const DARK = {
  primary: { main: "#7fd1b4", light: "#a9e5cf", dark: "#4fa98b", contrastText: "#06231b" },
  secondary: { main: "#f5b942", light: "#ffd680", dark: "#c38d1c", contrastText: "#231703" },
  error: { main: "#ff8d78", contrastText: "#2b0802" },
  warning: { main: "#ffb960", contrastText: "#2a1800" },
  success: { main: "#8bd68f", contrastText: "#06230a" },
  info: { main: "#8dc3ea", contrastText: "#04192a" },
  background: { default: "#101815", paper: "#18231f" },
  text: { primary: "#f3ede0", secondary: "#b3b9ac" },
  divider: "#2c3a34",
};

/** The look of every Tiffin screen: light and dark by the reader's system, or by their own choice. */
export function makeTheme() {
  const heading = { fontFamily: SERIF, fontWeight: 700, letterSpacing: "-0.01em" };
  return createTheme({
    cssVariables: { colorSchemeSelector: "data" },
    colorSchemes: { light: { palette: LIGHT }, dark: { palette: DARK } },
    shape: { borderRadius: 12 },
    typography: {
      fontFamily: SANS,
      h1: { ...heading, fontSize: "clamp(2rem, 5vw, 3.25rem)", lineHeight: 1.05 },
      h2: { ...heading, fontSize: "clamp(1.6rem, 3.5vw, 2.25rem)", lineHeight: 1.1 },
      h3: { ...heading, fontSize: "1.5rem" },
      h4: { ...heading, fontSize: "1.25rem" },
      h5: { ...heading, fontSize: "1.1rem" },
      h6: { ...heading, fontSize: "1rem" },
      button: { textTransform: "none", fontWeight: 650 },
      overline: { letterSpacing: "0.09em", fontWeight: 700, lineHeight: 1.8 },
    },
    components: {
      MuiButton: {
        defaultProps: { disableElevation: true },
        styleOverrides: { root: { borderRadius: 999, minHeight: 44, paddingInline: 20 }, sizeSmall: { minHeight: 36 } },
      },
      MuiIconButton: { styleOverrides: { root: { minWidth: 44, minHeight: 44 } } },
      MuiDialogTitle: { styleOverrides: { root: { fontFamily: SERIF, fontSize: "1.5rem", fontWeight: 700 } } },
      MuiDialog: { styleOverrides: { paper: { borderRadius: 18 } } },
      MuiPaper: { styleOverrides: { root: { backgroundImage: "none" } } },
      MuiCard: {
        defaultProps: { variant: "outlined" },
        styleOverrides: { root: { borderRadius: 18 } },
      },
      MuiChip: { styleOverrides: { root: { fontWeight: 600 } } },
      MuiAppBar: { defaultProps: { elevation: 0, color: "inherit" } },
      MuiTextField: { defaultProps: { fullWidth: true } },
      MuiLink: { defaultProps: { underline: "hover" } },
    },
  });
}
