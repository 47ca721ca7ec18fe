import MyLocationIcon from "@mui/icons-material/MyLocation";
import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import { useState } from "react";

import type { Point } from "#shared/contracts/geo.ts";

/** A phone that finds no sky in so long says so, wall ms. */
const PATIENCE_MS = 15_000;

/** Asks the browser where it is, when somebody wants that. */
export function MyLocation({ onPoint }: { readonly onPoint: (point: Point) => void }) {
  const [state, setState] = useState<"idle" | "asking" | "denied" | "lost">("idle");
  // Browsers give a page without TLS none.
  const geolocation = "geolocation" in navigator ? navigator.geolocation : undefined;
  if (!geolocation) return null;
  const ask = () => {
    setState("asking");
    geolocation.getCurrentPosition(
      ({ coords }) => {
        setState("idle");
        onPoint({ lat: coords.latitude, lng: coords.longitude });
      },
      (error) => setState(error.code === error.PERMISSION_DENIED ? "denied" : "lost"),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  };
  return (
    <>
      <Button
        startIcon={<MyLocationIcon />}
        loading={state === "asking"}
        onClick={ask}
        sx={{ alignSelf: "flex-start" }}
      >
        Use my location
      </Button>
      {(state === "denied" || state === "lost") && (
        <Alert severity="info">
          {state === "denied"
            ? "This browser may not tell where you are: type your address, or click on the map."
            : "Your location cannot be found just now: type your address, or click on the map."}
        </Alert>
      )}
    </>
  );
}
