import Box from "@mui/material/Box";
import { lazy, Suspense } from "react";

import type { RideMapProps } from "./ride-map.tsx";

/** The map library is four times the rest of the app: what must be read and pressed does not wait for it. */
const RideMap = lazy(async () => ({ default: (await import("./ride-map.tsx")).RideMap }));

/** A {@link RideMap} that keeps its room while it is being fetched. */
export function LazyRideMap(props: RideMapProps) {
  return (
    <Suspense fallback={<Box sx={{ height: props.height, bgcolor: "background.default" }} />}>
      <RideMap {...props} />
    </Suspense>
  );
}
