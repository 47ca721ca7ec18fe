import Box from "@mui/material/Box";
import { Marker } from "react-map-gl/maplibre";

import type { Point } from "#shared/contracts/geo.ts";
import type { Motion } from "#shared/domain/tracking/motion/motion.ts";

import { useMotion } from "./use-motion.ts";

export type PinKind = "restaurant" | "drop" | "courier";

const LOOK = {
  restaurant: {
    color: "primary.main",
    ink: "primary.contrastText",
    path: "M7 3v7a2 2 0 0 0 4 0V3M9 10v11M17 3c-2 1-3 4-3 7h3v11",
  },
  drop: { color: "error.main", ink: "error.contrastText", path: "M4 11 12 4l8 7v9h-5v-6H9v6H4z" },
  courier: {
    color: "secondary.main",
    ink: "secondary.contrastText",
    path: "M6 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6zm12 0a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM6 17l4-7h5l3 7M10 10 8 6h3",
  },
} as const;

export interface PinProps {
  readonly at: Point;
  /** Somebody under way: drawn on from there until the next word. */
  readonly motion?: Motion;
  readonly kind: PinKind;
  /** Said to those who do not see the map, and shown on hover. */
  readonly label: string;
  readonly selected?: boolean;
  readonly small?: boolean;
  readonly onClick?: () => void;
}

/** A place on the map, or somebody under way. */
export function Pin({ at, motion, kind, label, selected = false, small = false, onClick }: PinProps) {
  const place = useMotion(motion) ?? at;
  const zIndex = kind === "courier" ? 3 : selected ? 2 : 1;
  const part = onClick
    ? ({ component: "button", type: "button", onClick } as const)
    : ({ component: "div", role: "img" } as const);
  return (
    <Marker latitude={place.lat} longitude={place.lng} style={{ zIndex }}>
      <Box {...part} aria-label={label} title={label} sx={shapeOf(kind, small ? 26 : 36, selected)}>
        <Box component="svg" viewBox="0 0 24 24" aria-hidden>
          <path d={LOOK[kind].path} />
        </Box>
      </Box>
    </Marker>
  );
}

/** Couriers are round; places are drops whose tip stands on the place. */
function shapeOf(kind: PinKind, sizePx: number, selected: boolean) {
  const round = kind === "courier";
  return {
    width: sizePx,
    height: sizePx,
    p: 0,
    display: "grid",
    placeItems: "center",
    borderRadius: round ? "50%" : "50% 50% 50% 4px",
    bgcolor: LOOK[kind].color,
    color: LOOK[kind].ink,
    transform: round ? "none" : "translateY(-50%) rotate(-45deg)",
    border: "2.5px solid",
    borderColor: selected ? "text.primary" : "background.paper",
    boxShadow: "0 2px 8px rgb(0 0 0 / .35)",
    "&:is(button)": { cursor: "pointer" },
    "& svg": {
      width: sizePx * 0.56,
      transform: round ? "none" : "rotate(45deg)",
      fill: "none",
      stroke: "currentColor",
      strokeWidth: 2,
      strokeLinecap: "round",
      strokeLinejoin: "round",
    },
  };
}
