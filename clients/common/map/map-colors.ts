import { useColorScheme } from "@mui/material/styles";
import useMediaQuery from "@mui/material/useMediaQuery";

import { DARK, LIGHT } from "../theme.ts";

/** What the base map is drawn in. */
export interface MapPaint {
  readonly paper: string;
  readonly grid: string;
  readonly sea: string;
  readonly water: string;
  readonly park: string;
  readonly grass: string;
  readonly wood: string;
  readonly pitch: string;
  readonly sand: string;
  readonly cemetery: string;
  readonly school: string;
  readonly hospital: string;
  readonly industrial: string;
  readonly square: string;
  readonly building: string;
  readonly buildingEdge: string;
  readonly rail: string;
  readonly path: string;
  readonly street: string;
  readonly streetEdge: string;
  readonly main: string;
  readonly mainEdge: string;
  /** Of main streets and motorways from afar, where they have no edges. */
  readonly mainFar: string;
  readonly motorwayFar: string;
  readonly motorway: string;
  readonly motorwayEdge: string;
  readonly halo: string;
  readonly streetName: string;
  readonly mainName: string;
  readonly town: string;
  readonly quarter: string;
  readonly parkName: string;
  readonly waterName: string;
  readonly place: string;
  readonly food: string;
  readonly number: string;
}

/** Warm paper, white streets, main roads in marigold. */
export const DAY: MapPaint = {
  paper: "#f3ebdb",
  grid: "#e2d6bb",
  sea: "#a7cdd6",
  water: "#a7cdd6",
  park: "#cfe0b8",
  grass: "#dbe5c4",
  wood: "#c0d6a8",
  pitch: "#bfdaa9",
  sand: "#f4e4b8",
  cemetery: "#d5dcc1",
  school: "#f1e3c6",
  hospital: "#f4ddd3",
  industrial: "#e9e1d3",
  square: "#f9f4e8",
  building: "#e6dac3",
  buildingEdge: "#d8c9ab",
  rail: "#bfb29a",
  path: "#d9c8a5",
  street: "#fffdf8",
  streetEdge: "#e0d3b9",
  main: "#fcebc4",
  mainEdge: "#dfc285",
  mainFar: "#ecd29b",
  motorwayFar: "#e3b864",
  motorway: "#f7d48d",
  motorwayEdge: "#d3a24a",
  halo: "#fffaf0",
  streetName: "#6b6150",
  mainName: "#5a4a29",
  town: "#2c2820",
  quarter: "#7a6a4c",
  parkName: "#44703c",
  waterName: "#356f83",
  place: "#6d6353",
  food: "#a3630a",
  number: "#96876b",
};

/** The green-black of a banana leaf by night, lit streets. */
export const NIGHT: MapPaint = {
  paper: "#141f1b",
  grid: "#22302a",
  sea: "#0b2029",
  water: "#0d2630",
  park: "#18301f",
  grass: "#182a1f",
  wood: "#15291b",
  pitch: "#1c3725",
  sand: "#29291c",
  cemetery: "#1a2b22",
  school: "#1c2822",
  hospital: "#2a2523",
  industrial: "#18221e",
  square: "#1d2a25",
  building: "#1b2823",
  buildingEdge: "#24342d",
  rail: "#3a4942",
  path: "#33443c",
  street: "#30413a",
  streetEdge: "#0f1714",
  main: "#4d482f",
  mainEdge: "#141a14",
  mainFar: "#4a4936",
  motorwayFar: "#6b5a31",
  motorway: "#6b5628",
  motorwayEdge: "#171a12",
  halo: "#101815",
  streetName: "#9faea3",
  mainName: "#d2c7a0",
  town: "#f3ede0",
  quarter: "#93a597",
  parkName: "#7fb287",
  waterName: "#6ea7bd",
  place: "#93a198",
  food: "#d9a94f",
  number: "#6f7f76",
};

/** Whether the page is shown in its dark colours. */
export function useNight(): boolean {
  const { mode, systemMode } = useColorScheme();
  const prefersDark = useMediaQuery("(prefers-color-scheme: dark)");
  return mode === "dark" || (mode !== "light" && (systemMode === "dark" || prefersDark));
}

/** Colours for layers: MapLibre draws on a canvas and knows no CSS variables. */
export function useMapColors() {
  const night = useNight();
  const palette = night ? DARK : LIGHT;
  const { paper, grid } = night ? NIGHT : DAY;
  return {
    paper,
    line: grid,
    primary: palette.primary.main,
    secondary: palette.secondary.main,
    ink: palette.text.secondary,
  };
}
