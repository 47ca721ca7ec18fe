import { useEffect, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { PositionFrame } from "#shared/contracts/streams.ts";

/** The newest position of the courier who carries the order; undefined before the first and without an order. */
export function usePosition(hub: HubClient | undefined, orderId: string | undefined): PositionFrame | undefined {
  const [position, setPosition] = useState<PositionFrame>();
  useEffect(() => {
    setPosition(undefined);
    if (!hub || orderId === undefined) return undefined;
    return hub.onPosition((frame) => {
      if (frame.orderId !== orderId) return;
      setPosition((before) => (before && before.takenAtMs >= frame.takenAtMs ? before : frame));
    });
  }, [hub, orderId]);
  return position;
}
