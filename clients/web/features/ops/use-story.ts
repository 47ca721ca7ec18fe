import { useCallback, useEffect, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";

/** The order's whole story, asked again with each event of its stream (`seq`). */
export function useStory(hub: HubClient | undefined, marketId: string, orderId: string, seq: number) {
  const [story, setStory] = useState<CommandOutput<"order.story">>();
  const [failure, setFailure] = useState<Failure>();
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (!hub) return undefined;
    let gone = false;
    hub.command("order.story", { marketId, orderId }).then(
      (next) => {
        if (gone) return;
        setStory(next);
        setFailure(undefined);
      },
      (error: unknown) => {
        if (!gone) setFailure(failureOf(error));
      },
    );
    return () => {
      gone = true;
    };
  }, [hub, marketId, orderId, seq, again]);
  const refetch = useCallback(() => setAgain((count) => count + 1), []);
  return { story, failure, refetch };
}
