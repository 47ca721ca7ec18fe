import { useEffect, useRef } from "react";

import type { Point } from "#shared/contracts/geo.ts";

import { useServices } from "../../app/services.ts";

export interface PointName {
  readonly ask: (point: Point) => void;
  /** Whatever was asked is not wanted any more. */
  readonly forget: () => void;
}

/**
 * Asks what points are called, the newest alone; "" far from everything. Without an answer, or where no addresses are known
 * at all, nobody is told: the words stay as they are.
 */
export function usePointName(marketId: string, onName: (line: string) => void): PointName {
  const { apis } = useServices();
  const asking = useRef<AbortController>(undefined);
  const tell = useRef(onName);
  useEffect(() => {
    tell.current = onName;
  });
  useEffect(() => () => asking.current?.abort(), []);
  const forget = () => asking.current?.abort();
  const ask = ({ lat, lng }: Point) => {
    forget();
    const mine = new AbortController();
    asking.current = mine;
    void apis.customer.call("places.reverse", { marketId, lat, lng }, { signal: mine.signal }).then(
      ({ place, attribution }) => {
        if (attribution !== null && !mine.signal.aborted) tell.current(place?.line ?? "");
      },
      () => undefined,
    );
  };
  return { ask, forget };
}
