import { useEffect, useMemo, useRef, useState } from "react";
import type { ErrorEvent, MapSourceDataEvent } from "react-map-gl/maplibre";

import { CITY_SOURCE } from "./expressions.ts";

/** Whether the city's tiles cannot be had just now. They are asked for again when the connection is back. */
export function useTilesAway() {
  const [isAway, setAway] = useState(false);
  const map = useRef<ErrorEvent["target"]>(undefined);

  useEffect(() => {
    if (!isAway) return undefined;
    const askAgain = () => map.current?.refreshTiles(CITY_SOURCE);
    addEventListener("online", askAgain);
    return () => removeEventListener("online", askAgain);
  }, [isAway]);

  return useMemo(
    () => ({
      isAway,
      onError: (event: ErrorEvent & { readonly sourceId?: string }) => {
        if (event.sourceId !== CITY_SOURCE) return;
        map.current = event.target;
        setAway(true);
      },
      onSourceData: ({ sourceId, tile }: MapSourceDataEvent) => {
        if (sourceId === CITY_SOURCE && tile?.state === "loaded") setAway(false);
      },
    }),
    [isAway],
  );
}
