import Box from "@mui/material/Box";
import { Marker } from "react-map-gl/maplibre";

import type { Point } from "#shared/contracts/geo.ts";

import { useGlide } from "./use-glide.ts";

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
  readonly kind: PinKind;
  /** Said to those who do not see the map, and shown on hover. */
  readonly label: string;
  readonly selected?: boolean;
  readonly small?: boolean;
  readonly onClick?: () => void;
}

/** A place on the map. A courier's pin glides. */
export function Pin({ at, kind, label, selected = false, small = false, onClick }: PinProps) {
  const gliding = useGlide(kind === "courier" ? at : undefined);
  const place = gliding ?? at;
  const look = LOOK[kind];
  const size = small ? 26 : 36;
  return (
    <Marker latitude={place.lat} longitude={place.lng} style={{ zIndex: kind === "courier" ? 3 : selected ? 2 : 1 }}>
      <Box
        component={onClick ? "button" : "div"}
        type={onClick ? "button" : undefined}
        role={onClick ? undefined : "img"}
        aria-label={label}
        title={label}
        onClick={onClick}
        sx={{
          width: size,
          height: size,
          p: 0,
          display: "grid",
          placeItems: "center",
          cursor: onClick ? "pointer" : "default",
          borderRadius: kind === "courier" ? "50%" : "50% 50% 50% 4px",
          bgcolor: look.color,
          color: look.ink,
          transform: kind === "courier" ? "none" : "translateY(-50%) rotate(-45deg)",
          border: "2.5px solid",
          borderColor: selected ? "text.primary" : "background.paper",
          boxShadow: "0 2px 8px rgb(0 0 0 / .35)",
        }}
      >
        <Box
          component="svg"
          viewBox="0 0 24 24"
          aria-hidden
          sx={{
            width: size * 0.56,
            transform: kind === "courier" ? "none" : "rotate(45deg)",
            fill: "none",
            stroke: "currentColor",
            strokeWidth: 2,
            strokeLinecap: "round",
            strokeLinejoin: "round",
          }}
        >
          <path d={look.path} />
        </Box>
      </Box>
    </Marker>
  );
}
