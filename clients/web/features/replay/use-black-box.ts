import { useCallback, useEffect, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { BlackBox } from "#shared/contracts/black-box.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";
import { isLive } from "./frames.ts";

/** A live order is asked for again so often for its positions, wall ms; its events are heard. */
const AGAIN_MS = 4_000;

/** An order's black box, read again with each event of its stream (`seq`) and while it lives. */
export function useBlackBox(hub: HubClient | undefined, marketId: string, orderId: string, seq: number) {
  const [box, setBox] = useState<BlackBox>();
  const [failure, setFailure] = useState<Failure>();
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (!hub) return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let live = true;
    const ask = async () => {
      try {
        const next = await hub.command("order.black-box", { marketId, orderId });
        if (gone) return;
        setBox(next);
        setFailure(undefined);
        live = isLive(next);
      } catch (error) {
        if (!gone) setFailure(failureOf(error));
      } finally {
        if (live && !gone) timer = setTimeout(() => void ask(), AGAIN_MS);
      }
    };
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [hub, marketId, orderId, seq, again]);
  const refetch = useCallback(() => setAgain((count) => count + 1), []);
  return { box, failure, refetch };
}
