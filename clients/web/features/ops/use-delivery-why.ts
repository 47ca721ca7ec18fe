import { useEffect, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { DeliveryReason } from "#shared/contracts/dispatch.ts";

/** A delivery that waits is decided about anew every few seconds, and no event tells of it, wall ms. */
const AGAIN_MS = 5_000;

/** Why a delivery stands as it does, asked again with each event of its order (`seq`) and meanwhile; the last answer stays. */
export function useDeliveryWhy(hub: HubClient | undefined, marketId: string, deliveryId: string, seq: number) {
  const [why, setWhy] = useState<DeliveryReason>();
  useEffect(() => {
    if (!hub) return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const next = await hub.command("delivery.why", { marketId, deliveryId });
        if (!gone) setWhy(next);
      } catch {
        // Asked again: the rest of the drawer says what is wrong.
      } finally {
        if (!gone) timer = setTimeout(() => void ask(), AGAIN_MS);
      }
    };
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [hub, marketId, deliveryId, seq]);
  return why;
}
